// TwiML to look at: coloured, numbered, its problems marked where they are.

import { html } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { lines } from '../lib/twiml.js';

/** @typedef {{code: number, level: string, message: string, line: number | null, column: number | null, more_info?: string}} Problem */

/** One line's pieces; from `mark` on, the word there is underlined.
 * @param {import('../lib/twiml.js').Token[]} tokens @param {Problem | undefined} problem */
export function pieces(tokens, problem) {
  let at = 1;
  const found = [];
  for (const { kind, text } of tokens) {
    const from = problem?.column ?? 0;
    const inside = problem && from >= at && from < at + text.length;
    if (inside) {
      const cut = from - at;
      const rest = text.slice(cut);
      const word = /^(<\/?[\w:-]*|[\w:.-]+|.)/.exec(rest)?.[0] ?? rest;
      found.push(html`<span class="tk-${kind}">${text.slice(0, cut)}</span>`);
      found.push(html`<span class="tk-${kind} sq ${problem.level}">${word}</span>`);
      found.push(html`<span class="tk-${kind}">${rest.slice(word.length)}</span>`);
    } else found.push(html`<span class="tk-${kind}">${text}</span>`);
    at += text.length;
  }
  return found;
}

/** @param {{text: string, problems?: Problem[], label?: string}} p */
export function Twiml({ text, problems = [], label }) {
  const all = lines(text.replace(/\r\n?/g, '\n'));
  return html`<div class="code" role="group" aria-label=${label ?? 'TwiML'} tabindex="0">
    ${all.map((tokens, n) => {
      const here = problems.filter((one) => (one.line ?? 1) === n + 1);
      const worst = here.find((one) => one.level === 'error') ?? here[0];
      return html`<div class="ln ${worst ? `marked ${worst.level}` : ''}"><i aria-hidden="true">${n + 1}</i><span>${pieces(tokens, worst)}</span></div>
        ${here.map((one) => html`<${Mark} problem=${one} />`)}`;
    })}
  </div>`;
}

/** @param {{problem: Problem}} p */
export function Mark({ problem }) {
  return html`<div class="mark ${problem.level}"><b class="mono">${problem.code}</b><span class="break">${problem.message} ${problem.more_info && html`<a href=${problem.more_info} target="_blank" rel="noreferrer noopener">${t('code.page')}</a>`}</span></div>`;
}

/** Whatever came: TwiML coloured, the rest as it is. @param {{body: string, type?: string, problems?: Problem[]}} p */
export function Answer({ body, type = '', problems = [] }) {
  if (!body) return html`<p class="dim small">${t('answer.empty')}</p>`;
  if (/xml/i.test(type) || /^\s*<(\?xml|Response)/.test(body)) return html`<${Twiml} text=${body} problems=${problems} />`;
  return html`<pre class="code plain wrapped" tabindex="0">${body}</pre>${problems.map((one) => html`<${Mark} problem=${one} />`)}`;
}
