// Which room the address names: /console/<room>/<what>. Links are links; a click stays on the page.

import { useEffect, useState } from '../vendor/preact-htm.js';

const HOME = '/console/';
/** @type {Set<() => void>} */
const listeners = new Set();

/** @returns {string[]} */
export const parts = () =>
  location.pathname.slice(HOME.length).split('/').filter(Boolean).map(decodeURIComponent);

/** @param {...string} names */
export const href = (...names) => HOME + names.map(encodeURIComponent).join('/');

/** @param {string} to @param {boolean} [instead] */
export function go(to, instead = false) {
  if (to === location.pathname + location.search) return;
  history[instead ? 'replaceState' : 'pushState'](null, '', to);
  listeners.forEach((tell) => tell());
}

/** @returns {string[]} */
export function useParts() {
  const [now, set] = useState(parts);
  useEffect(() => {
    const tell = () => set(parts());
    listeners.add(tell);
    addEventListener('popstate', tell);
    return () => {
      listeners.delete(tell);
      removeEventListener('popstate', tell);
    };
  }, []);
  return now;
}

/** A click on a link of the console. @param {MouseEvent} event */
export function onClick(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = /** @type {HTMLElement} */ (event.target).closest?.('a');
  if (!link || link.target || link.origin !== location.origin || !link.pathname.startsWith(HOME) || link.hasAttribute('download')) return;
  event.preventDefault();
  go(link.pathname + link.search);
}
