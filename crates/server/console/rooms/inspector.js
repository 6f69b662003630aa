// Every webhook, live: a list to filter and search, and beside it one of them, whole.

import { html, useMemo, useState } from '../vendor/preact-htm.js';
import { t, took } from '../lib/i18n.js';
import { useHooks, spent } from '../lib/hooks.js';
import { go, href } from '../lib/router.js';
import { WEBHOOK_TONES, webhookStatus } from '../lib/words.js';
import { Choice, Empty, Pill, Room, Search, Select, Time } from '../ui/parts.js';
import { Virtual } from '../ui/virtual.js';
import { Compare } from './inspector/compare.js';
import { Detail, isFallback } from './inspector/detail.js';

/** @param {{parts: string[]}} p */
export default function Inspector({ parts }) {
  const { list, older, loading, more } = useHooks();
  const [words, setWords] = useState(new URLSearchParams(location.search).get('q') ?? '');
  const [kind, setKind] = useState('');
  const [status, setStatus] = useState('');
  const [marked, setMarked] = useState(/** @type {string | null} */ (null));
  const sid = parts[0];
  // Who was looked at with these words need not be looked at again, when others come.
  const judged = useMemo(() => new WeakMap(), [words, kind, status]);
  const found = useMemo(() => {
    const needles = words.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (/** @type {any} */ one) => (!kind || one.kind === kind) && (!status || (status === 'problem' ? troubled(one) : one.status === status)) && needles.every((needle) => one.text.includes(needle));
    if (!needles.length && !kind && !status) return list;
    return list.filter((one) => {
      if (!judged.has(one)) judged.set(one, fits(one));
      return judged.get(one);
    });
  }, [list, judged]);
  // A search or filter looks in what is loaded, and loads on while it is there.
  if ((words || kind || status) && more) void older();
  const chosen = list.find((one) => one.sid === sid);
  // What was asked instead when this failed, or for which failure this was asked instead.
  const kin = chosen && list.find((one) => one.resource_sid === chosen.resource_sid && one.sid !== chosen.sid && ((isFallback(one) && one.parameters.ErrorUrl === chosen.url && one.url === chosen.fallback_url) || (isFallback(chosen) && chosen.parameters.ErrorUrl === one.url && one.fallback_url === chosen.url)));
  const other = marked && marked !== sid ? list.find((one) => one.sid === marked) : null;
  const step = (/** @type {KeyboardEvent} */ e) => {
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[e.key];
    if (!by || !found.length) return;
    e.preventDefault();
    const at = found.findIndex((one) => one.sid === sid);
    const next = found[Math.max(0, Math.min(found.length - 1, at + by))];
    go(href('inspector', next.sid), true);
    const box = /** @type {HTMLElement} */ (e.currentTarget);
    const top = found.indexOf(next) * ROW;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + ROW - box.clientHeight;
  };
  const intro = html`<span class="dim small num" aria-live="polite">${t('inspect.count', { n: found.length })}${more ? '+' : ''}</span>`;
  return html`<${Room} title=${t('room.inspector')} intro=${intro} flush>
    <div class="split ${sid ? 'has-detail' : ''}">
      <div class="list">
        <div class="bar">
          <${Search} label=${t('inspect.search')} value=${words} onValue=${setWords} />
          <div class="row grow">
            <${Choice} label=${t('inspect.kind')} value=${kind} onValue=${setKind} options=${[['', t('inspect.all')], ['ask', t('inspect.asks')], ['tell', t('inspect.tells')]]} />
            <label class="grow"><span class="sr">${t('inspect.status')}</span><${Select} value=${status} onValue=${setStatus} options=${[['', t('inspect.any')], ['problem', t('inspect.troubled')], ...['waiting', 'running', 'done', 'failed', 'dead'].map((one) => [one, webhookStatus(one)])]} /></label>
          </div>
        </div>
        ${found.length
          ? html`<${Virtual} items=${found} height=${ROW} keyOf=${(/** @type {any} */ one) => one.sid} same=${[sid, marked]} about=${`${words} ${kind} ${status}`} onEnd=${older} label=${t('room.inspector')} onKeyDown=${step} row=${(/** @type {any} */ one) => html`<${Row} hook=${one} current=${one.sid === sid} marked=${one.sid === marked} />`} />`
          : !loading && html`<${Empty} icon="inspect" title=${words || kind || status ? t('inspect.nothing') : t('inspect.empty')}>${words || kind || status ? '' : t('inspect.empty.text')}</${Empty}>`}
      </div>
      <div class="detail" tabindex="0" role="region" aria-label=${t('inspect.detail')}>
        ${chosen && other
          ? html`<${Compare} left=${other} right=${chosen} onClose=${() => setMarked(null)} />`
          : chosen
            ? html`<${Detail} key=${chosen.sid} hook=${chosen} kin=${kin} marked=${marked === sid} onMark=${() => setMarked(marked === sid ? null : sid)} />`
            : html`<${Empty} icon="inspect" title=${loading ? t('loading') : t('inspect.choose')}>${t('inspect.choose.text')}</${Empty}>`}
      </div>
    </div>
  </${Room}>`;
}

const ROW = 62;

/** @param {any} hook */
const troubled = (hook) => ['failed', 'dead'].includes(hook.status) || hook.problems.length > 0 || hook.attempts.length > 1;

/** What is new in a row, at a glance: whether it is well, what was asked, where, how long it took.
 * @param {any} p */
function Row({ hook, current, marked }) {
  const last = hook.attempts[hook.attempts.length - 1];
  const code = last?.status ?? last?.error?.code ?? '';
  const path = pathOf(hook.url);
  const hint = hook.parameters.Body || hook.parameters.MessageStatus || hook.parameters.CallStatus || hook.parameters.Digits || '';
  return html`<a class="rowbtn hook" href=${href('inspector', hook.sid)} aria-current=${current ? 'true' : undefined} tabindex="-1">
    <span class="top"><span class="lamp hook-${hook.status} ${hook.problems.some((/** @type {any} */ one) => one.level === 'error') ? 'hook-problem' : hook.problems.length ? 'hook-warned' : ''}"></span><span class="mono method">${hook.method}</span><span class="mono cut grow">${path}</span>${marked && html`<${Pill} tone="calm">A</${Pill}>`}${code ? html`<${Pill} tone=${last?.status && last.status < 400 ? 'good' : 'bad'}>${code}</${Pill}>` : html`<${Pill} tone=${WEBHOOK_TONES[hook.status]}>${webhookStatus(hook.status)}</${Pill}>`}</span>
    <span class="under"><span>${hook.kind === 'ask' ? t('inspect.ask') : t('inspect.tell')}</span><span class="cut grow">${hook.purpose}${hint ? ` · ${[hint].flat()[0]}` : ''}</span><span class="num">${hook.attempts.length ? took(spent(hook)) : ''}</span><${Time} date=${last?.started_at ?? hook.date_created} /></span>
  </a>`;
}

/** @param {string} url */
function pathOf(url) {
  try {
    const read = new URL(url);
    return read.host + (read.pathname === '/' ? '' : read.pathname) + read.search;
  } catch {
    return url;
  }
}
