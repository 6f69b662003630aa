// Applications: the same webhooks for many numbers.

import { html } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, post, remove, twilio } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { go, href } from '../lib/router.js';
import { attempt } from '../ui/announce.js';
import { Button } from '../ui/parts.js';
import { Form, ListRoom, Remove } from '../ui/resource.js';

/** @param {{parts: string[]}} p */
export default function Applications({ parts }) {
  const list = useLive(() => all(twilio('/Applications.json'), 'applications', 1000), ['application.']);
  const bins = useLive(() => all('/offhook/v1/Bins', 'bins', 500), ['bin.']);
  const create = async () => {
    const made = await attempt(() => post(twilio('/Applications.json'), { FriendlyName: t('apps.newname') }));
    if (made) {
      list.set([made, ...(list.value ?? [])]);
      go(href('applications', made.sid));
    }
  };
  return html`<${ListRoom} room="applications" title=${t('room.applications')} list=${list} sid=${parts[0]}
    tools=${html`<${Button} icon="plus" kind="main" onClick=${create}>${t('apps.new')}</${Button}>`}
    empty=${{ icon: 'app', title: t('apps.none'), text: t('apps.none.text') }}
    row=${(/** @type {any} */ one) => ({ text: `${one.friendly_name} ${one.sid} ${one.sms_url} ${one.voice_url}`, top: html`<span class="cut grow">${one.friendly_name || one.sid}</span>`, under: html`<span class="cut mono">${one.sms_url || one.voice_url || one.sid}</span>` })}
    detail=${(/** @type {any} */ one) => html`
      <header class="row wrap"><h2 class="grow break">${one.friendly_name || one.sid}</h2><${Remove} name=${one.friendly_name || one.sid} room="applications" what=${() => remove(twilio(`/Applications/${one.sid}.json`))} /></header>
      <p class="mono small dim">${one.sid}</p>
      <${Form} key=${one.sid} it=${one} bins=${bins.value ?? []} onSave=${(/** @type {any} */ form) => post(twilio(`/Applications/${one.sid}.json`), form)} parameters=${[
        { name: 'FriendlyName', label: t('name'), span: true, of: (/** @type {any} */ it) => it.friendly_name },
        { name: 'SmsUrl', label: t('numbers.sms'), kind: 'url', of: (/** @type {any} */ it) => it.sms_url },
        { name: 'SmsMethod', label: t('method'), kind: 'method', of: (/** @type {any} */ it) => it.sms_method },
        { name: 'SmsFallbackUrl', label: t('numbers.smsfallback'), kind: 'url', of: (/** @type {any} */ it) => it.sms_fallback_url },
        { name: 'SmsStatusCallback', label: t('apps.smsstatus'), kind: 'url', of: (/** @type {any} */ it) => it.sms_status_callback },
        { name: 'VoiceUrl', label: t('numbers.voice'), kind: 'url', of: (/** @type {any} */ it) => it.voice_url },
        { name: 'VoiceMethod', label: t('method'), kind: 'method', of: (/** @type {any} */ it) => it.voice_method },
        { name: 'VoiceFallbackUrl', label: t('numbers.voicefallback'), kind: 'url', of: (/** @type {any} */ it) => it.voice_fallback_url },
        { name: 'StatusCallback', label: t('numbers.status'), kind: 'url', of: (/** @type {any} */ it) => it.status_callback },
      ]} />`} />`;
}
