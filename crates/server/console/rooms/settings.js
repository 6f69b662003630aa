// Settings: the account's, the clock, how the house was started, and beginning anew.

import { html, useState } from '../vendor/preact-htm.js';
import { clockTime, dayTime, t } from '../lib/i18n.js';
import { get, post } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { current } from '../lib/session.js';
import { attempt, toast } from '../ui/announce.js';
import { Form } from '../ui/resource.js';
import { Button, Choice, Confirm, Input, Pill, Room, Trouble } from '../ui/parts.js';

export default function Settings() {
  return html`<${Room} title=${t('room.settings')}><div class="page stack"><${Account} /><${Clock} /><${House} />${current.get()?.rules && html`<${Anew} />`}</div></${Room}>`;
}

function Account() {
  const settings = useLive(() => get('/offhook/v1/Settings'), ['settings.']);
  return html`<section class="card"><header><h2>${t('set.account')}</h2></header><${Trouble} error=${settings.error} />
    ${settings.value && html`<${Form} key=${settings.value.date_updated} it=${settings.value} onSave=${(/** @type {any} */ form) => post('/offhook/v1/Settings', form)} parameters=${[
      { name: 'RetryProfile', label: t('set.retry'), kind: 'select', hint: t('set.retry.hint'), options: [['twilio', t('set.retry.twilio')], ['durable', t('set.retry.durable')]], of: (/** @type {any} */ it) => it.retry_profile },
      { name: 'MediaAuth', label: t('set.media'), kind: 'select', hint: t('set.media.hint'), options: [['open', t('set.media.open')], ['basic', t('set.media.basic')]], of: (/** @type {any} */ it) => it.media_auth },
      { name: 'Pacing', label: t('set.pacing'), kind: 'select', hint: t('set.pacing.hint'), options: [['off', t('set.pacing.off')], ['on', t('set.pacing.on')]], of: (/** @type {any} */ it) => it.pacing },
      { name: 'DebuggerUrl', label: t('set.debugger'), kind: 'url', span: true, hint: t('set.debugger.hint'), of: (/** @type {any} */ it) => it.debugger_url },
      { name: 'TlsValidation', label: t('set.tls'), kind: 'switch', of: (/** @type {any} */ it) => it.tls_validation },
      { name: 'OptOutReplies', label: t('set.optout'), kind: 'switch', of: (/** @type {any} */ it) => it.opt_out_replies },
    ]} />`}</section>`;
}

function Clock() {
  const clock = useLive(() => get('/offhook/v1/Clock'), ['message.', 'call.', 'webhook.']);
  const [by, setBy] = useState('60');
  const [busy, setBusy] = useState(false);
  const it = clock.value;
  const isVirtual = it?.mode === 'virtual';
  const order = async (/** @type {Record<string, string>} */ form) => {
    setBusy(true);
    const now = await attempt(() => post('/offhook/v1/Clock', form));
    setBusy(false);
    if (now) {
      clock.set(now);
      if (now.stopped_by) toast(t('clock.stopped', { time: clockTime(now.now) }));
    }
  };
  const mayRule = current.get()?.rules;
  return html`<section class="card stack"><header><h2 class="grow">${t('clock')}</h2>${it && html`<${Pill} tone=${isVirtual ? 'wait' : 'good'}>${isVirtual ? t('clock.virtual') : t('clock.real')}</${Pill}>`}</header>
    <p class="small dim">${t('clock.text')}</p>
    ${it && html`<p class="bigclock num">${dayTime(it.now)} <span class="dim">${clockTime(it.now)}</span></p>
      ${mayRule && html`<div class="row wrap">
        <${Choice} label=${t('clock')} value=${it.mode} onValue=${(/** @type {string} */ mode) => order({ Mode: mode })} options=${[['real', t('clock.real')], ['virtual', t('clock.virtual')]]} />
        ${isVirtual && html`<form class="row" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); void order({ Advance: `PT${Number(by) || 0}S` }); }}><label class="row"><span class="small">${t('clock.by')}</span><${Input} type="number" min="0" max="31536000" value=${by} onValue=${setBy} style=${{ width: '7rem' }} /></label><button class="btn" disabled=${busy}>${t('clock.advance')}</button></form>
          <${Button} busy=${busy} onClick=${() => order({ Advance: 'idle' })}>${t('clock.idle')}</${Button}>`}
      </div>`}`}
    <${Trouble} error=${clock.error} /></section>`;
}

function House() {
  const house = useLive(() => get('/offhook/v1/House'), []);
  const it = house.value;
  return html`<section class="card stack"><header><h2 class="grow">${t('house')}</h2>${it && html`<${Pill}>Offhook ${it.version}</${Pill}>`}</header>
    <p class="small dim">${t('house.text')}</p>
    <${Trouble} error=${house.error} />
    ${it && html`<dl class="facts">
      <dt>${t('house.public')}</dt><dd class="mono">${it.public_url}</dd>
      <dt>${t('house.guard')}</dt><dd>${it.guard === 'local' ? t('house.local') : t('house.publicguard')} <code class="dim">--guard ${it.guard}</code></dd>
      <dt>${t('house.allow')}</dt><dd>${it.allow.length ? it.allow.map((/** @type {string} */ one) => html`<code>${one}</code> `) : t('none')}</dd>
      <dt>${t('house.maps')}</dt><dd>${it.maps.length ? it.maps.map((/** @type {any} */ one) => html`<div class="mono">${one.public} → ${one.local}</div>`) : html`${t('none')} <code class="dim">--map PUBLIC=LOCAL</code>`}</dd>
      <dt>${t('house.speech')}</dt><dd>${it.speech === 'none' ? t('house.nospeech') : it.speech}</dd>
      <dt>${t('house.mp3')}</dt><dd>${it.mp3 ? t('yes') : t('house.nomp3')}</dd>
      <dt>${t('house.log')}</dt><dd>${t('days', { n: it.keep_log_days })}</dd>
      <dt>${t('house.seed')}</dt><dd>${it.seeded ? t('yes') : t('no')}</dd>
    </dl>`}</section>`;
}

function Anew() {
  const [asks, set] = useState(false);
  return html`<section class="card stack"><header><h2>${t('anew')}</h2></header><p class="small dim">${t('anew.text')}</p><div><${Button} kind="bad" onClick=${() => set(true)}>${t('anew.do')}</${Button}></div>
    ${asks && html`<${Confirm} title=${t('anew.sure')} action=${t('anew.do')} onClose=${() => set(false)} onYes=${async () => { await post('/offhook/v1/Reset'); await current.find(); toast(t('anew.done')); }}>${t('anew.text')}</${Confirm}>`}</section>`;
}
