// A room that is a list of things with a form beside it: numbers, services, applications.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { go, href } from '../lib/router.js';
import { Button, Confirm, Empty, Field, Input, Room, Search, Select, Switch, Trouble } from './parts.js';
import { Icon } from './icons.js';
import { toast } from './announce.js';

/**
 * One parameter of a form. `name` is the API's; `of` reads it from what the API showed.
 * @typedef {{name: string, label: string, of: (it: any) => any, kind?: 'text' | 'url' | 'method' | 'switch' | 'select' | 'number', hint?: string, options?: Array<[string, string]>, span?: boolean, when?: (form: any) => boolean, list?: string[]}} Parameter
 */

/** @param {{it: any, parameters: Parameter[], onSave: (form: Record<string, any>) => Promise<any>, bins?: any[]}} p */
export function Form({ it, parameters, onSave, bins = [] }) {
  const read = () => Object.fromEntries(parameters.map((one) => [one.name, one.of(it) ?? '']));
  const [was, setWas] = useState(read);
  const [form, set] = useState(was);
  const [state, setState] = useState(/** @type {any} */ ({ busy: false, error: null }));
  const change = (/** @type {string} */ name) => (/** @type {any} */ value) => set((now) => ({ ...now, [name]: value }));
  const changed = Object.fromEntries(Object.entries(form).filter(([name, value]) => String(value) !== String(was[name])));
  const dirty = Object.keys(changed).length > 0;
  const save = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setState({ busy: true, error: null });
    try {
      await onSave(changed);
      setWas(form);
      setState({ busy: false, error: null });
      toast(t('saved'));
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return html`<form class="stack" onSubmit=${save}>
    <div class="grid2">${parameters.filter((one) => one.when?.(form) ?? true).map((one) => {
      const value = form[one.name];
      if (one.kind === 'switch') return html`<div class="field ${one.span ? 'span' : ''}" key=${one.name}><${Switch} checked=${value === true || value === 'true'} onValue=${change(one.name)}>${one.label}</${Switch}>${one.hint && html`<small>${one.hint}</small>`}</div>`;
      const input = one.kind === 'method'
        ? html`<${Select} value=${value} onValue=${change(one.name)} options=${[['POST', 'POST'], ['GET', 'GET']]} />`
        : one.kind === 'select'
          ? html`<${Select} value=${value} onValue=${change(one.name)} options=${one.options} />`
          : one.kind === 'url'
            ? html`<${Input} mono type="text" inputmode="url" list="bin-urls" value=${value} onValue=${change(one.name)} placeholder="https://…" />`
            : html`<${Input} type=${one.kind === 'number' ? 'number' : 'text'} value=${value} onValue=${change(one.name)} />`;
      return html`<${Field} key=${one.name} label=${one.label} hint=${one.hint} span=${one.span}>${input}</${Field}>`;
    })}</div>
    <datalist id="bin-urls">${bins.map((one) => html`<option value=${one.url}>${one.friendly_name}</option>`)}</datalist>
    <${Trouble} error=${state.error} />
    <div class="row"><button class="btn main" disabled=${!dirty || state.busy}>${t('save')}</button>${dirty && html`<${Button} kind="quiet" onClick=${() => set(was)}>${t('undo')}</${Button}>`}</div>
  </form>`;
}

/**
 * List and detail. `row` gives a row's two lines; `detail` what stands beside it.
 * @param {{room: string, title: string, list: any, sid?: string, tools?: any, row: (it: any) => {top: any, under: any, text: string}, detail: (it: any) => any, empty: {icon: string, title: string, text: string}}} p
 */
export function ListRoom({ room, title, list, sid, tools, row, detail, empty }) {
  const [words, setWords] = useState('');
  const all = list.value ?? [];
  const found = all.filter((/** @type {any} */ one) => row(one).text.toLowerCase().includes(words.toLowerCase()));
  const it = all.find((/** @type {any} */ one) => one.sid === sid);
  return html`<${Room} title=${title} tools=${tools} flush>
    <div class="split ${sid ? 'has-detail' : ''}">
      <div class="list">
        <div class="bar"><${Search} label=${t('search')} value=${words} onValue=${setWords} /></div>
        <${Trouble} error=${list.error} />
        <ul class="virtual">${found.map((/** @type {any} */ one) => {
          const { top, under } = row(one);
          return html`<li key=${one.sid}><a class="rowbtn" href=${href(room, one.sid)} aria-current=${one.sid === sid ? 'true' : undefined}><span class="top">${top}</span><span class="under">${under}</span></a></li>`;
        })}</ul>
        ${list.value && !found.length && html`<${Empty} icon=${empty.icon} title=${empty.title}>${empty.text}</${Empty}>`}
      </div>
      <div class="detail">${it ? html`<article class="stack loose" key=${it.sid}><a class="btn quiet small back" href=${href(room)}><${Icon} name="back" size=${16} />${t('back')}</a>${detail(it)}</article>` : html`<${Empty} icon=${empty.icon} title=${t('choose')}>${empty.text}</${Empty}>`}</div>
    </div>
  </${Room}>`;
}

/** A button that asks, and then removes. @param {{name: string, what: () => Promise<any>, room: string}} p */
export function Remove({ name, what, room }) {
  const [asks, set] = useState(false);
  return html`<${Button} icon="trash" kind="bad" small onClick=${() => set(true)}>${t('delete')}</${Button}>
    ${asks && html`<${Confirm} title=${t('delete.sure')} action=${t('delete')} onClose=${() => set(false)} onYes=${async () => { await what(); go(href(room), true); }}>${t('delete.text', { name })}</${Confirm}>`}`;
}
