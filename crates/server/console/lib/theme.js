// Light, dark, or as the system has it.

import { memory } from './memory.js';

/** @type {Array<'auto' | 'light' | 'dark'>} */
export const THEMES = ['auto', 'light', 'dark'];

/** @returns {'auto' | 'light' | 'dark'} */
export const theme = () => {
  const kept = memory.get('theme', 'auto');
  return THEMES.find((one) => one === kept) ?? 'auto';
};

/** @param {string} next */
export function setTheme(next) {
  memory.set('theme', next);
  document.documentElement.dataset.theme = next;
}

document.documentElement.dataset.theme = theme();
