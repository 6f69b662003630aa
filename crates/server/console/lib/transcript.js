// A call's transcript, line by line: `  900 < play say "Press 1"`.
//
// Milliseconds from the beginning; `<` is what the call does, `>` what happens to it. The house
// writes the lines for people; what is not known here is shown as it is.

/** @typedef {{ms: number, does: boolean, word: string, rest: string, raw: string}} Line */

/** @param {string} raw @returns {Line} */
export function read(raw) {
  const found = /^\s*(\d+) ([<>]) (\S+)(?: ([\s\S]*))?$/.exec(raw);
  if (!found) return { ms: 0, does: true, word: '', rest: raw, raw };
  return { ms: Number(found[1]), does: found[2] === '<', word: found[3], rest: found[4] ?? '', raw };
}

/** The words between the first and the last quotation mark. @param {string} text */
export function quoted(text) {
  const from = text.indexOf('"');
  const to = text.lastIndexOf('"');
  return from >= 0 && to > from ? text.slice(from + 1, to) : text;
}

/** What a person at the phone hears or does of it; null for the rest.
 * @param {Line} line @returns {{who: 'call' | 'me' | 'line', text: string, kind: string} | null} */
export function caption(line) {
  const { does, word, rest } = line;
  if (does && word === 'play') {
    if (rest.startsWith('say ')) return { who: 'call', text: quoted(rest), kind: 'say' };
    if (rest === 'beep') return { who: 'call', text: '', kind: 'beep' };
    if (rest === 'application error') return { who: 'call', text: '', kind: 'error' };
    if (rest.startsWith('keys ')) return { who: 'call', text: rest.slice(5), kind: 'keys' };
    if (rest.startsWith('pause')) return null;
    return { who: 'call', text: rest, kind: 'sound' };
  }
  if (does && word === 'speech') return { who: 'call', text: quoted(rest), kind: 'say' };
  if (does && (word === 'press' || word === 'digit')) return { who: 'call', text: rest, kind: 'keys' };
  if (!does && word === 'digit') return { who: 'me', text: rest, kind: 'keys' };
  if (!does && word === 'speech') return { who: 'me', text: quoted(rest), kind: 'say' };
  if (does && word === 'answer') return { who: 'line', text: '', kind: 'answered' };
  if (does && word === 'hang') return { who: 'line', text: '', kind: 'ended' };
  if (!does && word === 'hung') return { who: 'line', text: '', kind: 'hungup' };
  if (does && word === 'recording') return { who: 'line', text: '', kind: 'recording' };
  if (does && word === 'dial') return { who: 'line', text: rest.split(' ')[0], kind: 'dialling' };
  if (!does && word === 'bridged') return { who: 'line', text: '', kind: 'connected' };
  if (does && word === 'connected') return { who: 'line', text: '', kind: 'connected' };
  if (does && word === 'reject') return { who: 'line', text: rest, kind: 'rejected' };
  return null;
}
