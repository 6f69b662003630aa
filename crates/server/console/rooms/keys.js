// Who may ask the house: the account and its token, its API keys, its subaccounts.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, get, post, remove, twilio } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { current } from '../lib/session.js';
import { attempt } from '../ui/announce.js';
import { Button, Confirm, Copy, Dialog, Input, Note, Pill, Room, Time, Trouble } from '../ui/parts.js';

export default function Keys() {
  if (!current.get()?.manages) return html`<${Room} title=${t('room.keys')}><${Note} tone="wait">${t('keys.bykey')}</${Note}></${Room}>`;
  return html`<${Room} title=${t('room.keys')}><div class="page stack"><${Mine} /><${ApiKeys} /><${Accounts} /></div></${Room}>`;
}

/** @param {{token: string}} p */
function Secret({ token }) {
  const [shown, show] = useState(false);
  return html`<span class="mono">${shown ? token : '•'.repeat(16)}</span> <${Button} small kind="quiet" onClick=${() => show(!shown)}>${shown ? t('keys.hide') : t('keys.show')}</${Button}><${Copy} text=${token} />`;
}

function Mine() {
  const account = useLive(() => get(`/2010-04-01/Accounts/${current.sid()}.json`), ['account.']);
  const it = account.value;
  return html`<section class="card"><header><h2 class="grow">${it?.friendly_name ?? t('keys.account')}</h2>${it && html`<${Pill} tone="good">${it.status}</${Pill}>`}</header>
    <${Trouble} error=${account.error} />
    ${it && html`<dl class="facts"><dt>${t('signin.sid')}</dt><dd class="mono">${it.sid} <${Copy} text=${it.sid} /></dd><dt>${t('signin.token')}</dt><dd><${Secret} token=${it.auth_token} /></dd><dt>${t('base')}</dt><dd class="mono">${location.origin} <${Copy} text=${location.origin} /></dd></dl>`}</section>`;
}

function ApiKeys() {
  const keys = useLive(() => all(twilio('/Keys.json'), 'keys', 500), ['key.', 'account.']);
  const [name, setName] = useState('');
  const [made, setMade] = useState(/** @type {any} */ (null));
  const [gone, setGone] = useState(/** @type {any} */ (null));
  const create = async (/** @type {Event} */ e) => {
    e.preventDefault();
    const one = await attempt(() => post(twilio('/Keys.json'), { FriendlyName: name }));
    if (one) {
      setMade(one);
      setName('');
      keys.reload();
    }
  };
  return html`<section class="card stack"><header><h2 class="grow">${t('keys.keys')}</h2></header>
    <p class="small dim">${t('keys.keys.text')}</p>
    ${(keys.value ?? []).length > 0 && html`<div class="scroll"><table class="sheet-table"><thead><tr><th scope="col">${t('name')}</th><th scope="col">SID</th><th scope="col">${t('created')}</th><td></td></tr></thead><tbody>
      ${keys.value?.map((/** @type {any} */ one) => html`<tr key=${one.sid}><td>${one.friendly_name || '–'}</td><td class="mono">${one.sid}</td><td><${Time} date=${one.date_created} /></td><td class="row"><${Button} icon="trash" small kind="quiet" label=${t('keys.delete', { name: one.friendly_name || one.sid })} onClick=${() => setGone(one)} /></td></tr>`)}</tbody></table></div>`}
    <form class="row add" onSubmit=${create}><label class="grow"><span class="sr">${t('name')}</span><${Input} value=${name} onValue=${setName} placeholder=${t('keys.name')} maxlength="64" /></label><button class="btn">${t('keys.create')}</button></form>
    ${made && html`<${Dialog} title=${t('keys.made')} onClose=${() => setMade(null)}><${Note} tone="wait">${t('keys.once')}</${Note}><dl class="facts"><dt>SID</dt><dd class="mono">${made.sid} <${Copy} text=${made.sid} /></dd><dt>${t('keys.secret')}</dt><dd class="mono">${made.secret} <${Copy} text=${made.secret} /></dd></dl></${Dialog}>`}
    ${gone && html`<${Confirm} title=${t('delete.sure')} action=${t('delete')} onClose=${() => setGone(null)} onYes=${async () => { await remove(twilio(`/Keys/${gone.sid}.json`)); keys.reload(); }}>${t('delete.text', { name: gone.friendly_name || gone.sid })}</${Confirm}>`}
  </section>`;
}

function Accounts() {
  const accounts = useLive(() => all('/2010-04-01/Accounts.json', 'accounts', 500), ['account.']);
  const [name, setName] = useState('');
  const [closing, setClosing] = useState(/** @type {any} */ (null));
  const subs = (accounts.value ?? []).filter((/** @type {any} */ one) => one.sid !== current.sid());
  const create = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (await attempt(() => post('/2010-04-01/Accounts.json', { FriendlyName: name }))) setName('');
  };
  const put = (/** @type {any} */ one, /** @type {string} */ status) => attempt(() => post(`/2010-04-01/Accounts/${one.sid}.json`, { Status: status }), t('saved'));
  return html`<section class="card stack"><header><h2 class="grow">${t('keys.subs')}</h2></header>
    <p class="small dim">${t('keys.subs.text')}</p>
    ${subs.length > 0 && html`<ul class="stack tight">${subs.map((/** @type {any} */ one) => html`<li key=${one.sid} class="sub"><div class="row wrap"><b class="grow break">${one.friendly_name}</b><${Pill} tone=${one.status === 'active' ? 'good' : one.status === 'closed' ? 'bad' : 'wait'}>${one.status}</${Pill}>
      ${one.status === 'active' && html`<${Button} small onClick=${() => put(one, 'suspended')}>${t('keys.suspend')}</${Button}>`}${one.status === 'suspended' && html`<${Button} small onClick=${() => put(one, 'active')}>${t('keys.activate')}</${Button}>`}${one.status !== 'closed' && html`<${Button} small kind="bad" onClick=${() => setClosing(one)}>${t('keys.close')}</${Button}>`}</div>
      <div class="row wrap small"><span class="mono">${one.sid}</span><${Secret} token=${one.auth_token} /></div></li>`)}</ul>`}
    <form class="row add" onSubmit=${create}><label class="grow"><span class="sr">${t('name')}</span><${Input} value=${name} onValue=${setName} placeholder=${t('keys.subname')} maxlength="64" /></label><button class="btn">${t('keys.subcreate')}</button></form>
    ${closing && html`<${Confirm} title=${t('keys.closesure')} action=${t('keys.close')} onClose=${() => setClosing(null)} onYes=${() => post(`/2010-04-01/Accounts/${closing.sid}.json`, { Status: 'closed' })}>${t('keys.close.text', { name: closing.friendly_name })}</${Confirm}>`}
  </section>`;
}
