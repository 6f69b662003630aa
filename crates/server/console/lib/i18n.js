// Words in the reader's language, and dates and numbers as they are written there.
//
// t(key, {n: 2, name: 'x'}); a text that depends on a number is an object by plural category.
// Adding a language: a file in i18n/ and its row in LANGUAGES.

import { en } from '../i18n/en.js';
import { es } from '../i18n/es.js';
import { useEffect, useState } from '../vendor/preact-htm.js';
import { memory } from './memory.js';

/** @type {Record<string, {name: string, words: Record<string, any>}>} */
export const LANGUAGES = {
  en: { name: 'English', words: en },
  es: { name: 'Español', words: es },
};

/** The language a browser asks for first, of those there are. */
function wished() {
  for (const tag of navigator.languages ?? [navigator.language]) {
    const language = tag.toLowerCase().split('-')[0];
    if (language in LANGUAGES) return language;
  }
  return 'en';
}

/** The reader's own variety of the language, for dates and numbers: `en-GB`, not `en`. */
function locale() {
  return navigator.languages?.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

const listeners = new Set();
let language = memory.get('language', '');
if (!(language in LANGUAGES)) language = wished();
/** @type {Map<string, any>} */
let formats = new Map();
document.documentElement.lang = language;

export const currentLanguage = () => language;

/** @param {string} next */
export function setLanguage(next) {
  if (!(next in LANGUAGES)) return;
  language = next;
  formats = new Map();
  memory.set('language', next);
  document.documentElement.lang = next;
  listeners.forEach((tell) => tell());
}

/** Renders anew when the language changes; gives the language. */
export function useLanguage() {
  const [now, set] = useState(language);
  useEffect(() => {
    const tell = () => set(language);
    listeners.add(tell);
    return () => listeners.delete(tell);
  }, []);
  return now;
}

/** @param {string} key @param {Record<string, any>} [values] @returns {string} */
export function t(key, values) {
  let text = LANGUAGES[language].words[key] ?? en[key] ?? key;
  if (typeof text === 'object') {
    const rules = format('plural', () => new Intl.PluralRules(locale()));
    text = text[rules.select(values?.n ?? 0)] ?? text.other;
  }
  if (!values) return text;
  return text.replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? number(value) : String(value);
  });
}

/** @param {string} name @param {() => any} make */
function format(name, make) {
  let found = formats.get(name);
  if (!found) formats.set(name, (found = make()));
  return found;
}

/** @param {number} value */
export const number = (value) => format('number', () => new Intl.NumberFormat(locale())).format(value);

/** @param {Date | string | number | null | undefined} date @returns {Date | null} */
export function dateOf(date) {
  if (date === null || date === undefined || date === '') return null;
  const read = date instanceof Date ? date : new Date(date);
  return Number.isNaN(read.getTime()) ? null : read;
}

/** A time today as its hour, another day with its date. @param {any} date */
export function when(date) {
  const read = dateOf(date);
  if (!read) return '–';
  const today = new Date().toDateString() === read.toDateString();
  return today ? clockTime(read) : dayTime(read);
}

/** @param {any} date */
export const clockTime = (date) =>
  format('time', () => new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit' })).format(dateOf(date) ?? 0);

/** @param {any} date */
export const hourMinute = (date) =>
  format('hm', () => new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit' })).format(dateOf(date) ?? 0);

/** @param {any} date */
export const dayTime = (date) =>
  format('day', () => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' })).format(dateOf(date) ?? 0);

/** @param {any} date */
export const day = (date) =>
  format('dateonly', () => new Intl.DateTimeFormat(locale(), { weekday: 'long', month: 'long', day: 'numeric' })).format(dateOf(date) ?? 0);

/** Milliseconds, short: `12 ms`, `1.4 s`. @param {number | null | undefined} ms */
export function took(ms) {
  if (ms === null || ms === undefined) return '–';
  const unit = ms < 1000 ? 'millisecond' : 'second';
  const digits = ms < 10 ? 1 : ms < 1000 ? 0 : 2;
  const name = `took-${unit}-${digits}`;
  const made = () => new Intl.NumberFormat(locale(), { style: 'unit', unit, maximumFractionDigits: digits });
  return format(name, made).format(ms < 1000 ? ms : ms / 1000);
}

/** Seconds as a timer shows them. @param {number} seconds */
export function timer(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
