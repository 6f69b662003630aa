// The first minute: text the number, see the answer, take the code. Later: what happened lately.

import { html, useRef, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, get, phone, post, twilio } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { href } from '../lib/router.js';
import { memory } from '../lib/memory.js';
import { SAMPLES } from '../lib/samples.js';
import { current } from '../lib/session.js';
import { attempt } from '../ui/announce.js';
import { Icon } from '../ui/icons.js';
import { Button, Choice, Copy, Empty, Pill, Room, Select, Time } from '../ui/parts.js';
import { WEBHOOK_TONES, webhookStatus } from '../lib/words.js';

/** Who texts here. */
const PERSON = '+12025550199';

export default function First() {
  const numbers = useLive(() => all(twilio('/IncomingPhoneNumbers.json'), 'incoming_phone_numbers', 200), ['number.']);
  const account = useLive(() => (current.get()?.manages ? get(`/2010-04-01/Accounts/${current.sid()}.json`) : Promise.resolve({})), ['account.']);
  const [chosen, choose] = useState('');
  const list = numbers.value ?? [];
  const number = list.find((/** @type {any} */ one) => one.phone_number === chosen) ?? list.find((/** @type {any} */ one) => one.phone_number === '+12025550100') ?? list[0];
  if (numbers.value && !number) {
    return html`<${Room} title=${t('room.first')}><${Empty} icon="hash" title=${t('first.none')}>${t('first.none.text')} <a href=${href('numbers')}>${t('room.numbers')}</a></${Empty}></${Room}>`;
  }
  const known = { base: location.origin, sid: current.sid(), token: account.value?.auth_token ?? '…', number: number?.phone_number ?? '…', person: PERSON };
  return html`<${Room} title=${t('room.first')}>
    <div class="page stack loose first">
      <${Hero} numbers=${list} number=${number} choose=${choose} />
      <${Code} known=${known} number=${number} />
      <${Lately} />
    </div>
  </${Room}>`;
}

/** Text it, here is the answer. @param {any} p */
function Hero({ numbers, number, choose }) {
  const [body, setBody] = useState('hello');
  const [sent, setSent] = useState(/** @type {string | null} */ (null));
  const [busy, setBusy] = useState(false);
  const answer = useLive(async () => (sent ? get(`${phone(PERSON)}/Messages/${sent}`) : null), ['message.', 'webhook.'], [sent]);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const send = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!number || busy) return;
    setBusy(true);
    const made = await attempt(() => post(`${phone(PERSON)}/Messages`, { To: number.phone_number, Body: body }));
    setBusy(false);
    if (made) setSent(made.sid);
  };
  const text = answer.value;
  const waits = text && text.reply_session === 'open';
  return html`<section class="hero">
    <div class="stack">
      <p class="lead">${t('first.lead')}</p>
      ${numbers.length > 1
        ? html`<label><span class="sr">${t('number')}</span><${Select} value=${number?.phone_number} onValue=${choose} options=${numbers.map((/** @type {any} */ one) => [one.phone_number, one.phone_number])} /></label>`
        : html`<p class="big num" data-test="number">${number?.phone_number ?? ' '}</p>`}
      <form class="row" onSubmit=${send}>
        <label class="grow"><span class="sr">${t('phone.text')}</span><input class="in" ref=${input} value=${body} onInput=${(/** @type {any} */ e) => setBody(e.target.value)} required maxlength="1600" /></label>
        <button class="btn main" disabled=${busy || !number}><${Icon} name="send" />${t('first.send')}</button>
      </form>
      <p class="dim small">${t('first.why')} <a href=${href('phone')}>${t('first.phone')}</a></p>
    </div>
    <div class="paper" aria-live="polite">
      ${!text && html`<p class="dim small">${t('first.here')}</p>`}
      ${text && html`<p class="bubble mine">${text.body}</p>
        ${text.replies.map((/** @type {any} */ one) => html`<p class="bubble theirs" key=${one.sid}>${one.body}</p>`)}
        ${waits && html`<p class="bubble theirs typing" aria-label=${t('waiting')}><i></i><i></i><i></i></p>`}
        ${!waits && !text.replies.length && html`<p class="dim small">${t('first.silent')} <a href=${href('alerts')}>${t('room.alerts')}</a></p>`}
        <a class="small" href=${href('inspector')}>${t('first.how')}</a>`}
    </div>
  </section>`;
}

/** @param {any} p */
function Code({ known, number }) {
  const [language, set] = useState(memory.get('sample', 'python'));
  const [what, setWhat] = useState('answer');
  const sample = SAMPLES[language] ?? SAMPLES.python;
  const text = what === 'answer' ? sample.answer(known) : sample.send(known);
  const [busy, setBusy] = useState(false);
  const point = async () => {
    setBusy(true);
    await attempt(() => post(twilio(`/IncomingPhoneNumbers/${number.sid}.json`), { SmsUrl: 'http://localhost:3000/sms', SmsMethod: 'POST' }), t('first.pointed'));
    setBusy(false);
  };
  const choose = (/** @type {string} */ next) => {
    memory.set('sample', next);
    set(next);
  };
  return html`<section class="card stack">
    <header><h2 class="grow">${t('first.code')}</h2>
      <${Choice} label=${t('first.what')} value=${what} onValue=${setWhat} options=${[['answer', t('first.answer')], ['send', t('first.sendcode')]]} />
      <${Choice} label=${t('first.language')} value=${language} onValue=${choose} options=${Object.entries(SAMPLES).map(([id, one]) => [id, one.name])} />
    </header>
    ${sample.install && what === 'answer' && html`<div class="code oneline"><code class="grow">$ ${sample.install}</code><${Copy} text=${sample.install} /></div>`}
    <div class="withcopy"><pre class="code plain" tabindex="0" data-test="sample">${text}</pre><${Copy} text=${text} /></div>
    ${what === 'answer' && language !== 'curl' && html`<p class="row wrap small"><span class="grow dim">${t('first.point', { url: 'http://localhost:3000/sms' })}</span><${Button} busy=${busy || !number} onClick=${point}>${t('first.pointdo')}</${Button}></p>`}
    ${what === 'answer' && language === 'curl' && html`<p class="small dim">${t('first.bin')} <a href=${href('bins')}>${t('room.bins')}</a></p>`}
    <dl class="facts">
      <dt>${t('base')}</dt><dd class="mono">${known.base} <${Copy} text=${known.base} /></dd>
      <dt>${t('signin.sid')}</dt><dd class="mono">${known.sid} <${Copy} text=${known.sid} /></dd>
      <dt>${t('signin.token')}</dt><dd class="mono">${known.token} <${Copy} text=${known.token} /></dd>
    </dl>
  </section>`;
}

function Lately() {
  const hooks = useLive(async () => (await get('/offhook/v1/Webhooks?PageSize=6')).webhooks, ['webhook.']);
  if (!hooks.value?.length) return null;
  return html`<section class="card"><header><h2 class="grow">${t('first.lately')}</h2><a class="small" href=${href('inspector')}>${t('first.all')}</a></header>
    <ul class="lately">${hooks.value.map((/** @type {any} */ one) => html`<li key=${one.sid}><a href=${href('inspector', one.sid)}>
      <${Pill} tone=${WEBHOOK_TONES[one.status]}>${webhookStatus(one.status)}</${Pill}><span class="mono small">${one.method}</span><span class="mono cut grow">${one.url}</span><span class="small dim"><${Time} date=${one.date_created} /></span></a></li>`)}</ul></section>`;
}
