// Messaging Services: senders that answer for each other, with rules of their own.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, get, post, remove } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { useNumbers } from '../lib/numbers.js';
import { go, href } from '../lib/router.js';
import { attempt } from '../ui/announce.js';
import { Button, Note, Select } from '../ui/parts.js';
import { Form, ListRoom, Remove } from '../ui/resource.js';

const HERE = '/messaging/v1/Services';

/** @param {{parts: string[]}} p */
export default function Services({ parts }) {
  const list = useLive(() => all(HERE, 'services', 1000), ['service.']);
  const bins = useLive(() => all('/offhook/v1/Bins', 'bins', 500), ['bin.']);
  const create = async () => {
    const made = await attempt(() => post(HERE, { FriendlyName: t('services.newname') }));
    if (made) {
      list.set([made, ...(list.value ?? [])]);
      go(href('services', made.sid));
    }
  };
  return html`<${ListRoom} room="services" title=${t('room.services')} list=${list} sid=${parts[0]}
    tools=${html`<${Button} icon="plus" kind="main" onClick=${create}>${t('services.new')}</${Button}>`}
    empty=${{ icon: 'service', title: t('services.none'), text: t('services.none.text') }}
    row=${(/** @type {any} */ one) => ({ text: `${one.friendly_name} ${one.sid}`, top: html`<span class="cut grow">${one.friendly_name}</span>`, under: html`<span class="cut mono">${one.sid}</span>` })}
    detail=${(/** @type {any} */ one) => html`
      <header class="row wrap"><h2 class="grow break">${one.friendly_name}</h2><${Remove} name=${one.friendly_name} room="services" what=${() => remove(`${HERE}/${one.sid}`)} /></header>
      <p class="mono small dim">${one.sid}</p>
      <${Senders} sid=${one.sid} />
      <${Form} key=${one.sid} it=${one} bins=${bins.value ?? []} onSave=${(/** @type {any} */ form) => post(`${HERE}/${one.sid}`, form)} parameters=${[
        { name: 'FriendlyName', label: t('name'), span: true, of: (/** @type {any} */ it) => it.friendly_name },
        { name: 'UseInboundWebhookOnNumber', label: t('services.usenumber'), kind: 'switch', span: true, of: (/** @type {any} */ it) => it.use_inbound_webhook_on_number },
        { name: 'InboundRequestUrl', label: t('numbers.sms'), kind: 'url', of: (/** @type {any} */ it) => it.inbound_request_url, when: (/** @type {any} */ form) => form.UseInboundWebhookOnNumber !== true },
        { name: 'FallbackUrl', label: t('numbers.smsfallback'), kind: 'url', of: (/** @type {any} */ it) => it.fallback_url, when: (/** @type {any} */ form) => form.UseInboundWebhookOnNumber !== true },
        { name: 'StatusCallback', label: t('numbers.status'), kind: 'url', of: (/** @type {any} */ it) => it.status_callback },
        { name: 'ValidityPeriod', label: t('services.validity'), kind: 'number', of: (/** @type {any} */ it) => it.validity_period },
        { name: 'StickySender', label: t('services.sticky'), kind: 'switch', of: (/** @type {any} */ it) => it.sticky_sender },
        { name: 'SmartEncoding', label: t('services.smart'), kind: 'switch', of: (/** @type {any} */ it) => it.smart_encoding },
      ]} />
      <${OptOut} sid=${one.sid} />`} />`;
}

/** @param {{sid: string}} p */
function Senders({ sid }) {
  const senders = useLive(() => all(`${HERE}/${sid}/PhoneNumbers`, 'phone_numbers', 400), ['service.'], [sid]);
  const numbers = useNumbers();
  const there = new Set((senders.value ?? []).map((/** @type {any} */ one) => one.sid));
  const free = (numbers.value ?? []).filter((/** @type {any} */ one) => !there.has(one.sid));
  const [chosen, choose] = useState('');
  const add = () => attempt(() => post(`${HERE}/${sid}/PhoneNumbers`, { PhoneNumberSid: chosen || free[0].sid }));
  return html`<section class="stack tight"><h3>${t('services.senders')}</h3>
    ${(senders.value ?? []).length ? html`<ul class="chips">${senders.value?.map((/** @type {any} */ one) => html`<li class="chip num">${one.phone_number}<${Button} icon="close" small kind="quiet" label=${t('services.remove', { number: one.phone_number })} onClick=${() => attempt(() => remove(`${HERE}/${sid}/PhoneNumbers/${one.sid}`))} /></li>`)}</ul>` : html`<p class="dim small">${t('services.nosenders')}</p>`}
    ${free.length > 0 && html`<div class="row add"><label><span class="sr">${t('number')}</span><${Select} value=${chosen || free[0].sid} onValue=${choose} options=${free.map((/** @type {any} */ one) => [one.sid, one.phone_number])} /></label><${Button} icon="plus" onClick=${add}>${t('services.add')}</${Button}></div>`}</section>`;
}

/** What Twilio keeps of a service in its console. @param {{sid: string}} p */
function OptOut({ sid }) {
  const own = useLive(() => get(`/offhook/v1/Services/${sid}`), ['service.'], [sid]);
  if (!own.value) return null;
  return html`<section class="stack tight"><h3>STOP / START</h3>
    <${Form} key=${sid} it=${own.value} onSave=${(/** @type {any} */ form) => post(`/offhook/v1/Services/${sid}`, form)} parameters=${[{ name: 'AdvancedOptOut', label: t('services.optout'), kind: 'switch', span: true, of: (/** @type {any} */ it) => it.advanced_opt_out }]} /><${Note} icon="warn">${t('services.optout.text')}</${Note}></section>`;
}
