// What a screen reader hears, and what shows for a moment: incoming texts and calls, things done.

import { html, useEffect, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { Icon } from './icons.js';

/** @typedef {{id: number, text: string, bad: boolean}} Toast */

/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Toast[]} */
let toasts = [];
let spoken = '';
let ids = 0;
const tell = () => listeners.forEach((one) => one());

/** For screen readers only. @param {string} text */
export function say(text) {
  // The same sentence twice has to differ to be read twice.
  spoken = spoken === text ? `${text}\u00a0` : text;
  tell();
}

/** For everybody, for some seconds. @param {string} text @param {boolean} [bad] */
export function toast(text, bad = false) {
  const id = ++ids;
  toasts = [...toasts.slice(-3), { id, text, bad }];
  say(text);
  setTimeout(() => close(id), bad ? 9000 : 4000);
}

/** @param {number} id */
function close(id) {
  toasts = toasts.filter((one) => one.id !== id);
  tell();
}

/** Does something; what goes wrong is said. @param {() => Promise<any>} what @param {string} [done] */
export async function attempt(what, done) {
  try {
    const value = await what();
    if (done) toast(done);
    return value;
  } catch (error) {
    const known = /** @type {any} */ (error);
    toast(known.code ? `${known.message} (${known.code})` : known.message, true);
    return undefined;
  }
}

export function Announcer() {
  const [, again] = useState(0);
  useEffect(() => {
    const one = () => again((n) => n + 1);
    listeners.add(one);
    return () => void listeners.delete(one);
  }, []);
  return html`<div class="sr" role="status" aria-live="polite">${spoken}</div>
    <div class="toasts">${toasts.map((one) => html`<div key=${one.id} class="toast ${one.bad ? 'bad' : ''}"><span class="grow break">${one.text}</span><button aria-label=${t('close')} onClick=${() => close(one.id)}><${Icon} name="close" size=${16} /></button></div>`)}</div>`;
}
