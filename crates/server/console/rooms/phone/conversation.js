// Texts of a handset with one number, as a conversation; and writing one.

import { html, useEffect, useMemo, useRef, useState } from '../../vendor/preact-htm.js';
import { day, hourMinute, t } from '../../lib/i18n.js';
import { get, phone, post, relative } from '../../lib/api.js';
import { useEvents } from '../../lib/events.js';
import { segment } from '../../lib/segments.js';
import { messageStatus } from '../../lib/words.js';
import { attempt, say } from '../../ui/announce.js';
import { Icon } from '../../ui/icons.js';
import { Button, Empty } from '../../ui/parts.js';
import { Virtual } from '../../ui/virtual.js';
import { Media, Tray, useAttachments } from './media.js';

/** Texts kept on the page. */
const KEPT_MAX = 10_000;

/** The handset's texts with `peer`, oldest first; older ones come when asked for.
 * @param {string} address @param {string} peer */
function useTexts(address, peer) {
  const [texts, set] = useState(/** @type {any[]} */ ([]));
  const state = useRef({ next: '', busy: false, again: false, gone: false, first: true, seen: new Set() });
  const merge = (/** @type {any[]} */ found) => {
    set((was) => {
      const all = new Map(was.map((one) => [one.sid, one]));
      for (const one of found) if (one.from === peer || one.to === peer) all.set(one.sid, one);
      return [...all.values()].sort((a, b) => (a.sid.slice(2) < b.sid.slice(2) ? -1 : 1)).slice(-KEPT_MAX);
    });
  };
  const fresh = async () => {
    const s = state.current;
    if (s.busy) return void (s.again = true);
    s.busy = true;
    do {
      s.again = false;
      try {
        const page = await get(`${phone(address)}/Messages?PageSize=${s.first ? 100 : 50}`);
        if (s.gone) return;
        if (s.first) s.next = page.meta.next_page_url ?? '';
        if (!s.first) {
          for (const one of page.messages) if (one.direction === 'received' && one.from === peer && Date.parse(one.date_created) > Date.now() - 5000 && !s.seen.has(one.sid)) say(t('say.text', { from: one.from, body: one.body }));
        }
        s.seen = new Set(page.messages.map((/** @type {any} */ one) => one.sid));
        s.first = false;
        merge(page.messages);
      } catch {
        // The connection broke, or the house is not there: once more in a while.
        setTimeout(() => !s.gone && void fresh(), 1500);
      }
    } while (s.again && !s.gone);
    s.busy = false;
  };
  const older = async () => {
    const s = state.current;
    if (!s.next || s.busy) return;
    s.busy = true;
    try {
      const page = await get(relative(s.next));
      s.next = page.meta.next_page_url ?? '';
      merge(page.messages);
    } finally {
      s.busy = false;
    }
  };
  useEffect(() => {
    const s = state.current;
    s.gone = false;
    void fresh();
    return () => void (s.gone = true);
  }, []);
  useEvents((event) => {
    if (event.name === 'message.deleted') set((was) => was.filter((one) => one.sid !== event.data.sid));
    else if (event.name === 'house.reset') set([]);
    else if (event.name.startsWith('message.') || event.name === 'house.gap') void fresh();
  });
  return { texts, older };
}

/** What is being written stays, whoever it is for. @param {any} p */
export function Conversation({ address, peer, onCall }) {
  return html`<div class="conversation">
    <${Thread} key=${peer} address=${address} peer=${peer} />
    <${Compose} address=${address} peer=${peer} onCall=${onCall} />
  </div>`;
}

/** @param {any} p */
function Thread({ address, peer }) {
  const { texts, older } = useTexts(address, peer);
  const days = useMemo(() => {
    let last = '';
    return new Set(texts.filter((one) => {
      const now = one.date_created.slice(0, 10);
      const first = now !== last;
      last = now;
      return first;
    }).map((one) => one.sid));
  }, [texts]);
  return texts.length
    ? html`<${Virtual} items=${texts} height=${64} measured stick keyOf=${(/** @type {any} */ one) => one.sid} same=${[days]} onStart=${older} label=${t('phone.conversation', { peer })} className="thread" row=${(/** @type {any} */ one) => html`<${Text} text=${one} first=${days.has(one.sid)} />`} />`
    : html`<${Empty} icon="service" title=${t('phone.quiet')}>${t('phone.quiet.text', { peer: peer || '…' })}</${Empty}>`;
}

/** @param {any} p */
function Text({ text, first }) {
  const mine = text.direction === 'sent';
  const lost = text.direction === 'not-received';
  const reader = text.direction === 'received' && text.to.startsWith('whatsapp:') && text.status === 'delivered';
  return html`<div class="text ${mine ? 'mine' : 'theirs'} ${lost ? 'lost' : ''}">
    ${first && html`<p class="day">${day(text.date_created)}</p>`}
    ${text.media.map((/** @type {any} */ one) => html`<${Media} key=${one.url} media=${one} from=${text.from} />`)}
    ${(text.body || !text.media.length) && html`<div class="bubble ${mine ? 'mine' : 'theirs'}"><span class="break">${text.body}</span></div>`}
    <p class="meta"><${Ticks} text=${text} mine=${mine} />${Number(text.num_segments) > 1 && html`<span>${t('segments', { n: Number(text.num_segments) })}</span>`}<time class="num">${hourMinute(text.date_created)}</time>${reader && html`<button type="button" class="quietlink" onClick=${() => attempt(() => post(`${phone(text.to)}/Messages/${text.sid}/Read`))}>${t('phone.read')}</button>`}</p>
  </div>`;
}

/** @param {any} p */
function Ticks({ text, mine }) {
  const failed = ['failed', 'undelivered', 'canceled'].includes(text.status);
  const done = ['delivered', 'received', 'read'].includes(text.status);
  const name = failed ? 'warn' : done ? 'checks' : text.status === 'sent' ? 'check' : 'clock';
  return html`<span class="tick ${failed ? 'bad' : text.status === 'read' ? 'read' : done ? 'good' : ''}"><${Icon} name=${name} size=${14} />${mine && text.status === 'received' ? t('sms.sent') : messageStatus(text.status)}${text.error_code ? html` <span class="mono">${text.error_code}</span>` : ''}</span>`;
}

/** @param {any} p */
function Compose({ address, peer, onCall }) {
  const [body, setBody] = useState('');
  const [tray, setTray] = useState(false);
  const [link, setLink] = useState('');
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const files = useAttachments(address);
  // Sent before it was known to whom, or before its files were there: it goes as soon as it can.
  const [waits, setWaits] = useState(false);
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const cost = segment(body);
  const media = [...files.urls, ...(link ? [link] : [])];
  const something = Boolean(body || media.length || files.waits);
  const send = async (/** @type {Event | undefined} */ event) => {
    event?.preventDefault();
    if (!something || busy || files.bad) return;
    setWaits(!peer || files.waits);
    if (!peer || files.waits) return;
    setBusy(true);
    const made = await attempt(() => post(`${phone(address)}/Messages`, { To: peer, Body: body, ...(media.length ? { MediaUrl: media } : {}) }));
    setBusy(false);
    if (made) {
      setBody('');
      setLink('');
      setTray(false);
      files.clear();
      if (area.current) area.current.style.height = '';
    }
    area.current?.focus();
  };
  useEffect(() => {
    if (waits && peer && !files.waits) void send(undefined);
  }, [waits, peer, files.waits]);
  const keys = (/** @type {KeyboardEvent} */ e) => {
    if (e.key === 'Enter' && !e.shiftKey && !e.isComposing) void send(e);
  };
  const typed = (/** @type {any} */ e) => {
    setBody(e.target.value);
    e.target.style.height = 'auto';
    e.target.style.height = `${Math.min(e.target.scrollHeight, 140)}px`;
  };
  const attach = (/** @type {any} */ e, /** @type {DataTransfer | null} */ from) => {
    if (!from?.files.length) return;
    e.preventDefault();
    files.add([...from.files]);
    setTray(true);
  };
  const drag = (/** @type {DragEvent} */ e) => {
    if (!e.dataTransfer?.types.includes('Files')) return;
    e.preventDefault();
    setOver(true);
  };
  return html`<form class="compose ${over ? 'over' : ''}" onSubmit=${send} onDragOver=${drag} onDragLeave=${() => setOver(false)} onDrop=${(/** @type {DragEvent} */ e) => { setOver(false); attach(e, e.dataTransfer); }}>
    ${tray && html`<${Tray} files=${files} link=${link} onLink=${setLink} onClose=${() => { setTray(false); setLink(''); files.clear(); }} />`}
    <div class="row">
      <${Button} icon="attach" kind="quiet" label=${t('media.attach')} aria-expanded=${String(tray)} onClick=${() => setTray(!tray)} />
      <label class="grow"><span class="sr">${t('phone.text')}</span><textarea ref=${area} rows="1" class="in" maxlength="1600" placeholder=${t('phone.text')} value=${body} onInput=${typed} onKeyDown=${keys} onPaste=${(/** @type {ClipboardEvent} */ e) => attach(e, e.clipboardData)}></textarea></label>
      ${something || tray || !onCall ? html`<button class="btn main icon" aria-label=${t('send')} title=${t('send')} disabled=${busy || !peer || !something || files.bad}><${Icon} name="send" /></button>` : html`<${Button} icon="call" label=${t('phone.callnow', { peer })} disabled=${!peer} onClick=${onCall} />`}
    </div>
    <p class="cost num" aria-live="off">${body ? html`<b>${cost.encoding}</b> · ${t('segments', { n: cost.segments })} · ${t('phone.left', { n: cost.left })}` : html`\u00a0`}</p>
  </form>`;
}
