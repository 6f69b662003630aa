// Light, dark, or as the system has it.

import { memory } from './memory.js';

/** @type {Array<'auto' | 'light' | 'dark'>} */
export const THEMES = ['auto', 'light', 'dark'];

export const theme = () => memory.get('theme', 'auto');

/** @param {string} next */
export function setTheme(next) {
  memory.set('theme', next);
  document.documentElement.dataset.theme = next;
}

document.documentElement.dataset.theme = theme();
