// Calls, and each as a timeline: what the application was asked, what the call did, what the
// person did, in their order and with their times.

import { html, useRef, useState } from '../vendor/preact-htm.js';
import { t, timer } from '../lib/i18n.js';
import { all, twilio } from '../lib/api.js';
import { useEvents, useLive } from '../lib/events.js';
import { go, href } from '../lib/router.js';
import { CALL_TONES, callStatus } from '../lib/words.js';
import { Empty, Pill, Room, Search, Time, Trouble } from '../ui/parts.js';
import { Virtual } from '../ui/virtual.js';
import { Timeline } from './calls/timeline.js';

/** Calls read at most. */
const READ_MAX = 10_000;
/** Calls read when something happened to one: those that can still change are among them. */
const NEWEST = 200;

/** The calls, newest first: all of them once, and then what an event says is new. */
function useCalls() {
  const known = useRef(/** @type {Map<string, any>} */ (new Map()));
  useEvents((event) => {
    if (event.name === 'house.reset' || event.name === 'house.gap') known.current.clear();
    else if (event.name === 'call.deleted') known.current.delete(event.data.sid);
  });
  return useLive(async () => {
    const all_ = known.current;
    const found = await all(twilio('/Calls.json'), 'calls', all_.size ? NEWEST : READ_MAX);
    for (const one of found) all_.set(one.sid, one);
    // A sid begins with its time.
    return [...all_.values()].sort((a, b) => (a.sid < b.sid ? 1 : -1)).slice(0, READ_MAX);
  }, ['call.']);
}

/** @param {{parts: string[]}} p */
export default function Calls({ parts }) {
  const calls = useCalls();
  const [words, setWords] = useState('');
  const sid = parts[0];
  const found = (calls.value ?? []).filter((/** @type {any} */ one) => `${one.sid} ${one.from} ${one.to} ${one.status} ${one.direction}`.toLowerCase().includes(words.toLowerCase()));
  const call = (calls.value ?? []).find((/** @type {any} */ one) => one.sid === sid);
  const step = (/** @type {KeyboardEvent} */ e) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!by || !found.length) return;
    e.preventDefault();
    const at = found.findIndex((/** @type {any} */ one) => one.sid === sid);
    go(href('calls', found[Math.max(0, Math.min(found.length - 1, at + by))].sid), true);
  };
  return html`<${Room} title=${t('room.calls')} flush>
    <div class="split narrowlist calls ${sid ? 'has-detail' : ''}">
      <div class="list">
        <div class="bar"><${Search} label=${t('search')} value=${words} onValue=${setWords} /></div>
        <${Trouble} error=${calls.error} />
        ${found.length
          ? html`<${Virtual} items=${found} height=${62} keyOf=${(/** @type {any} */ one) => one.sid} same=${[sid]} about=${words} label=${t('room.calls')} onKeyDown=${step} row=${(/** @type {any} */ one) => html`<a class="rowbtn hook" tabindex="-1" href=${href('calls', one.sid)} aria-current=${one.sid === sid ? 'true' : undefined}>
            <span class="top"><span class="num grow cut">${one.direction === 'inbound' ? '↙' : '↗'} ${one.direction === 'inbound' ? one.from : one.to}</span><${Pill} tone=${CALL_TONES[one.status]}>${callStatus(one.status)}</${Pill}></span>
            <span class="under"><span class="num cut grow">${one.direction === 'inbound' ? one.to : one.from}</span><span class="num">${one.duration ? timer(Number(one.duration)) : ''}</span><${Time} date=${one.date_created} /></span></a>`} />`
          : calls.value && html`<${Empty} icon="call" title=${words ? t('inspect.nothing') : t('calls.none')}>${words ? '' : t('calls.none.text')}</${Empty}>`}
      </div>
      <div class="detail" tabindex="0" role="region" aria-label=${t('calls.timeline')}>${call ? html`<${Timeline} key=${call.sid} call=${call} />` : html`<${Empty} icon="timeline" title=${t('choose')}>${t('calls.choose')}</${Empty}>`}</div>
    </div>
  </${Room}>`;
}
