// One bin: editor, what is wrong with it, what a request would get, its versions, its use.

import { html, useEffect, useRef, useState } from '../../vendor/preact-htm.js';
import { t } from '../../lib/i18n.js';
import { get, post, remove } from '../../lib/api.js';
import { useLive } from '../../lib/events.js';
import { href } from '../../lib/router.js';
import { attempt } from '../../ui/announce.js';
import { Answer, Mark } from '../../ui/code.js';
import { Editor } from '../../ui/editor.js';
import { Icon } from '../../ui/icons.js';
import { Button, Choice, Confirm, Copy, Dialog, Field, Note, Pill, Select, Time, Trouble } from '../../ui/parts.js';
import { useNumbers } from '../../lib/numbers.js';

/** How long after the last key the house is asked. */
const PAUSE_MS = 140;

/** What the house says of a document, while it is written.
 * @param {string} text @param {Record<string, string>} samples */
function useCheck(text, samples) {
  const [found, set] = useState(/** @type {any} */ ({ problems: [], rendered: null, valid: true }));
  const turn = useRef(0);
  const asked = JSON.stringify(samples);
  useEffect(() => {
    const mine = ++turn.current;
    const wait = setTimeout(async () => {
      const form = Object.fromEntries(Object.entries(samples).map(([name, value]) => [`Parameter.${name}`, value]));
      const answer = await post('/offhook/v1/Check', { Twiml: text, ...form }).catch(() => null);
      if (answer && mine === turn.current) set(answer);
    }, PAUSE_MS);
    return () => clearTimeout(wait);
  }, [text, asked]);
  return found;
}

/** The parameters that a template names. @param {string} text */
const namesIn = (text) => [...new Set([...text.matchAll(/\{\{\{?[#^]?\s*([\w.]+)\s*\}?\}\}/g)].map((one) => one[1]))].filter((name) => name !== '.');
/** @type {Record<string, string>} */
const SAMPLES = { Body: 'hello', From: '+12025550199', To: '+12025550100', Digits: '1', SpeechResult: 'hello', CallStatus: 'ringing', NumMedia: '0' };

/** @param {any} p */
export function Bin({ bin, onGone }) {
  const [text, setText] = useState(bin.twiml);
  const [name, setName] = useState(bin.friendly_name ?? '');
  const [access, setAccess] = useState(bin.access);
  const [samples, setSamples] = useState(/** @type {Record<string, string>} */ ({}));
  const [side, setSide] = useState('preview');
  const [dialog, setDialog] = useState('');
  const [error, setError] = useState(/** @type {any} */ (null));
  const shown = useRef(bin.version);
  const dirty = text !== bin.twiml || name !== (bin.friendly_name ?? '') || access !== bin.access;
  // Another tab saved: what was not touched here follows.
  useEffect(() => {
    if (bin.version !== shown.current) {
      shown.current = bin.version;
      setText(bin.twiml);
    }
  }, [bin.version]);
  const names = namesIn(text);
  const filled = Object.fromEntries(names.map((one) => [one, samples[one] ?? SAMPLES[one] ?? '']));
  const check = useCheck(text, filled);
  const save = async () => {
    setError(null);
    try {
      const saved = await post(`/offhook/v1/Bins/${bin.sid}`, { Twiml: text, FriendlyName: name, Access: access });
      shown.current = saved.version;
    } catch (problem) {
      setError(problem);
    }
  };
  const worst = check.problems.some((/** @type {any} */ one) => one.level === 'error');
  return html`<article class="stack binroom">
    <header class="row wrap">
      <a class="btn quiet small back" href=${href('bins')}><${Icon} name="back" size=${16} />${t('back')}</a>
      <label class="grow"><span class="sr">${t('name')}</span><input class="in title" value=${name} maxlength="64" placeholder=${bin.sid} onInput=${(/** @type {any} */ e) => setName(e.target.value)} /></label>
      <${Button} icon="hash" onClick=${() => setDialog('use')}>${t('bins.use')}</${Button}>
      <${Button} kind="main" icon="check" disabled=${!dirty} onClick=${save}>${dirty ? t('save') : t('saved')}</${Button}>
      <${Button} icon="trash" kind="quiet" label=${t('delete')} onClick=${() => setDialog('delete')} />
    </header>
    <div class="row wrap small"><span class="mono break dim">${bin.url}</span><${Copy} text=${bin.url} />
      <span class="grow"></span><label class="field inline"><span>${t('bins.access')}</span><${Select} value=${access} onValue=${setAccess} options=${[['open', t('bins.open')], ['signed', t('bins.signed')]]} /></label></div>
    <${Trouble} error=${error} />
    <div class="bench">
      <div class="stack tight">
        <${Editor} value=${text} onValue=${setText} problems=${check.problems} label=${t('bins.editor')} onSave=${save} />
        <div class="problems" aria-live="polite">
          ${check.problems.length ? check.problems.map((/** @type {any} */ one) => html`<div class="row problem"><${Pill} tone=${one.level === 'error' ? 'bad' : 'wait'}>${one.line}:${one.column}</${Pill}><${Mark} problem=${one} /></div>`) : html`<p class="small ok"><${Icon} name="check" size=${14} /> ${t('bins.clean')}</p>`}
          ${worst && !check.valid && html`<${Note} tone="bad">${t('bins.fatal')}</${Note}>`}
        </div>
        <p class="small dim"><kbd>Ctrl</kbd> <kbd>Space</kbd> ${t('bins.complete')} · <kbd>Ctrl</kbd> <kbd>S</kbd> ${t('bins.savekey')}</p>
      </div>
      <div class="stack">
        <${Choice} label=${t('bins.sides')} value=${side} onValue=${setSide} options=${[['preview', t('bins.preview')], ['versions', t('bins.versions')]]} />
        ${side === 'preview'
          ? html`${names.length > 0 && html`<div class="stack tight"><p class="small dim">${t('bins.samples')}</p>${names.map((one) => html`<label class="row sample"><span class="mono small">${one}</span><input class="in mono" value=${filled[one]} onInput=${(/** @type {any} */ e) => setSamples((was) => ({ ...was, [one]: e.target.value }))} /></label>`)}</div>`}
            ${check.rendered !== null ? html`<div data-test="preview"><${Answer} body=${check.rendered} type="text/xml" /></div>` : html`<p class="dim small">${t('bins.nopreview')}</p>`}`
          : html`<${Versions} bin=${bin} />`}
      </div>
    </div>
    ${dialog === 'use' && html`<${UseFor} bin=${bin} onClose=${() => setDialog('')} />`}
    ${dialog === 'delete' && html`<${Confirm} title=${t('bins.delete')} action=${t('delete')} onClose=${() => setDialog('')} onYes=${async () => { await remove(`/offhook/v1/Bins/${bin.sid}`); onGone(); }}>${t('bins.delete.text', { name: bin.friendly_name || bin.sid })}</${Confirm}>`}
  </article>`;
}

/** @param {any} p */
function Versions({ bin }) {
  const versions = useLive(async () => (await get(`/offhook/v1/Bins/${bin.sid}/Versions?PageSize=100`)).versions, ['bin.'], [bin.sid, bin.version]);
  const [open, setOpen] = useState(0);
  return html`<ol class="versions">${(versions.value ?? []).map((/** @type {any} */ one) => html`<li key=${one.version}>
    <div class="row"><button type="button" class="btn quiet small grow start" aria-expanded=${String(open === one.version)} onClick=${() => setOpen(open === one.version ? 0 : one.version)}><${Icon} name=${open === one.version ? 'down' : 'right'} size=${14} />${t('bins.version', { n: one.version })} <span class="dim"><${Time} date=${one.date_created} /></span></button>
      ${one.current ? html`<${Pill} tone="good">${t('bins.current')}</${Pill}>` : html`<${Button} icon="replay" small onClick=${() => attempt(() => post(`/offhook/v1/Bins/${bin.sid}/Versions/${one.version}/Restore`), t('bins.restored', { n: one.version }))}>${t('bins.restore')}</${Button}>`}</div>
    ${open === one.version && html`<${Answer} body=${one.twiml} type="text/xml" />`}</li>`)}</ol>`;
}

/** The bin as the webhook of a number. @param {any} p */
function UseFor({ bin, onClose }) {
  const numbers = useNumbers();
  const [sid, setSid] = useState('');
  const [texts, setTexts] = useState(/<Message|<Sms|\{\{Body/.test(bin.twiml) || !/<Say|<Gather|<Dial|<Play/.test(bin.twiml));
  const [calls, setCalls] = useState(/<Say|<Gather|<Dial|<Play|<Record|<Hangup|<Reject/.test(bin.twiml));
  const chosen = sid || numbers.value?.[0]?.sid || '';
  const submit = async () => {
    const form = { ...(texts ? { SmsUrl: bin.url, SmsMethod: 'POST', SmsApplicationSid: '' } : {}), ...(calls ? { VoiceUrl: bin.url, VoiceMethod: 'POST', VoiceApplicationSid: '' } : {}) };
    const done = await attempt(() => numbers.update(chosen, form), t('bins.used'));
    if (done) onClose();
  };
  return html`<${Dialog} title=${t('bins.use')} onClose=${onClose} onSubmit=${submit} footer=${html`<button class="btn main" disabled=${!chosen || !(texts || calls)}>${t('bins.usedo')}</button>`}>
    <${Field} label=${t('number')}><${Select} value=${chosen} onValue=${setSid} options=${(numbers.value ?? []).map((/** @type {any} */ one) => [one.sid, one.phone_number])} /></${Field}>
    <div class="row wrap"><label class="row"><input type="checkbox" checked=${texts} onChange=${(/** @type {any} */ e) => setTexts(e.target.checked)} /> ${t('bins.fortexts')}</label><label class="row"><input type="checkbox" checked=${calls} onChange=${(/** @type {any} */ e) => setCalls(e.target.checked)} /> ${t('bins.forcalls')}</label></div>
    <${Note} icon="hash">${t('bins.use.text')}</${Note}>
  </${Dialog}>`;
}
