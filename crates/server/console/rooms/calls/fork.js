// Continuing a call from an earlier point with another input.
//
// The house lists the points of a call; the one just before what was clicked is chosen at first.

import { html, useEffect, useState } from '../../vendor/preact-htm.js';
import { t, timer } from '../../lib/i18n.js';
import { get, post } from '../../lib/api.js';
import { go, href } from '../../lib/router.js';
import { quoted } from '../../lib/transcript.js';
import { Dialog, Field, Input, Select, Trouble } from '../../ui/parts.js';

/** @typedef {{at: number, after: string, happened: string | null, wanted: string[], verb: string | null}} Point */

/** Milliseconds of an ISO 8601 duration in seconds. @param {Point} point */
const msOf = (point) => Math.round(Number(point.after.replace(/[^\d.]/g, '')) * 1000);

/** What a person would call a point: its time, and what was being heard or done there. @param {Point} point */
function name(point) {
  const said = point.wanted.find((one) => one.startsWith('play say '));
  const what = said ? `“${quoted(said)}”` : point.verb ?? point.happened ?? point.wanted[0] ?? '';
  const short = what.length > 60 ? `${what.slice(0, 59)}…` : what;
  return `${timer(msOf(point) / 1000)}  ${point.verb && said ? `${point.verb} ` : ''}${short}`;
}

/** The point that an entry of the timeline is about: for what was heard the one that wanted it, for
 * what the person did the one before.
 * @param {Point[]} points @param {{who: string, line: import('../../lib/transcript.js').Line}} entry */
function chosen(points, { who, line }) {
  const text = `${line.word} ${line.rest}`.trim();
  const before = points.filter((one) => msOf(one) <= line.ms);
  const wanted = before.findLast((one) => one.wanted.includes(text));
  if (who !== 'me') return wanted ?? before[before.length - 1] ?? points[0];
  const done = before.findIndex((one) => one.happened === text && msOf(one) === line.ms);
  return before[(done < 0 ? before.length : done) - 1] ?? points[0];
}

/** @param {{call: any, entry: any, onClose: () => void}} p */
export function Fork({ call, entry, onClose }) {
  const door = `/offhook/v1/Calls/${call.sid}`;
  const [points, setPoints] = useState(/** @type {Point[]} */ ([]));
  const [at, setAt] = useState('');
  const [instead, setInstead] = useState(entry.line.word === 'speech' ? 'Speech' : 'Digits');
  const [text, setText] = useState('');
  const [error, setError] = useState(/** @type {any} */ (null));
  useEffect(() => {
    get(`${door}/Points`).then((/** @type {{points: Point[]}} */ found) => {
      setPoints(found.points);
      setAt(String(chosen(found.points, entry)?.at ?? ''));
    }, setError);
  }, []);
  const submit = async () => {
    try {
      const done = instead === 'Hangup' ? { Hangup: 'true' } : instead ? { [instead]: text } : {};
      const made = await post(`${door}/Fork`, { At: at, ...done });
      onClose();
      go(href('calls', made.sid));
    } catch (problem) {
      setError(problem);
    }
  };
  const types = instead === 'Digits' || instead === 'Speech';
  const labels = [['Digits', t('fork.digits')], ['Speech', t('fork.speech')], ['Hangup', t('fork.hangup')], ['', t('fork.nothing')]];
  return html`<${Dialog} title=${t('fork')} onClose=${onClose} onSubmit=${submit} footer=${html`<button class="btn main" disabled=${at === '' || (types && !text)}>${t('fork.do')}</button>`}>
    <p class="small dim">${t('fork.text')}</p>
    <${Field} label=${t('fork.from')}><${Select} value=${at} onValue=${setAt} options=${points.map((one) => [String(one.at), name(one)])} /></${Field}>
    <${Field} label=${t('fork.instead')}><${Select} value=${instead} onValue=${setInstead} options=${labels} /></${Field}>
    ${types && html`<${Field} label=${instead === 'Digits' ? t('fork.digits') : t('fork.speech')}><${Input} value=${text} onValue=${setText} mono=${instead === 'Digits'} inputmode=${instead === 'Digits' ? 'tel' : 'text'} maxlength=${instead === 'Digits' ? 100 : 2000} autofocus /></${Field}>`}
    <${Trouble} error=${error} /></${Dialog}>`;
}
