// The parts that rooms are made of. Text from outside is always a child, never markup.

import { html, useEffect, useRef, useState } from '../vendor/preact-htm.js';
import { t, when, dayTime, dateOf } from '../lib/i18n.js';
import { Icon } from './icons.js';
import { say } from './announce.js';

/** @typedef {any} Any */

/** @param {Any} p */
export function Button({ icon, kind = '', small, label, children, busy, ...rest }) {
  const only = icon && !children;
  const name = `btn ${kind} ${small ? 'small' : ''} ${only ? 'icon' : ''}`;
  return html`<button type="button" class=${name} aria-label=${label} title=${only ? label : undefined} disabled=${busy} ...${rest}>
    ${icon && html`<${Icon} name=${icon} size=${small ? 16 : 18} />`}${children}
  </button>`;
}

/** @param {Any} p */
export function Field({ label, hint, span, children }) {
  return html`<label class="field ${span ? 'span' : ''}"><span>${label}</span>${children}${hint && html`<small>${hint}</small>`}</label>`;
}

/** @param {Any} p */
export function Input({ value, onValue, mono, ...rest }) {
  return html`<input class="in ${mono ? 'mono' : ''}" value=${value ?? ''} onInput=${(/** @type {Any} */ e) => onValue?.(e.target.value)} ...${rest} />`;
}

/** @param {Any} p options: [value, label] pairs */
export function Select({ value, onValue, options, ...rest }) {
  return html`<select class="in" value=${value ?? ''} onChange=${(/** @type {Any} */ e) => onValue(e.target.value)} ...${rest}>
    ${options.map((/** @type {[string, string]} */ [one, label]) => html`<option value=${one} selected=${one === (value ?? '')}>${label}</option>`)}
  </select>`;
}

/** @param {Any} p */
export function Switch({ checked, onValue, children, disabled }) {
  return html`<label class="switch"><input type="checkbox" role="switch" checked=${checked} disabled=${disabled} onChange=${(/** @type {Any} */ e) => onValue(e.target.checked)} /><span>${children}</span></label>`;
}

/** Choose one of a few, by arrow keys, too. @param {Any} p */
export function Choice({ value, onValue, options, label }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const keys = (/** @type {KeyboardEvent} */ e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const at = options.findIndex((/** @type {Any} */ [one]) => one === value);
    const next = (at + step + options.length) % options.length;
    onValue(options[next][0]);
    /** @type {HTMLElement} */ (box.current?.children[next])?.focus();
  };
  return html`<div class="seg" role="tablist" aria-label=${label} ref=${box} onKeyDown=${keys}>
    ${options.map((/** @type {Any} */ [one, name]) => html`<button type="button" role="tab" aria-selected=${String(one === value)} tabindex=${one === value ? 0 : -1} onClick=${() => onValue(one)}>${name}</button>`)}
  </div>`;
}

/** @param {Any} p */
export function Search({ value, onValue, label }) {
  return html`<div class="search"><${Icon} name="search" size=${16} /><input class="in" type="search" aria-label=${label} placeholder=${label} value=${value} onInput=${(/** @type {Any} */ e) => onValue(e.target.value)} /></div>`;
}

/** @param {Any} p */
export const Pill = ({ tone = '', children }) => html`<span class="pill ${tone}">${children}</span>`;

/** @param {Any} p */
export function Empty({ icon = 'inspect', title, children }) {
  return html`<div class="empty"><${Icon} name=${icon} size=${40} /><h2>${title}</h2>${children && html`<p>${children}</p>`}</div>`;
}

/** @param {Any} p */
export const Note = ({ tone = '', icon = 'warn', children }) => html`<div class="note ${tone}"><${Icon} name=${icon} size=${16} /><div class="grow break">${children}</div></div>`;

/** What went wrong, as the house says it. @param {{error: Any}} p */
export function Trouble({ error }) {
  if (!error) return null;
  return html`<div role="alert"><${Note} tone="bad">${error.message}${error.code ? html` <span class="mono">${error.code}</span>` : ''}</${Note}></div>`;
}

/** @param {{date: Any}} p */
export const Time = ({ date }) => html`<time class="num" datetime=${dateOf(date)?.toISOString()} title=${dateOf(date) ? dayTime(date) : ''}>${when(date)}</time>`;

/** @param {{text: string, label?: string, children?: Any, small?: boolean, kind?: string}} p */
export function Copy({ text, label, children, small = true, kind = 'quiet' }) {
  const [done, set] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      toCopy(text);
    }
    set(true);
    say(t('copy.done'));
    setTimeout(() => set(false), 1600);
  };
  return html`<${Button} icon=${done ? 'check' : 'copy'} small=${small} kind=${kind} label=${label ?? t('copy.do')} onClick=${copy}>${children}</${Button}>`;
}

/** Without the clipboard's permission: what a selection can do. @param {string} text */
function toCopy(text) {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

/** A dialog that keeps the focus and gives it back. @param {Any} p */
export function Dialog({ title, onClose, children, footer, onSubmit, wide }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  const style = wide ? { width: 'min(880px, calc(100vw - 2rem))' } : {};
  return html`<dialog ref=${dialog} style=${style} aria-label=${title} onClose=${onClose} onClick=${(/** @type {Any} */ e) => e.target === dialog.current && onClose()}>
    <form method="dialog" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); onSubmit?.(); }}>
      <header><h2>${title}</h2><${Button} icon="close" kind="quiet" label=${t('close')} onClick=${onClose} /></header>
      <div class="body">${children}</div>
      ${footer && html`<footer>${footer}</footer>`}
    </form>
  </dialog>`;
}

/** Asks before something is gone. @param {Any} p */
export function Confirm({ title, children, action, onYes, onClose }) {
  const [state, set] = useState(/** @type {Any} */ ({ busy: false, error: null }));
  const yes = async () => {
    set({ busy: true, error: null });
    try {
      await onYes();
      onClose();
    } catch (error) {
      set({ busy: false, error });
    }
  };
  const footer = html`<${Button} onClick=${onClose}>${t('cancel')}</${Button}><${Button} kind="bad" busy=${state.busy} onClick=${yes}>${action}</${Button}>`;
  return html`<${Dialog} title=${title} onClose=${onClose} footer=${footer}><p class="break">${children}</p><${Trouble} error=${state.error} /></${Dialog}>`;
}

/** Names and values as a table. @param {{values: Record<string, Any>, differs?: Set<string>}} p */
export function Pairs({ values, differs }) {
  const rows = Object.entries(values).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one]));
  if (!rows.length) return html`<p class="dim small">${t('none')}</p>`;
  return html`<table class="pairs"><tbody>${rows.map(([name, value]) => html`<tr class=${differs?.has(name) ? 'diff' : ''}><th scope="row">${name}</th><td>${String(value ?? '')}</td></tr>`)}</tbody></table>`;
}

/** The top of a room. @param {Any} p */
export function Room({ title, tools, children, flush, intro }) {
  useEffect(() => {
    document.title = `${title} · Offhook`;
  }, [title]);
  return html`<main class="room" id="room" tabindex="-1">
    <header><h1>${title}</h1>${intro}<div class="tools">${tools}</div></header>
    <div class="room-body ${flush ? 'flush' : ''}" tabindex=${flush ? undefined : 0} role=${flush ? undefined : 'region'} aria-label=${flush ? undefined : title}>${children}</div>
  </main>`;
}
