// Alerts, grouped by code: what it means, what to do about it, and the request that caused each.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, get } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { href } from '../lib/router.js';
import { Answer } from '../ui/code.js';
import { Icon } from '../ui/icons.js';
import { Empty, Pairs, Pill, Room, Search, Time, Trouble } from '../ui/parts.js';

/** Alerts read at most. */
const READ_MAX = 2000;
/** Shown of one code at first. */
const FIRST = 5;
/** What usually helps, by code. @type {Record<string, string>} */
const ADVICE = {
  11200: 'advice.11200', 11202: 'advice.11202', 11205: 'advice.11205', 11210: 'advice.11210', 11237: 'advice.tls', 11751: 'advice.media', 12100: 'advice.12100', 12101: 'advice.12101', 12200: 'advice.12200', 12300: 'advice.12300',
  14101: 'advice.12200', 14103: 'advice.14103', 14107: 'advice.14107', 13224: 'advice.number', 15003: 'advice.15003',
};

export default function Alerts() {
  const alerts = useLive(() => all('/monitor/v1/Alerts', 'alerts', READ_MAX), ['alert.']);
  const codes = useLive(async () => new Map((await get('/offhook/v1/Codes')).codes.map((/** @type {any} */ one) => [String(one.code), one])), []);
  const [words, setWords] = useState('');
  /** @type {Map<string, any[]>} */
  const groups = new Map();
  for (const one of alerts.value ?? []) {
    if (!`${one.error_code} ${one.alert_text} ${one.request_url} ${one.resource_sid}`.toLowerCase().includes(words.toLowerCase())) continue;
    if (!groups.has(one.error_code)) groups.set(one.error_code, []);
    groups.get(one.error_code)?.push(one);
  }
  return html`<${Room} title=${t('room.alerts')} tools=${html`<${Search} label=${t('search')} value=${words} onValue=${setWords} />`}>
    <${Trouble} error=${alerts.error} />
    ${alerts.value && !groups.size && html`<${Empty} icon="check" title=${words ? t('inspect.nothing') : t('alerts.none')}>${words ? '' : t('alerts.none.text')}</${Empty}>`}
    <div class="page stack">${[...groups].map(([code, list]) => html`<${Group} key=${code} code=${code} list=${list} known=${codes.value?.get(code)} />`)}</div>
  </${Room}>`;
}

/** @param {any} p */
function Group({ code, list, known }) {
  const [count, setCount] = useState(FIRST);
  const level = list[0].log_level;
  return html`<section class="card stack tight alerts">
    <header><${Pill} tone=${level === 'error' ? 'bad' : 'wait'}>${code}</${Pill}><h2 class="grow">${known?.title ?? messageOf(list[0])}</h2><span class="num small dim">${t('alerts.count', { n: list.length })}</span></header>
    ${ADVICE[code] && html`<p>${t(ADVICE[code])}</p>`}
    <p class="small"><a href=${list[0].more_info} target="_blank" rel="noreferrer noopener">${t('code.page')}</a></p>
    <ul>${list.slice(0, count).map((/** @type {any} */ one) => html`<li key=${one.sid}><${Alert} it=${one} /></li>`)}</ul>
    ${list.length > count && html`<button class="btn quiet small" onClick=${() => setCount(count + 50)}>${t('alerts.more', { n: list.length - count })}</button>`}
  </section>`;
}

/** The sentence in an alert's text. @param {any} it */
export const messageOf = (it) => new URLSearchParams(it.alert_text).get('Msg') ?? it.alert_text;

/** @param {{it: any}} p */
function Alert({ it }) {
  const [open, setOpen] = useState(false);
  const whole = useLive(async () => (open ? get(`/monitor/v1/Alerts/${it.sid}`) : null), [], [open]);
  const full = whole.value;
  return html`<button class="rowbtn" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}><span class="top"><${Icon} name=${open ? 'down' : 'right'} size=${14} /><span class="cut grow">${messageOf(it)}</span><${Time} date=${it.date_generated ?? it.date_created} /></span>
      <span class="under"><span class="mono">${it.request_method ?? ''}</span><span class="mono cut">${it.request_url ?? it.resource_sid}</span></span></button>
    ${open && full && html`<div class="stack tight opened">
      <div class="row wrap small"><span class="mono grow break"><b>${full.request_method}</b> ${full.request_url}</span><${Where} sid=${full.resource_sid} /></div>
      <h3>${t('inspect.parameters')}</h3><${Pairs} values=${Object.fromEntries(new URLSearchParams(full.request_variables ?? ''))} />
      ${full.response_body !== null && html`<h3>${t('inspect.answer')}</h3><${Answer} body=${full.response_body} type="" />`}
    </div>`}`;
}

/** @param {{sid: string}} p */
const Where = ({ sid }) =>
  sid?.startsWith('CA') ? html`<a href=${href('calls', sid)}>${t('inspect.call')}</a>` : html`<a href=${`${href('inspector')}?q=${sid}`}>${t('alerts.requests')}</a>`;
