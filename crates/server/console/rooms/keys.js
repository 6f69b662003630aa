// Who may ask the house: the account and its token, its API keys, its subaccounts.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, get, post, remove, twilio } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { current } from '../lib/session.js';
import { accountStatus } from '../lib/words.js';
import { attempt } from '../ui/announce.js';
import { Button, Confirm, Copy, Dialog, Field, Input, Note, Pill, Room, Select, Time, Trouble } from '../ui/parts.js';

export default function Keys() {
  if (!current.get()?.manages) return html`<${Room} title=${t('room.keys')}><${Note} tone="wait">${t('keys.bykey')}</${Note}></${Room}>`;
  return html`<${Room} title=${t('room.keys')}><div class="page stack"><${Mine} /><${ApiKeys} /><${Trial} /><${Accounts} /></div></${Room}>`;
}

/** @param {{token: string}} p */
function Secret({ token }) {
  const [shown, show] = useState(false);
  return html`<span class="mono">${shown ? token : '•'.repeat(16)}</span> <${Button} small kind="quiet" onClick=${() => show(!shown)}>${shown ? t('keys.hide') : t('keys.show')}</${Button}><${Copy} text=${token} />`;
}

function Mine() {
  const account = useLive(() => get(`/2010-04-01/Accounts/${current.sid()}.json`), ['account.']);
  const it = account.value;
  return html`<section class="card"><header><h2 class="grow">${it?.friendly_name ?? t('keys.account')}</h2>${it && html`<${Pill} tone="good">${accountStatus(it.status)}</${Pill}>`}</header>
    <${Trouble} error=${account.error} />
    ${it && html`<dl class="facts"><dt>${t('signin.sid')}</dt><dd class="mono">${it.sid} <${Copy} text=${it.sid} /></dd><dt>${t('signin.token')}</dt><dd><${Secret} token=${it.auth_token} /></dd><dt>${t('base')}</dt><dd class="mono">${location.origin} <${Copy} text=${location.origin} /></dd></dl>`}</section>`;
}

/** What a restricted key may be permitted, as a beginning. */
const PERMISSIONS = ['/twilio/messaging/messages/create', '/twilio/messaging/messages/read', '/twilio/messaging/messages/list', '/twilio/voice/calls/create', '/twilio/voice/calls/read', '/twilio/voice/calls/list'];

function ApiKeys() {
  const keys = useLive(() => all('/offhook/v1/Keys', 'keys', 500), ['key.', 'account.']);
  const [name, setName] = useState('');
  const [kind, setKind] = useState('standard');
  const [allow, setAllow] = useState(PERMISSIONS[0]);
  const [made, setMade] = useState(/** @type {any} */ (null));
  const [gone, setGone] = useState(/** @type {any} */ (null));
  const kinds = { standard: t('keys.standard'), main: t('keys.main'), restricted: t('keys.restricted') };
  const create = async (/** @type {Event} */ e) => {
    e.preventDefault();
    const policy = kind === 'restricted' ? { Policy: JSON.stringify({ allow: allow.split(/[\s,]+/).filter(Boolean) }) } : {};
    const one = await attempt(() => post('/offhook/v1/Keys', { FriendlyName: name, KeyType: kind, ...policy }));
    if (one) {
      setMade(one);
      setName('');
      keys.reload();
    }
  };
  return html`<section class="card stack"><header><h2 class="grow">${t('keys.keys')}</h2></header>
    <p class="small dim">${t('keys.keys.text')}</p>
    ${(keys.value ?? []).length > 0 && html`<ul class="things">
      ${keys.value?.map((/** @type {any} */ one) => html`<li key=${one.sid} class="thing"><div class="grow"><div class="row wrap"><b class="break">${one.friendly_name || t('keys.unnamed')}</b><${Pill} tone=${one.key_type === 'main' ? 'wait' : ''}>${/** @type {any} */ (kinds)[one.key_type] ?? one.key_type}</${Pill}></div>
        <div class="row wrap small dim"><span class="mono break">${one.sid}</span><${Time} date=${one.date_created} /></div>
        ${one.policy?.allow && html`<div class="chips">${one.policy.allow.map((/** @type {string} */ permission) => html`<code class="small break">${permission}</code>`)}</div>`}</div>
        <${Button} icon="trash" small kind="quiet" label=${t('keys.delete', { name: one.friendly_name || one.sid })} onClick=${() => setGone(one)} /></li>`)}</ul>`}
    <form class="stack tight" onSubmit=${create}>
      <div class="row wrap add"><label class="grow"><span class="sr">${t('name')}</span><${Input} value=${name} onValue=${setName} placeholder=${t('keys.name')} maxlength="64" /></label>
        <label><span class="sr">${t('keys.kind')}</span><${Select} value=${kind} onValue=${setKind} options=${Object.entries(kinds)} /></label><button class="btn">${t('keys.create')}</button></div>
      ${kind === 'restricted' && html`<${Field} label=${t('keys.allow')} hint=${t('keys.allow.hint')}><textarea class="in mono" rows="3" value=${allow} spellcheck="false" onInput=${(/** @type {any} */ e) => setAllow(e.target.value)}></textarea></${Field}>
        <div class="chips">${PERMISSIONS.filter((one) => !allow.includes(one)).map((one) => html`<button type="button" key=${one} class="btn small quiet mono" onClick=${() => setAllow(`${allow.trim()}\n${one}`.trim())}>+ ${one}</button>`)}</div>`}
      <p class="small dim">${kind === 'main' ? t('keys.main.text') : kind === 'restricted' ? t('keys.restricted.text') : t('keys.standard.text')}</p>
    </form>
    ${made && html`<${Dialog} title=${t('keys.made')} onClose=${() => setMade(null)}><${Note} tone="wait">${t('keys.once')}</${Note}><dl class="facts"><dt>SID</dt><dd class="mono">${made.sid} <${Copy} text=${made.sid} /></dd><dt>${t('keys.secret')}</dt><dd class="mono">${made.secret} <${Copy} text=${made.secret} /></dd></dl></${Dialog}>`}
    ${gone && html`<${Confirm} title=${t('delete.sure')} action=${t('delete')} onClose=${() => setGone(null)} onYes=${async () => { await remove(twilio(`/Keys/${gone.sid}.json`)); keys.reload(); }}>${t('delete.text', { name: gone.friendly_name || gone.sid })}</${Confirm}>`}
  </section>`;
}

/** Credentials that check a request and do nothing. */
function Trial() {
  const door = '/offhook/v1/TestCredentials';
  const pair = useLive(() => get(door).catch((error) => (error.status === 404 ? { sid: '' } : Promise.reject(error))), ['account.']);
  const it = pair.value;
  const make = async () => {
    const made = await attempt(() => post(door));
    if (made) pair.set(made);
  };
  const drop = async () => {
    if ((await attempt(() => remove(door), t('keys.test.gone'))) === null) pair.set({ sid: '' });
  };
  return html`<section class="card stack"><header><h2 class="grow">${t('keys.test')}</h2>${it?.sid && html`<${Button} small kind="bad" onClick=${drop}>${t('delete')}</${Button}>`}${it && html`<${Button} small onClick=${make}>${it.sid ? t('keys.test.anew') : t('keys.test.make')}</${Button}>`}</header>
    <p class="small dim">${t('keys.test.text')}</p>
    <${Trouble} error=${pair.error} />
    ${it?.sid && html`<dl class="facts"><dt>${t('signin.sid')}</dt><dd class="mono">${it.sid} <${Copy} text=${it.sid} /></dd><dt>${t('signin.token')}</dt><dd><${Secret} token=${it.auth_token} /></dd></dl>`}</section>`;
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
    ${subs.length > 0 && html`<ul class="stack tight">${subs.map((/** @type {any} */ one) => html`<li key=${one.sid} class="sub"><div class="row wrap"><b class="grow break">${one.friendly_name}</b><${Pill} tone=${one.status === 'active' ? 'good' : one.status === 'closed' ? 'bad' : 'wait'}>${accountStatus(one.status)}</${Pill}>
      ${one.status === 'active' && html`<${Button} small onClick=${() => put(one, 'suspended')}>${t('keys.suspend')}</${Button}>`}${one.status === 'suspended' && html`<${Button} small onClick=${() => put(one, 'active')}>${t('keys.activate')}</${Button}>`}${one.status !== 'closed' && html`<${Button} small kind="bad" onClick=${() => setClosing(one)}>${t('keys.close')}</${Button}>`}</div>
      <div class="row wrap small"><span class="mono">${one.sid}</span><${Secret} token=${one.auth_token} /></div></li>`)}</ul>`}
    <form class="row add" onSubmit=${create}><label class="grow"><span class="sr">${t('name')}</span><${Input} value=${name} onValue=${setName} placeholder=${t('keys.subname')} maxlength="64" /></label><button class="btn">${t('keys.subcreate')}</button></form>
    ${closing && html`<${Confirm} title=${t('keys.closesure')} action=${t('keys.close')} onClose=${() => setClosing(null)} onYes=${() => post(`/2010-04-01/Accounts/${closing.sid}.json`, { Status: 'closed' })}>${t('keys.close.text', { name: closing.friendly_name })}</${Confirm}>`}
  </section>`;
}
