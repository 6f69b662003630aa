// The account's numbers: who is asked when somebody texts or calls them.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, post, remove, twilio } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { useNumbers } from '../lib/numbers.js';
import { go, href } from '../lib/router.js';
import { Button, Copy, Dialog, Field, Input, Pill, Trouble } from '../ui/parts.js';
import { Form, ListRoom, Remove } from '../ui/resource.js';

/** @param {{parts: string[]}} p */
export default function Numbers({ parts }) {
  const numbers = useNumbers();
  const bins = useLive(() => all('/offhook/v1/Bins', 'bins', 500), ['bin.']);
  const apps = useLive(() => all(twilio('/Applications.json'), 'applications', 500), ['application.']);
  const [adding, setAdding] = useState(false);
  const named = (/** @type {string} */ url) => (bins.value ?? []).find((/** @type {any} */ one) => url && url.includes(one.sid))?.friendly_name ?? url;
  const choices = /** @type {Array<[string, string]>} */ ([['', t('numbers.noapp')], ...(apps.value ?? []).map((/** @type {any} */ one) => [one.sid, one.friendly_name || one.sid])]);
  return html`<${ListRoom} room="numbers" title=${t('room.numbers')} list=${numbers} sid=${parts[0]}
    tools=${html`<${Button} icon="plus" kind="main" onClick=${() => setAdding(true)}>${t('numbers.add')}</${Button}>`}
    empty=${{ icon: 'hash', title: t('numbers.none'), text: t('numbers.none.text') }}
    row=${(/** @type {any} */ one) => ({ text: `${one.phone_number} ${one.friendly_name} ${one.sms_url} ${one.voice_url}`, top: html`<span class="num grow cut">${one.phone_number}</span><span class="dim cut small">${one.friendly_name !== one.phone_number && !one.friendly_name.startsWith('(') ? one.friendly_name : ''}</span>`, under: html`<span class="cut">${one.sms_url ? `${t('texts')}: ${named(one.sms_url)}` : t('numbers.silent')}</span>` })}
    detail=${(/** @type {any} */ one) => html`
      <header class="row wrap"><h2 class="num grow">${one.phone_number} <${Copy} text=${one.phone_number} /></h2><a class="btn small" href=${href('phone')}>${t('numbers.try')}</a><${Remove} name=${one.phone_number} room="numbers" what=${() => remove(twilio(`/IncomingPhoneNumbers/${one.sid}.json`))} /></header>
      <div class="row wrap">${Object.entries(one.capabilities).filter(([, can]) => can).map(([name]) => html`<${Pill}>${name.toUpperCase()}</${Pill}>`)}<span class="mono small dim">${one.sid}</span></div>
      <${Form} key=${one.sid} it=${one} bins=${bins.value ?? []} onSave=${(/** @type {any} */ form) => numbers.update(one.sid, form)} parameters=${[
        { name: 'FriendlyName', label: t('name'), of: (/** @type {any} */ it) => it.friendly_name, span: true },
        { name: 'SmsUrl', label: t('numbers.sms'), kind: 'url', hint: t('numbers.binhint'), of: (/** @type {any} */ it) => it.sms_url },
        { name: 'SmsMethod', label: t('method'), kind: 'method', of: (/** @type {any} */ it) => it.sms_method },
        { name: 'SmsFallbackUrl', label: t('numbers.smsfallback'), kind: 'url', of: (/** @type {any} */ it) => it.sms_fallback_url },
        { name: 'SmsApplicationSid', label: t('numbers.smsapp'), kind: 'select', options: choices, of: (/** @type {any} */ it) => it.sms_application_sid },
        { name: 'VoiceUrl', label: t('numbers.voice'), kind: 'url', of: (/** @type {any} */ it) => it.voice_url },
        { name: 'VoiceMethod', label: t('method'), kind: 'method', of: (/** @type {any} */ it) => it.voice_method },
        { name: 'VoiceFallbackUrl', label: t('numbers.voicefallback'), kind: 'url', of: (/** @type {any} */ it) => it.voice_fallback_url },
        { name: 'VoiceApplicationSid', label: t('numbers.voiceapp'), kind: 'select', options: choices, of: (/** @type {any} */ it) => it.voice_application_sid },
        { name: 'StatusCallback', label: t('numbers.status'), kind: 'url', span: true, of: (/** @type {any} */ it) => it.status_callback },
      ]} />`} />
    ${adding && html`<${Add} onClose=${() => setAdding(false)} taken=${(numbers.value ?? []).map((/** @type {any} */ one) => one.phone_number)} />`}`;
}

/** @param {any} p */
function Add({ onClose, taken }) {
  let next = 100;
  while (taken.includes(`+12025550${next}`)) next++;
  const [number, set] = useState(`+12025550${next}`);
  const [error, setError] = useState(/** @type {any} */ (null));
  const submit = async () => {
    try {
      const made = await post(twilio('/IncomingPhoneNumbers.json'), { PhoneNumber: number.trim() });
      onClose();
      go(href('numbers', made.sid));
    } catch (problem) {
      setError(problem);
    }
  };
  return html`<${Dialog} title=${t('numbers.add')} onClose=${onClose} onSubmit=${submit} footer=${html`<button class="btn main">${t('create')}</button>`}>
    <${Field} label=${t('number')} hint=${t('numbers.add.hint')}><${Input} mono value=${number} onValue=${set} required autofocus inputmode="tel" /></${Field}><${Trouble} error=${error} /></${Dialog}>`;
}
