// Continuing a call from an earlier point with another input.
//
// The house lists the points of a call; the one just before what was clicked is chosen at first.
// Everything works by keys: the points by arrows, what happens by arrows, Enter forks.

import { html, useEffect, useRef, useState } from '../../vendor/preact-htm.js';
import { t, timer } from '../../lib/i18n.js';
import { get, post } from '../../lib/api.js';
import { go, href } from '../../lib/router.js';
import { quoted } from '../../lib/transcript.js';
import { toast } from '../../ui/announce.js';
import { Button, Choice, Dialog, Field, Input, Note, Trouble } from '../../ui/parts.js';
import { Pad } from '../phone/keypad.js';

/** @typedef {{at: number, after: string, happened: string | null, wanted: string[], verb: string | null}} Point */

/** Keys that one fork may press. */
const KEYS_MAX = 100;

/** Milliseconds of an ISO 8601 duration in seconds. @param {Point} point */
const msOf = (point) => Math.round(Number(point.after.replace(/[^\d.]/g, '')) * 1000);

/** What was being heard or done at a point. @param {Point} point */
function name(point) {
  const said = point.wanted.find((one) => one.startsWith('play say '));
  const what = said ? `“${quoted(said)}”` : point.happened ?? point.wanted[0] ?? point.verb ?? '';
  return what.length > 90 ? `${what.slice(0, 89)}…` : what;
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
  const [points, setPoints] = useState(/** @type {Point[] | null} */ (null));
  const [at, setAt] = useState('');
  const [instead, setInstead] = useState(entry.line.word === 'speech' ? 'Speech' : 'Digits');
  const [text, setText] = useState('');
  const [state, setState] = useState(/** @type {any} */ ({ busy: false, error: null }));
  useEffect(() => {
    get(`${door}/Points`).then((/** @type {{points: Point[]}} */ found) => {
      setPoints(found.points);
      setAt(String(chosen(found.points, entry)?.at ?? ''));
    }, (error) => {
      setPoints([]);
      setState({ busy: false, error });
    });
  }, []);
  const types = instead === 'Digits' || instead === 'Speech';
  const wrong = instead === 'Digits' && text !== '' && !/^[0-9A-D*#]{1,100}$/.test(text);
  const ready = at !== '' && !state.busy && !wrong && (!types || text.trim() !== '');
  const submit = async () => {
    if (!ready) return;
    setState({ busy: true, error: null });
    try {
      const done = instead === 'Hangup' ? { Hangup: 'true' } : types ? { [instead]: text.trim() } : {};
      const made = await post(`${door}/Fork`, { At: at, ...done });
      onClose();
      go(href('calls', made.sid));
      toast(t('fork.done'));
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  const change = (/** @type {string} */ next) => {
    setInstead(next);
    setText('');
    setState({ busy: false, error: null });
  };
  const labels = [['Digits', t('fork.digits')], ['Speech', t('fork.speech')], ['Hangup', t('fork.hangup')], ['', t('fork.nothing')]];
  return html`<${Dialog} title=${t('fork')} onClose=${onClose} onSubmit=${submit} footer=${html`<${Button} kind="quiet" onClick=${onClose}>${t('cancel')}</${Button}><button class="btn main" disabled=${!ready}>${t('fork.do')}</button>`}>
    <p class="small dim">${t('fork.text')}</p>
    ${points?.length === 0 && !state.error && html`<${Note} tone="wait">${t('fork.nowhere')}</${Note}>`}
    <${Points} points=${points ?? []} at=${at} onAt=${setAt} />
    <div class="stack tight"><span class="label" aria-hidden="true">${t('fork.instead')}</span><${Choice} label=${t('fork.instead')} value=${instead} onValue=${change} options=${labels} /></div>
    ${types && html`<${Field} label=${instead === 'Digits' ? t('fork.digits') : t('fork.speech')} hint=${wrong ? t('fork.wrong') : undefined}><${Input} key=${instead} value=${text} onValue=${setText} mono=${instead === 'Digits'} inputmode=${instead === 'Digits' ? 'tel' : 'text'} maxlength=${instead === 'Digits' ? KEYS_MAX : 2000} aria-invalid=${String(wrong)} autofocus /></${Field}>`}
    ${instead === 'Digits' && html`<${Pad} onKey=${(/** @type {string} */ key) => setText((was) => (was + key).slice(0, KEYS_MAX))} />`}
    <${Trouble} error=${state.error} /></${Dialog}>`;
}

/** The points of a call, one under the other as they came. @param {{points: Point[], at: string, onAt: (at: string) => void}} p */
function Points({ points, at, onAt }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    box.current?.querySelector('[data-on=true]')?.scrollIntoView({ block: 'nearest' });
  }, [at, points]);
  if (!points.length) return null;
  return html`<fieldset class="points" ref=${box}><legend class="label">${t('fork.from')}</legend>
    ${points.map((one) => html`<label key=${one.at} data-on=${String(String(one.at) === at)}><input type="radio" name="point" value=${one.at} checked=${String(one.at) === at} onChange=${() => onAt(String(one.at))} /><span class="num dim">${timer(msOf(one) / 1000)}</span>${one.verb && html`<span class="mono small">${one.verb}</span>`}<span class="grow break">${name(one)}</span></label>`)}
  </fieldset>`;
}
