// One webhook, whole: what was sent and why it was signed so, each attempt, what came back.

import { html, useEffect, useState } from '../../vendor/preact-htm.js';
import { t, took } from '../../lib/i18n.js';
import { get, post } from '../../lib/api.js';
import { curl, spent } from '../../lib/hooks.js';
import { go, href } from '../../lib/router.js';
import { current } from '../../lib/session.js';
import { sign, signedText } from '../../lib/signature.js';
import { WEBHOOK_TONES, webhookStatus } from '../../lib/words.js';
import { attempt } from '../../ui/announce.js';
import { Answer } from '../../ui/code.js';
import { Icon } from '../../ui/icons.js';
import { Button, Copy, Note, Pairs, Pill, Time } from '../../ui/parts.js';
import { Replay } from './replay.js';

/** @param {any} p */
export function Detail({ hook, kin, marked, onMark }) {
  const [editing, setEditing] = useState(false);
  const again = async () => {
    const made = await attempt(() => post(`/offhook/v1/Webhooks/${hook.sid}/Replay`), t('inspect.replayed'));
    if (made) go(href('inspector', made.sid));
  };
  const type = headerOf(hook.response?.headers, 'content-type');
  const late = hook.attempts.length > 1;
  return html`<article class="stack loose">
    <header class="stack tight">
      <div class="row wrap">
        <a class="btn quiet small back" href=${href('inspector')}><${Icon} name="back" size=${16} />${t('back')}</a>
        <${Pill} tone=${WEBHOOK_TONES[hook.status]}>${webhookStatus(hook.status)}</${Pill}>
        <${Pill}>${hook.kind === 'ask' ? t('inspect.ask') : t('inspect.tell')} · ${hook.purpose}</${Pill}>
        ${isFallback(hook) && html`<${Pill} tone="wait">${t('why.fallback')}</${Pill}>`}
        ${hook.late && html`<${Pill} tone="wait">${t('inspect.late')}</${Pill}>`}
        <span class="small dim"><${Time} date=${hook.attempts[0]?.started_at ?? hook.date_created} />${hook.attempts.length ? html` · <span class="num">${took(spent(hook))}</span>` : ''}</span>
      </div>
      <h2 class="url mono break"><b>${hook.method}</b> ${hook.url}</h2>
      <div class="row wrap">
        <${Button} icon="replay" kind="main" small onClick=${again}>${t('inspect.replay')}</${Button}>
        <${Button} icon="edit" small onClick=${() => setEditing(true)}>${t('inspect.edit')}</${Button}>
        <${Copy} text=${curl(hook)} kind="" label=${t('inspect.curl')}>${t('inspect.curl')}</${Copy}>
        <${Button} icon="compare" small aria-pressed=${String(marked)} onClick=${onMark}>${marked ? t('inspect.marked') : t('inspect.compare')}</${Button}>
        <${Resource} sid=${hook.resource_sid} />
      </div>
    </header>
    ${kin && html`<p class="small"><${Icon} name="right" size=${14} /> <a class="mono break" href=${href('inspector', kin.sid)}>${isFallback(hook) ? t('inspect.failedfirst', { url: kin.url }) : t('inspect.fellback', { url: kin.url })}</a></p>`}
    ${marked && html`<${Note} icon="compare">${t('inspect.pick')}</${Note}>`}
    <${Part} title=${t('inspect.answer')} extra=${hook.response && html`<${Pill} tone=${hook.response.status < 400 ? 'good' : 'bad'}>${hook.response.status}</${Pill}>${type && html`<span class="small dim mono">${type}</span>`}`}>
      ${hook.response
        ? html`<${Answer} body=${hook.response.body ?? ''} type=${type} problems=${hook.problems} />${hook.response.truncated && html`<${Note} tone="wait">${t('inspect.cut')}</${Note}>`}
          <details><summary>${t('inspect.answerheaders')}</summary><${Pairs} values=${hook.response.headers} /></details>`
        : html`<p class="dim small">${t('inspect.noanswer')}</p>${hook.problems.map((/** @type {any} */ one) => html`<${Note} tone="bad"><b class="mono">${one.code}</b> ${one.message}</${Note}>`)}`}
    </${Part}>
    <${Part} title=${t('inspect.parameters')} extra=${html`<span class="small dim num">${Object.keys(hook.parameters).length}</span>`}><${Pairs} values=${hook.parameters} /></${Part}>
    <${Part} title=${late ? t('inspect.attempts') : t('inspect.attempt')}><${Attempts} hook=${hook} /></${Part}>
    <${Part} title=${t('inspect.signature')}><${Signature} hook=${hook} /></${Part}>
    <details><summary>${t('inspect.headers')}</summary><${Pairs} values=${hook.headers} /></details>
    <dl class="facts">
      <dt>SID</dt><dd class="mono">${hook.sid}</dd>
      <dt>${t('inspect.token')}</dt><dd class="mono">${hook.idempotency_token}</dd>
      ${hook.fallback_url && html`<dt>${t('inspect.fallback')}</dt><dd class="mono">${hook.fallback_url}</dd>`}
    </dl>
    ${editing && html`<${Replay} hook=${hook} onClose=${() => setEditing(false)} />`}
  </article>`;
}

/** A fallback is a webhook of its own, which says what failed before it. @param {any} hook */
export const isFallback = (hook) => hook.url === hook.fallback_url && Boolean(hook.parameters.ErrorUrl);

/** @param {any} p */
const Part = ({ title, extra, children }) => html`<section class="stack tight part"><div class="row wrap"><h3>${title}</h3>${extra}</div>${children}</section>`;

/** @param {any} headers @param {string} name */
export function headerOf(headers, name) {
  const found = Object.entries(headers ?? {}).find(([one]) => one.toLowerCase() === name);
  return found ? String([found[1]].flat()[0]) : '';
}

/** Leads to what the webhook is about. @param {{sid: string}} p */
function Resource({ sid }) {
  if (sid.startsWith('CA')) return html`<a class="btn quiet small" href=${href('calls', sid)}><${Icon} name="timeline" size=${16} />${t('inspect.call')}</a>`;
  return html`<span class="small dim mono cut">${sid}</span>`;
}

/** @type {Record<string, string>} */
const WHY = {
  first: 'why.first', redirect: 'why.redirect', retry: 'why.retry', challenge: 'why.auth',
};

/** Each request that was made, as bars on one scale. @param {any} p */
function Attempts({ hook }) {
  if (!hook.attempts.length) return html`<p class="dim small">${t('inspect.notyet')}</p>`;
  const starts = hook.attempts.map((/** @type {any} */ one) => Date.parse(one.started_at));
  const begin = starts[0];
  const whole = Math.max(1, ...hook.attempts.map((/** @type {any} */ one, /** @type {number} */ n) => starts[n] - begin + one.duration_ms));
  const share = (/** @type {number} */ ms) => `${Math.max(0, (ms / whole) * 100)}%`;
  return html`<ol class="attempts">${hook.attempts.map((/** @type {any} */ one, /** @type {number} */ n) => {
    const first = one.first_byte_ms ?? one.duration_ms;
    const connect = one.connect_ms ?? 0;
    return html`<li>
      <div class="row"><b class="num">${n + 1}</b><span class="small">${t(WHY[one.why] ?? one.why)}</span><span class="mono small cut grow">${one.method} ${one.url}</span>
        ${one.error ? html`<${Pill} tone="bad">${one.error.code}</${Pill}>` : html`<${Pill} tone=${one.status < 400 ? 'good' : 'bad'}>${one.status}</${Pill}>`}<span class="num small">${took(one.duration_ms)}</span></div>
      <div class="bar" aria-hidden="true" style=${{ marginInlineStart: share(Math.min(starts[n] - begin, whole * 0.97)), width: `max(4px, ${share(one.duration_ms)})` }}>
        <i class="connect" style=${{ flex: String(connect || 0.001) }}></i><i class="waits" style=${{ flex: String(Math.max(0.001, first - connect)) }}></i><i class="reads" style=${{ flex: String(Math.max(0.001, one.duration_ms - first)) }}></i></div>
      <p class="small dim num">${[one.remote_address, connect ? t('inspect.connect', { time: took(connect) }) : '', one.first_byte_ms !== null ? t('inspect.firstbyte', { time: took(one.first_byte_ms) }) : ''].filter(Boolean).join(' · ')}</p>
      ${one.error && html`<${Note} tone="bad">${one.error.message}</${Note}>`}
      ${headerOf(one.response_headers, 'location') && html`<p class="small"><${Icon} name="right" size=${14} /> <span class="mono break">${headerOf(one.response_headers, 'location')}</span></p>`}
    </li>`;
  })}</ol>`;
}

/** How the signature came to be. @param {any} p */
function Signature({ hook }) {
  const sent = headerOf(hook.headers, 'x-twilio-signature');
  const last = hook.attempts[hook.attempts.length - 1];
  const url = last && !last.error ? last.url : hook.url;
  const { text, parts } = signedText({ method: last?.method ?? hook.method, url, parameters: hook.parameters });
  const [made, setMade] = useState(/** @type {string | null} */ (null));
  useEffect(() => {
    let gone = false;
    if (sent && current.get()?.manages) {
      get(`/2010-04-01/Accounts/${hook.account_sid}.json`)
        .then((account) => sign(account.auth_token, text))
        .then((value) => !gone && setMade(value), () => {});
    }
    return () => void (gone = true);
  }, [sent, text]);
  if (!sent) return html`<p class="dim small">${t('sign.none')}</p>`;
  return html`<div class="stack tight">
    <p class="small dim">${t('sign.how')}</p>
    <div class="code signed" tabindex="0" role="group" aria-label=${t('inspect.signature')}>${parts.map((part) => html`<span class="s-${part.kind}">${part.text}</span>`)}</div>
    <dl class="facts"><dt>X-Twilio-Signature</dt><dd class="mono">${sent} <${Copy} text=${sent} /></dd>
      ${made && html`<dt>${t('sign.computed')}</dt><dd class="mono ${made === sent ? 'ok' : ''}">${made} ${made === sent ? html`<${Pill} tone="good"><${Icon} name="check" size=${12} />${t('sign.same')}</${Pill}>` : html`<${Pill} tone="wait">${t('sign.other')}</${Pill}>`}</dd>`}</dl>
  </div>`;
}
