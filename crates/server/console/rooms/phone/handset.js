// One handset: its face, and which of its sides is up.

import { html, useEffect, useMemo, useRef, useState } from '../../vendor/preact-htm.js';
import { t } from '../../lib/i18n.js';
import { get, phone, post } from '../../lib/api.js';
import { useLive } from '../../lib/events.js';
import { memory } from '../../lib/memory.js';
import { attempt, say } from '../../ui/announce.js';
import { Button, Choice, Pill, Trouble } from '../../ui/parts.js';
import { Icon } from '../../ui/icons.js';
import { isLive } from '../../lib/words.js';
import { ring } from '../../lib/audio.js';
import { Behaviour } from './behaviour.js';
import { CallScreen } from './call.js';
import { Conversation } from './conversation.js';
import { Keypad } from './keypad.js';

/** @param {any} p */
export function Handset({ address, numbers, others, onRemove }) {
  const [side, setSide] = useState('texts');
  const [behaving, setBehaving] = useState(false);
  const [peer, setPeer] = useState(memory.get(`peer.${address}`, ''));
  const face = useLive(() => get(phone(address)), ['phone.'], [address]);
  const calls = useLive(async () => (await get(`${phone(address)}/Calls?PageSize=20`)).calls, ['call.'], [address]);
  // On WhatsApp both ends are WhatsApp's.
  const channel = address.startsWith('whatsapp:') ? 'whatsapp:' : '';
  const peers = channel ? numbers.map((/** @type {string} */ one) => channel + one) : numbers;
  const to = peers.includes(peer) || peer.startsWith(`${channel}+`) ? peer : peers[0] ?? '';
  const live = (calls.value ?? []).filter((/** @type {any} */ one) => isLive(one.status));
  const [shown, setShown] = useState(/** @type {string | null} */ (null));
  // The call on the screen stays there after its end, until it is put away.
  const call = (calls.value ?? []).find((/** @type {any} */ one) => one.sid === shown) ?? live[0] ?? null;
  const liveStates = live.map((/** @type {any} */ one) => one.sid + one.status).join();
  const known = useRef(/** @type {Set<string>} */ (new Set()));
  useEffect(() => {
    for (const one of live) {
      if (!known.current.has(one.sid)) {
        known.current.add(one.sid);
        setShown(one.sid);
      }
      // It may have been seen before it rang.
      const rings = `${one.sid} rings`;
      if (one.way === 'incoming' && one.status === 'ringing' && !known.current.has(rings)) {
        known.current.add(rings);
        say(t('say.call', { to: address, from: one.from }));
        void ring();
      }
    }
  }, [liveStates]);
  const choose = (/** @type {string} */ typed) => {
    const next = channel && /^\+\d/.test(typed) ? channel + typed : typed;
    memory.set(`peer.${address}`, next);
    setPeer(next);
  };
  const dial = async (/** @type {string} */ number) => {
    const made = await attempt(() => post(`${phone(address)}/Calls`, { To: number }));
    if (made) setShown(made.sid);
  };
  const usual = face.value && face.value.on_call === 'ring' && face.value.on_message === 'deliver' && !face.value.error_code && !face.value.service_window;
  return html`<section class="handset" aria-label=${t('phone.of', { address })}>
    <header>
      <div class="speaker" aria-hidden="true"></div>
      <div class="row">
        <h2 class="num grow cut" title=${address}>${channel && html`<${Pill} tone="good">WhatsApp</${Pill}> `}${address.replace(channel, '')}${face.value?.profile_name && html` <span class="small dim">${face.value.profile_name}</span>`}</h2>
        <${Button} icon="settings" small kind=${usual ? 'quiet' : ''} label=${t('phone.behaviour')} aria-pressed=${String(behaving)} onClick=${() => setBehaving(!behaving)} />
        ${onRemove && html`<${Button} icon="close" small kind="quiet" label=${t('phone.remove', { address })} onClick=${onRemove} />`}
      </div>
      ${face.value && !usual && !behaving && html`<p class="mood"><${Mood} face=${face.value} /></p>`}
    </header>
    ${call && !behaving
      ? html`<${CallScreen} key=${call.sid} address=${address} call=${call} onDone=${() => setShown('')} onDial=${dial} more=${live.length > 1 ? live.length - 1 : 0} />`
      : behaving
        ? html`<${Behaviour} address=${address} face=${face.value} onClose=${() => setBehaving(false)} />`
        : html`<div class="peer row">
              <${Choice} label=${t('phone.side')} value=${side} onValue=${setSide} options=${[['texts', t('phone.texts')], ...(channel ? [] : [['dial', t('phone.dial')]])]} />
              <${Peer} value=${to} onValue=${choose} numbers=${peers} />
            </div>
            ${side === 'texts'
              ? html`<${Conversation} address=${address} peer=${to} onCall=${channel ? null : () => dial(to)} />`
              : html`<${Keypad} to=${to} calls=${calls.value ?? []} onDial=${dial} onPut=${choose} onShow=${setShown} />`}`}
    <${Trouble} error=${face.error} />
  </section>`;
}

/** @param {any} p */
function Peer({ value, onValue, numbers }) {
  const id = useMemo(() => `peers-${Math.random().toString(36).slice(2)}`, []);
  return html`<label class="grow"><span class="sr">${t('phone.with')}</span>
    <input class="in num" list=${id} value=${value} inputmode="tel" placeholder=${t('phone.with')} onChange=${(/** @type {any} */ e) => onValue(e.target.value.trim())} />
    <datalist id=${id}>${numbers.map((/** @type {string} */ one) => html`<option value=${one} />`)}</datalist></label>`;
}

/** What is unusual about it. @param {any} p */
function Mood({ face }) {
  /** @type {Record<string, string>} */
  const calls = { ring: '', answer: t('mood.answer'), busy: t('mood.busy'), 'no-answer': t('mood.noanswer'), reject: t('mood.reject'), machine: t('mood.machine'), unreachable: t('mood.unreachable') };
  /** @type {Record<string, string>} */
  const texts = { deliver: '', undelivered: t('mood.undelivered'), fail: t('mood.fail'), silent: t('mood.silent') };
  const words = [calls[face.on_call], texts[face.on_message]].filter(Boolean);
  if (face.service_window) words.push(t('mood.window'));
  if (face.error_code) words.push(String(face.error_code));
  return html`<${Icon} name="warn" size=${14} /> ${words.join(' · ')}`;
}
