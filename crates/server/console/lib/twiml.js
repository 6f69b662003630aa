// TwiML as coloured pieces, and what may stand where. For the eye only: the house judges.

/** @typedef {{kind: string, text: string}} Token */

const TEMPLATE = /\{\{\{[^}]*\}\}\}|\{\{[^}]*\}\}/y;

/** @param {string} text @returns {Token[]} */
export function tokens(text) {
  /** @type {Token[]} */
  const found = [];
  let at = 0;
  let inTag = false;
  /** @param {string} kind @param {string} piece */
  const push = (kind, piece) => {
    const last = found[found.length - 1];
    if (last && last.kind === kind) last.text += piece;
    else if (piece) found.push({ kind, text: piece });
    at += piece.length;
  };
  /** @param {RegExp} pattern */
  const next = (pattern) => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
  };
  while (at < text.length) {
    const template = next(TEMPLATE);
    if (template) {
      push('tmpl', template);
    } else if (!inTag) {
      if (text.startsWith('<!--', at)) {
        const end = text.indexOf('-->', at);
        push('dim', text.slice(at, end < 0 ? text.length : end + 3));
      } else if (text.startsWith('<?', at) || text.startsWith('<!', at)) {
        const end = text.indexOf('>', at);
        push('dim', text.slice(at, end < 0 ? text.length : end + 1));
      } else if (text[at] === '<') {
        push('tag', next(/<\/?[\w:.-]*/y));
        inTag = true;
      } else {
        push('text', next(/(?:(?!\{\{)[^<])+/y) || text[at]);
      }
    } else if (text[at] === '>' || text.startsWith('/>', at)) {
      push('tag', text[at] === '>' ? '>' : '/>');
      inTag = false;
    } else if (text[at] === '"' || text[at] === "'") {
      const quote = text[at];
      push('str', quote);
      while (at < text.length && text[at] !== quote) {
        const inside = next(TEMPLATE);
        push(inside ? 'tmpl' : 'str', inside || text[at]);
      }
      if (at < text.length) push('str', quote);
    } else {
      push('attr', next(/[\w:.-]+/y) || '');
      if (at < text.length && !/[\w:.\-"'>/{]/.test(text[at])) push('text', text[at]);
      else if (text[at] === '/' && text[at + 1] !== '>') push('text', '/');
      // A template that was one has been taken above.
      else if (text[at] === '{') push('text', '{');
    }
  }
  return found;
}

/** The same, by lines. @param {string} text @returns {Token[][]} */
export function lines(text) {
  /** @type {Token[][]} */
  const all = [[]];
  for (const token of tokens(text)) {
    token.text.split('\n').forEach((piece, n) => {
      if (n) all.push([]);
      if (piece) all[all.length - 1].push({ kind: token.kind, text: piece });
    });
  }
  return all;
}

/** Where the caret is: in which element, and what is being written.
 * @param {string} before the text up to the caret */
export function place(before) {
  const clean = before.replace(/<!--[\s\S]*?(?:-->|$)/g, (all) => ' '.repeat(all.length));
  const open = [];
  const pattern = /<(\/?)([\w-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)(\/?)>/g;
  for (const match of clean.matchAll(pattern)) {
    if (match[3].endsWith('/') || match[4]) continue;
    if (match[1]) open.pop();
    else if (match[2]) open.push(match[2]);
  }
  const tagAt = clean.lastIndexOf('<');
  const rest = tagAt >= 0 && clean.lastIndexOf('>') < tagAt ? clean.slice(tagAt) : '';
  const parent = open[open.length - 1] ?? '';
  const closing = /^<\/([\w-]*)$/.exec(rest);
  if (closing) return { kind: 'close', word: closing[1], parent };
  const element = /^<([\w-]*)$/.exec(rest);
  if (element) return { kind: 'element', word: element[1], parent };
  const value = /^<([\w-]+)[\s\S]*?\s([\w-]+)=(?:"([^"]*)|'([^']*))$/.exec(rest);
  if (value) return { kind: 'value', element: value[1], attribute: value[2], word: value[3] ?? value[4] ?? '', parent };
  const attribute = /^<([\w-]+)(?:[^"']|"[^"]*"|'[^']*')*\s([\w-]*)$/.exec(rest);
  if (attribute) return { kind: 'attribute', element: attribute[1], word: attribute[2], parent };
  const template = /\{\{\{?[#^/]?([\w.]*)$/.exec(before);
  if (template) return { kind: 'template', word: template[1], parent };
  return { kind: 'none', word: '', parent };
}
