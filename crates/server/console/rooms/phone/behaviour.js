// How a handset behaves, set on its face.

import { html, useState } from '../../vendor/preact-htm.js';
import { t } from '../../lib/i18n.js';
import { phone, post } from '../../lib/api.js';
import { attempt } from '../../ui/announce.js';
import { Button, Field, Input, Select, Switch } from '../../ui/parts.js';

/** @param {string} duration such as PT2S */
const seconds = (duration) => {
  const found = /^PT(?:(\d+)M)?(?:([\d.]+)S)?$/.exec(duration ?? '');
  return found ? String(Number(found[1] ?? 0) * 60 + Number(found[2] ?? 0)) : '0';
};

/** @param {any} p */
export function Behaviour({ address, face, onClose }) {
  const [form, set] = useState(() => ({
    OnCall: face?.on_call ?? 'ring',
    AnswerAfter: seconds(face?.answer_after),
    Lines: String(face?.lines ?? 1),
    OnMessage: face?.on_message ?? 'deliver',
    DeliverAfter: seconds(face?.deliver_after),
    ErrorCode: face?.error_code ? String(face.error_code) : '',
    ProfileName: face?.profile_name ?? '',
    ReadAfter: face?.read_after ? seconds(face.read_after) : '',
    ServiceWindow: Boolean(face?.service_window),
  }));
  const isWhatsApp = address.startsWith('whatsapp:');
  const [busy, setBusy] = useState(false);
  const change = (/** @type {string} */ name) => (/** @type {any} */ value) => set((was) => ({ ...was, [name]: value }));
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const { ProfileName, ReadAfter, ServiceWindow, ...all } = form;
    const usual = { ...all, AnswerAfter: `PT${Number(form.AnswerAfter) || 0}S`, DeliverAfter: `PT${Number(form.DeliverAfter) || 0}S` };
    const sent = isWhatsApp ? { ...usual, ProfileName, ServiceWindow, ReadAfter: ReadAfter === '' ? '' : `PT${Number(ReadAfter) || 0}S` } : usual;
    const done = await attempt(() => post(phone(address), sent), t('saved'));
    setBusy(false);
    if (done) onClose();
  };
  return html`<form class="behaviour stack" onSubmit=${save}>
    ${isWhatsApp && html`<${Field} label=${t('phone.profile')}><${Input} maxlength="100" value=${form.ProfileName} placeholder=${address.replace('whatsapp:', '')} onValue=${change('ProfileName')} /></${Field}>`}
    ${!isWhatsApp && html`<${Field} label=${t('phone.oncall')}><${Select} value=${form.OnCall} onValue=${change('OnCall')} options=${[['ring', t('mood.ring')], ['answer', t('mood.answer')], ['busy', t('mood.busy')], ['no-answer', t('mood.noanswer')], ['reject', t('mood.reject')], ['machine', t('mood.machine')], ['unreachable', t('mood.unreachable')]]} /></${Field}>
    <div class="grid2 two">
      <${Field} label=${t('phone.after')}><${Input} type="number" min="0" max="86400" step="any" value=${form.AnswerAfter} onValue=${change('AnswerAfter')} /></${Field}>
      <${Field} label=${t('phone.lines')}><${Input} type="number" min="1" max="100" value=${form.Lines} onValue=${change('Lines')} /></${Field}>
    </div>`}
    <${Field} label=${t('phone.onmessage')}><${Select} value=${form.OnMessage} onValue=${change('OnMessage')} options=${[['deliver', t('mood.deliver')], ['undelivered', t('mood.undelivered')], ['fail', t('mood.fail')], ['silent', t('mood.silent')]]} /></${Field}>
    <div class="grid2 two">
      <${Field} label=${t('phone.deliverafter')}><${Input} type="number" min="0" max="86400" step="any" value=${form.DeliverAfter} onValue=${change('DeliverAfter')} /></${Field}>
      <${Field} label=${t('phone.error')}><${Input} inputmode="numeric" placeholder="30003" value=${form.ErrorCode} onValue=${change('ErrorCode')} /></${Field}>
    </div>
    ${isWhatsApp && html`<${Field} label=${t('phone.readafter')} hint=${t('phone.readafter.hint')}><${Input} type="number" min="0" max="86400" step="any" value=${form.ReadAfter} onValue=${change('ReadAfter')} /></${Field}>
      <div class="field"><${Switch} checked=${form.ServiceWindow} onValue=${change('ServiceWindow')}>${t('phone.window')}</${Switch}><small>${t('phone.window.hint')}</small></div>`}
    <div class="row"><button class="btn main" disabled=${busy}>${t('save')}</button><${Button} kind="quiet" onClick=${onClose}>${t('cancel')}</${Button}></div>
  </form>`;
}
