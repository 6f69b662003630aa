// An editor for TwiML: a text area over its own colours, with marks and completion.
//
// The text area is real, so that keyboard, selection and screen readers work as everywhere. Tab
// leaves it; Ctrl+Space asks for completions, Enter or Tab takes one, Escape puts them away.

import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { lines, place } from '../lib/twiml.js';
import { ATTRIBUTES, CHILDREN } from '../lib/twiml-schema.js';
import { pieces } from './code.js';

/** Completions shown at once. */
const SHOWN_MAX = 8;
/** What templates are usually about. */
const PARAMETERS = ['Body', 'From', 'To', 'NumMedia', 'MediaUrl0', 'MessageSid', 'CallSid', 'CallStatus', 'Digits', 'SpeechResult', 'FromCity', 'FromCountry', 'RecordingUrl', 'DialCallStatus'];

/** @typedef {{label: string, insert: string, back: number, hint: string}} Option */

/** What may come at the caret. @param {string} before @returns {{word: string, options: Option[]}} */
export function completions(before) {
  const at = place(before);
  /** @param {string} label @param {string} insert @param {number} back @param {string} hint */
  const option = (label, insert, back = 0, hint = '') => ({ label, insert, back, hint });
  /** @type {Option[]} */
  let found = [];
  if (at.kind === 'element') {
    const names = CHILDREN[at.parent] ?? (at.parent ? [] : ['Response']);
    found = names.map((name) => {
      const holds = CHILDREN[name] || /^(Say|Play|Message|Body|Media|Redirect|Number|Client|Sip|Queue|Conference|Response)$/.test(name);
      return holds ? option(name, `${name}></${name}>`, name.length + 3) : option(name, `${name}/>`, 0);
    });
    if (at.parent) found.push(option(`/${at.parent}`, `/${at.parent}>`));
  } else if (at.kind === 'close') found = at.parent ? [option(at.parent, `${at.parent}>`)] : [];
  else if (at.kind === 'attribute') {
    const known = ATTRIBUTES[at.element ?? ''] ?? {};
    const tag = before.slice(before.lastIndexOf('<'));
    found = Object.entries(known).filter(([name]) => !new RegExp(`\\s${name}=`).test(tag)).map(([name, values]) => option(name, `${name}=""`, 1, values.slice(0, 3).join(' ')));
  } else if (at.kind === 'value') found = (ATTRIBUTES[at.element ?? '']?.[at.attribute ?? ''] ?? []).map((value) => option(value, value));
  else if (at.kind === 'template') found = PARAMETERS.map((name) => option(name, `${name}}}`));
  const word = at.word ?? '';
  const low = word.toLowerCase();
  found = found.filter((one) => one.label.toLowerCase().startsWith(low) && one.label !== word);
  return { word, options: found };
}

/** @param {{value: string, onValue: (text: string) => void, problems: any[], label: string, onSave?: () => void}} p */
export function Editor({ value, onValue, problems, label, onSave }) {
  const area = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const back = useRef(/** @type {HTMLElement | null} */ (null));
  const after = useRef(/** @type {number | null} */ (null));
  const [menu, setMenu] = useState(/** @type {{options: Option[], word: string, at: number, line: number, column: number} | null} */ (null));

  useLayoutEffect(() => {
    if (after.current === null || !area.current) return;
    area.current.setSelectionRange(after.current, after.current);
    after.current = null;
  });
  const scroll = () => {
    if (!area.current || !back.current) return;
    back.current.style.transform = `translate(${-area.current.scrollLeft}px, ${-area.current.scrollTop}px)`;
  };
  useEffect(scroll, [value]);

  /** @param {boolean} asked */
  const offer = (asked) => {
    const it = area.current;
    if (!it) return;
    const before = it.value.slice(0, it.selectionStart);
    const { word, options } = completions(before);
    if (!options.length || (!asked && !/[<\s"'{/\w]$/.test(before))) return setMenu(null);
    if (!asked && !word && !/(<|<\/|\s|="|\{\{)$/.test(before)) return setMenu(null);
    const rows = before.split('\n');
    setMenu({ options, word, at: 0, line: rows.length, column: rows[rows.length - 1].length - word.length });
  };
  /** @param {string} text @param {number} caret */
  const put = (text, caret) => {
    after.current = caret;
    onValue(text);
  };
  /** @param {Option} option */
  const take = (option) => {
    const it = area.current;
    if (!it || !menu) return;
    const at = it.selectionStart - menu.word.length;
    let rest = it.value.slice(it.selectionStart);
    let insert = option.insert;
    if (insert.endsWith('>') && rest.startsWith('>')) rest = rest.slice(1);
    if (insert.endsWith('}}') && rest.startsWith('}}')) rest = rest.slice(2);
    put(it.value.slice(0, at) + insert + rest, at + insert.length - option.back);
    setMenu(null);
    it.focus();
  };
  const keys = (/** @type {KeyboardEvent} */ e) => {
    const it = area.current;
    if (!it) return;
    if ((e.ctrlKey || e.metaKey) && e.key === 's') {
      e.preventDefault();
      return onSave?.();
    }
    if (e.ctrlKey && e.key === ' ') {
      e.preventDefault();
      return offer(true);
    }
    if (menu) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
      if (step) {
        e.preventDefault();
        return setMenu({ ...menu, at: (menu.at + step + menu.options.length) % menu.options.length });
      }
      if (e.key === 'Enter' || e.key === 'Tab') {
        e.preventDefault();
        return take(menu.options[menu.at]);
      }
      if (e.key === 'Escape') {
        e.stopPropagation();
        return setMenu(null);
      }
    }
    if (e.key === 'Enter' && !e.isComposing) {
      e.preventDefault();
      const before = it.value.slice(0, it.selectionStart);
      const row = before.slice(before.lastIndexOf('\n') + 1);
      const indent = /^\s*/.exec(row)?.[0] ?? '';
      const rest = it.value.slice(it.selectionEnd);
      const opens = /<[A-Za-z][^<>]*[^/]>\s*$|<[A-Za-z]>\s*$/.test(row) && !/<\/[^>]*>\s*$/.test(row);
      const inner = opens ? `${indent}  ` : indent;
      const closes = opens && rest.startsWith('</');
      put(`${before}\n${inner}${closes ? `\n${indent}` : ''}${rest}`, before.length + 1 + inner.length);
    }
  };
  const first = menu ? Math.max(0, Math.min(menu.at - SHOWN_MAX + 1, menu.options.length - SHOWN_MAX)) : 0;
  const begin = menu ? Math.max(first, 0) : 0;
  return html`<div class="editor">
    <div class="behind" aria-hidden="true"><div ref=${back}>
      ${lines(value).map((tokens, n) => {
        const here = problems.filter((one) => (one.line ?? 1) === n + 1);
        const worst = here.find((one) => one.level === 'error') ?? here[0];
        return html`<div class="ln ${worst ? `marked ${worst.level}` : ''}"><i>${n + 1}</i><span>${pieces(tokens, worst)}${'\u200b'}</span></div>`;
      })}
    </div></div>
    <textarea ref=${area} aria-label=${label} spellcheck="false" autocapitalize="off" autocomplete="off" wrap="off" value=${value}
      role="combobox" aria-expanded=${String(Boolean(menu))} aria-haspopup="listbox" aria-controls="completions" aria-autocomplete="list" aria-activedescendant=${menu ? `completion-${menu.at}` : undefined}
      onInput=${(/** @type {any} */ e) => { onValue(e.target.value); offer(false); }} onKeyDown=${keys} onScroll=${scroll} onBlur=${() => setTimeout(() => setMenu(null), 150)} onClick=${() => setMenu(null)}></textarea>
    <ul class="completions" id="completions" role="listbox" aria-label=${t('bins.completions')} hidden=${!menu} style=${menu ? { left: `calc(4.2em + ${menu.column}ch - ${area.current?.scrollLeft ?? 0}px)`, top: `calc(0.75rem + ${menu.line * 1.6}em - ${area.current?.scrollTop ?? 0}px)` } : {}}>
      ${menu?.options.slice(begin, begin + SHOWN_MAX).map((one, n) => html`<li id=${`completion-${begin + n}`} role="option" aria-selected=${String(begin + n === menu.at)} onMouseDown=${(/** @type {Event} */ e) => { e.preventDefault(); take(one); }}><b>${one.label}</b><span>${one.hint}</span></li>`)}
    </ul>
  </div>`;
}
