// One call from its first moment: verbs, prompts, keys, requests, answers, legs.

import { html, useState } from '../../vendor/preact-htm.js';
import { t, took, timer } from '../../lib/i18n.js';
import { all, phone, post, twilio } from '../../lib/api.js';
import { useLive } from '../../lib/events.js';
import { useHooks } from '../../lib/hooks.js';
import { href } from '../../lib/router.js';
import { quoted, read } from '../../lib/transcript.js';
import { CALL_TONES, callStatus, isLive, wayOf } from '../../lib/words.js';
import { attempt } from '../../ui/announce.js';
import { Answer } from '../../ui/code.js';
import { Icon } from '../../ui/icons.js';
import { Button, Empty, Pill, Time } from '../../ui/parts.js';
import { useTranscript } from '../phone/call.js';
import { Fork } from './fork.js';
import { headerOf } from '../inspector/detail.js';

/** Who does what a line says, and its sign.
 * @param {import('../../lib/transcript.js').Line} line @returns {{who: string, icon: string}} */
function kindOf({ does, word, rest }) {
  if (does && (word === 'fetch' || word === 'tell')) return { who: 'app', icon: 'send' };
  if (!does && (word === 'document' || word === 'replaced')) return { who: 'app', icon: 'bin' };
  if (word === 'no' || word === 'remark' || word === 'not' || rest === 'application error') return { who: 'bad', icon: 'warn' };
  if (!does && word === 'digit') return { who: 'me', icon: 'keypad' };
  if (!does && (word === 'speech' || word === 'partial' || word === 'voice')) return { who: 'me', icon: 'mic' };
  if (word === 'hung' || word === 'hang') return { who: word === 'hung' ? 'me' : 'line', icon: 'hangup' };
  if (word === 'answer' || word === 'call' || word === 'dial' || word === 'dialed' || word === 'bridged' || word === 'connected' || word === 'ringing' || word === 'ring') return { who: 'line', icon: 'call' };
  if (word === 'record' || word === 'recorded' || word === 'start' || word === 'recording') return { who: 'line', icon: 'recording' };
  if (does && word === 'play') return { who: 'call', icon: 'speaker' };
  return { who: 'quiet', icon: 'more' };
}

/** @param {{call: any}} p */
export function Timeline({ call }) {
  const peer = call.direction === 'inbound' ? call.from : call.to;
  const path = `${phone(peer)}/Calls/${call.sid}`;
  const live = isLive(call.status);
  const raw = useTranscript(path, live);
  const hooks = useHooks(`ResourceSid=${call.sid}`);
  const legs = useLive(() => all(`${twilio('/Calls.json')}?ParentCallSid=${call.sid}`, 'calls', 100), ['call.'], [call.sid]);
  const recordings = useLive(() => all(twilio(`/Calls/${call.sid}/Recordings.json`), 'recordings', 100), ['recording.'], [call.sid]);
  const [all_, setAll] = useState(false);
  const [forking, setForking] = useState(/** @type {any} */ (null));
  const lines = raw.map(read);
  // The n-th request of the transcript is the n-th of its kind in the log.
  const asks = hooks.list.filter((one) => one.kind === 'ask' && one.purpose !== 'replay').reverse();
  const tells = hooks.list.filter((one) => one.kind === 'tell').reverse();
  let asked = 0;
  const entries = lines.map((line, n) => {
    const kind = kindOf(line);
    const hook = line.does && line.word === 'fetch' ? asks[asked++] : undefined;
    return { line, n, ...kind, hook };
  });
  const shown = entries.filter((one) => all_ || one.who !== 'quiet');
  return html`<article class="stack loose">
    <header class="stack tight">
      <div class="row wrap"><a class="btn quiet small back" href=${href('calls')}><${Icon} name="back" size=${16} />${t('back')}</a>
        <h2 class="num grow">${call.from} → ${call.to}</h2><${Pill} tone=${CALL_TONES[call.status]}>${callStatus(call.status)}</${Pill}>
        ${live && html`<${Button} icon="hangup" kind="bad" small onClick=${() => attempt(() => post(twilio(`/Calls/${call.sid}.json`), { Status: 'completed' }))}>${t('call.hangup')}</${Button}>`}</div>
      <div class="row wrap small dim"><span>${wayOf(call.direction)}</span><${Time} date=${call.date_created} />${call.duration && html`<span class="num">${timer(Number(call.duration))}</span>`}<span class="mono cut">${call.sid}</span></div>
      ${(legs.value ?? []).length > 0 && html`<div class="row wrap small"><b>${t('calls.legs')}</b>${legs.value?.map((/** @type {any} */ one) => html`<a key=${one.sid} class="chip num" href=${href('calls', one.sid)}>${one.to} <${Pill} tone=${CALL_TONES[one.status]}>${callStatus(one.status)}</${Pill}></a>`)}</div>`}
      ${call.parent_call_sid && html`<p class="small"><a href=${href('calls', call.parent_call_sid)}>${t('calls.parent')}</a></p>`}
      ${(recordings.value ?? []).length > 0 && html`<p class="small"><a href=${href('recordings')}>${t('calls.recordings', { n: recordings.value?.length })}</a></p>`}
    </header>
    <div class="row wrap"><h3 class="grow">${t('calls.timeline')}</h3><label class="row small"><input type="checkbox" checked=${all_} onChange=${(/** @type {any} */ e) => setAll(e.target.checked)} /> ${t('calls.all')}</label></div>
    ${shown.length ? html`<ol class="timeline">${shown.map((one) => html`<${Entry} key=${one.n} entry=${one} onFork=${one.who === 'me' || one.line.word === 'listen' || one.line.word === 'play' ? () => setForking(one) : null} />`)}</ol>` : html`<${Empty} icon="timeline" title=${t('calls.nothing')}>${t('calls.nothing.text')}</${Empty}>`}
    ${tells.length > 0 && html`<section class="stack tight"><h3>${t('calls.tells')}</h3><ul class="lately">${tells.map((one) => html`<li key=${one.sid}><a href=${href('inspector', one.sid)}><${Pill} tone=${one.status === 'done' ? 'good' : 'bad'}>${one.parameters.CallStatus ?? one.parameters.RecordingStatus ?? one.purpose}</${Pill}><span class="mono cut grow">${one.url}</span><${Time} date=${one.date_created} /></a></li>`)}</ul></section>`}
    ${forking && html`<${Fork} call=${call} entry=${forking} onClose=${() => setForking(null)} />`}
  </article>`;
}

/** @param {{entry: any, onFork: (() => void) | null}} p */
function Entry({ entry, onFork }) {
  const [open, setOpen] = useState(false);
  const { line, who, icon, hook } = entry;
  const more = hook || line.word === 'document';
  return html`<li class="entry ${who}" data-word=${line.word}>
    <span class="at num">${timer(line.ms / 1000)}<small>.${String(line.ms % 1000).padStart(3, '0')}</small></span>
    <span class="dot"><${Icon} name=${icon} size=${15} /></span>
    <div class="what">
      <div class="row says"><div class="row wrap grow"><${Words} line=${line} />
        ${hook && html`<${Pill} tone=${hook.attempts.some((/** @type {any} */ one) => one.status && one.status < 400) ? 'good' : 'bad'}>${hook.attempts[hook.attempts.length - 1]?.status ?? hook.attempts[hook.attempts.length - 1]?.error?.code ?? ''}</${Pill}><span class="num small dim">${took(hook.attempts.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.duration_ms, 0))}</span>`}
        ${more && html`<${Button} small kind="quiet" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>${open ? t('calls.less') : t('calls.more')}</${Button}>`}</div>
        ${onFork && html`<${Button} small icon="fork" kind="quiet" label=${t('fork')} onClick=${onFork} />`}</div>
      ${open && (hook
        ? html`<div class="stack tight"><p class="mono small break"><b>${hook.method}</b> ${hook.url}</p><${Answer} body=${hook.response?.body ?? ''} type=${headerOf(hook.response?.headers, 'content-type')} problems=${hook.problems} /><a class="small" href=${href('inspector', hook.sid)}>${t('calls.inspect')}</a></div>`
        : html`<${Answer} body=${line.rest} type="text/xml" />`)}
    </div>
  </li>`;
}

/** A line in words; what is not known stays as the house writes it. @param {{line: any}} p */
function Words({ line }) {
  const { does, word, rest } = line;
  if (word === 'fetch') return html`<span>${t('tl.ask')} <code class="break">${rest}</code></span>`;
  if (word === 'document') return html`<span>${t('tl.document')}</span>`;
  if (does && word === 'play' && rest.startsWith('say ')) return html`<span class="break said">${quoted(rest)}</span>`;
  if (does && word === 'play' && rest === 'application error') return html`<b>${t('cap.error')}</b>`;
  if (does && word === 'play') return html`<span>${t('tl.play')} <code class="break">${rest}</code></span>`;
  if (!does && word === 'digit') return html`<span>${t('tl.key')} <kbd>${rest}</kbd></span>`;
  if (!does && word === 'speech') return html`<span class="break">${t('tl.said')} “${quoted(rest)}”</span>`;
  if (word === 'answer') return html`<span>${t('tl.answered')}</span>`;
  if (word === 'hang') return html`<span>${t('cap.ended')}</span>`;
  if (word === 'hung') return html`<span>${t('cap.hungup')}</span>`;
  if (does && word === 'record') return html`<span>${t('tl.record')} <code class="break">${rest}</code></span>`;
  if (does && word === 'recording') return html`<span>${t('cap.recording')}</span>`;
  if (!does && word === 'recorded') return html`<span>${t('tl.recorded')} <code class="break">${rest}</code></span>`;
  if (does && word === 'dial') return html`<span>${t('cap.dialling')} <code class="break">${rest}</code></span>`;
  if (word === 'bridged' || word === 'connected') return html`<span>${t('cap.connected')}${rest ? html` <code class="break">${rest}</code>` : ''}</span>`;
  if (word === 'call') return html`<span>${t('tl.call')} <span class="num">${rest.replace(/^from (\S+) to (\S+)/, '$1 → $2')}</span></span>`;
  return html`<code class="break">${line.word} ${rest}</code>`;
}
