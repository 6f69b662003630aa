// A call on the handset's screen: ringing, talking, captions, keys, sound; and how it ended.

import { html, useEffect, useRef, useState } from '../../vendor/preact-htm.js';
import { t, timer } from '../../lib/i18n.js';
import { ApiError, get, phone, post } from '../../lib/api.js';
import { AGAIN_MS, holding } from '../../lib/holding.js';
import { CallAudio, canSpeak } from '../../lib/audio.js';
import { callStatus, isLive } from '../../lib/words.js';
import { caption, read } from '../../lib/transcript.js';
import { attempt } from '../../ui/announce.js';
import { href } from '../../lib/router.js';
import { Icon } from '../../ui/icons.js';
import { Button, Note } from '../../ui/parts.js';
import { Pad } from './keypad.js';

/** The transcript as it grows: a request waits for more lines while the call is live.
 * @param {string} path @param {boolean} live */
export function useTranscript(path, live) {
  const [lines, set] = useState(/** @type {string[]} */ ([]));
  useEffect(() => {
    const stop = new AbortController();
    let count = 0;
    const follow = async () => {
      for (let first = true; !stop.signal.aborted; first = false) {
        try {
          const ask = (/** @type {boolean} */ waits) => get(`${path}/Transcript`, { After: count, ...(waits ? { Wait: 'PT20S' } : {}) }, stop.signal);
          const more = await (first ? ask(false) : holding(ask));
          count = more.count;
          if (more.lines.length) set((was) => [...was, ...more.lines]);
          if (!isLive(more.status)) return;
          if (!more.lines.length) await new Promise((done) => setTimeout(done, AGAIN_MS));
        } catch (error) {
          if (stop.signal.aborted || error instanceof ApiError) return;
          await new Promise((done) => setTimeout(done, 800));
        }
      }
    };
    void follow();
    return () => stop.abort();
  }, [path, live]);
  return lines;
}

/** @param {any} p */
export function CallScreen({ address, call, onDone, onDial, more }) {
  const path = `${phone(address)}/Calls/${call.sid}`;
  const live = isLive(call.status);
  const rings = call.way === 'incoming' && call.status === 'ringing';
  const talks = call.status === 'in-progress';
  const peer = call.way === 'outgoing' ? call.to : call.from;
  const lines = useTranscript(path, live);
  const [keys, setKeys] = useState(false);
  const [pressed, setPressed] = useState('');
  const act = (/** @type {string} */ what) => attempt(() => post(`${path}/${what}`));
  const press = (/** @type {string} */ key) => {
    setPressed((was) => (was + key).slice(-18));
    void attempt(() => post(`${path}/Digits`, { Digits: key }));
  };
  const typed = (/** @type {KeyboardEvent} */ e) => {
    const inField = /^(INPUT|TEXTAREA|SELECT)$/.test(/** @type {HTMLElement} */ (e.target).tagName);
    if (!inField && talks && /^[0-9*#]$/.test(e.key)) press(e.key);
  };
  return html`<div class="callscreen ${call.status} ${rings ? 'rings' : ''}" onKeyDown=${typed} data-status=${call.status}>
    <div class="who">
      <p class="state">${rings ? t('call.incoming') : callStatus(call.status)} ${talks && html`<${Timer} since=${call.date_answered} />`}${!live && call.duration ? html`<span class="num">${timer(call.duration)}</span>` : ''}</p>
      <p class="peername num cut">${peer}</p>
      ${more > 0 && html`<p class="small dim">${t('call.more', { n: more })}</p>`}
    </div>
    <${Captions} lines=${lines} />
    ${talks && html`<${Sound} path=${path} />`}
    ${talks && keys && html`<div><p class="readout num" aria-live="off">${pressed || '\u00a0'}</p><${Pad} onKey=${press} /></div>`}
    ${talks && !keys && html`<${Speak} path=${path} />`}
    <div class="row calls-row">
      ${rings && html`<button class="round stop" aria-label=${t('call.reject')} title=${t('call.reject')} onClick=${() => act('Reject')}><${Icon} name="hangup" size=${24} /></button>
        <button class="round go pulse" aria-label=${t('call.answer')} title=${t('call.answer')} onClick=${() => act('Answer')}><${Icon} name="call" size=${24} /></button>`}
      ${talks && html`<button class="round" aria-pressed=${String(keys)} aria-label=${t('call.keys')} title=${t('call.keys')} onClick=${() => setKeys(!keys)}><${Icon} name="keypad" size=${22} /></button>`}
      ${live && !rings && html`<button class="round stop" aria-label=${t('call.hangup')} title=${t('call.hangup')} onClick=${() => act('Hangup')}><${Icon} name="hangup" size=${24} /></button>`}
      ${!live && html`<${Button} onClick=${onDone}>${t('call.done')}</${Button}><${Button} icon="call" onClick=${() => onDial(peer)}>${t('call.again')}</${Button}><a class="btn quiet" href=${href('calls', call.sid)}>${t('call.timeline')}</a>`}
    </div>
  </div>`;
}

/** @param {{since: string | null}} p */
function Timer({ since }) {
  const [, again] = useState(0);
  const began = useRef(Date.now());
  useEffect(() => {
    const tick = setInterval(() => again((n) => n + 1), 500);
    return () => clearInterval(tick);
  }, []);
  // House time may be virtual; a timer on a screen counts what its reader lives through.
  const real = since ? Date.parse(since) : began.current;
  const from = Math.abs(Date.now() - real) < 86_400_000 && real <= Date.now() ? real : began.current;
  return html`<span class="num" role="timer">${timer((Date.now() - from) / 1000)}</span>`;
}

/** @param {{lines: string[]}} p */
function Captions({ lines }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length]);
  /** @type {Record<string, string>} */
  const words = {
    beep: t('cap.beep'), error: t('cap.error'), answered: t('cap.answered'), ended: t('cap.ended'), hungup: t('cap.hungup'), recording: t('cap.recording'),
    connected: t('cap.connected'), rejected: t('cap.rejected'), dialling: t('cap.dialling'),
  };
  const shown = lines.map((one) => caption(read(one)));
  return html`<div class="captions" ref=${box} role="log" aria-label=${t('call.captions')} tabindex="0">
    ${shown.map((one, n) => {
      if (!one) return null;
      const text = words[one.kind] ? `${words[one.kind]} ${one.kind === 'dialling' ? one.text : ''}`.trim() : one.text;
      return html`<p key=${n} class="cap ${one.who} ${one.kind}">${one.kind === 'keys' ? html`<kbd>${text}</kbd>` : one.kind === 'sound' ? html`<${Icon} name="speaker" size=${14} /> ${text}` : text}</p>`;
    })}
  </div>`;
}

/** Words that are said, as text. @param {{path: string}} p */
function Speak({ path }) {
  const [text, set] = useState('');
  const send = async (/** @type {Event} */ e) => {
    e.preventDefault();
    if (!text.trim()) return;
    const said = await attempt(() => post(`${path}/Speech`, { Text: text.trim() }));
    if (said !== undefined) set('');
  };
  return html`<form class="row speak" onSubmit=${send}><label class="grow"><span class="sr">${t('call.say')}</span><input class="in" maxlength="2000" value=${text} placeholder=${t('call.say')} onInput=${(/** @type {any} */ e) => set(e.target.value)} /></label><button class="btn icon" aria-label=${t('call.saydo')} title=${t('call.saydo')}><${Icon} name="send" /></button></form>`;
}

/** The live sound of a call. @param {{path: string}} p */
function Sound({ path }) {
  const [state, set] = useState(/** @type {any} */ ({ state: 'connecting', speaking: false, why: '' }));
  const [muted, setMuted] = useState(false);
  const [denied, setDenied] = useState(false);
  const audio = useRef(/** @type {CallAudio | null} */ (null));
  const meter = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const mine = (audio.current = new CallAudio(`${path}/Audio`, set));
    // On the virtual clock no time passes, and there is nothing to hear.
    get('/offhook/v1/Clock').then((clock) => (clock.mode === 'virtual' ? mine.set('failed') : mine.start()), () => mine.set('failed'));
    const measure = setInterval(() => {
      if (!meter.current) return;
      const { loud, hertz } = mine.measure();
      meter.current.style.setProperty('--loud', String(Math.min(1, loud * 5)));
      meter.current.dataset.hertz = String(hertz);
    }, 100);
    return () => {
      clearInterval(measure);
      mine.stop();
    };
  }, [path]);
  const mic = async () => {
    if (!state.speaking) return setDenied(!(await audio.current?.speak()));
    audio.current?.mute(!muted);
    setMuted(!muted);
  };
  if (state.state === 'failed' || state.state === 'closed') return html`<${Note} icon="speaker">${t('sound.captions')}</${Note}>`;
  return html`<div class="sound row">
    <span class="meter" ref=${meter} data-state=${state.state} aria-hidden="true"><i></i><i></i><i></i><i></i><i></i></span>
    <span class="small grow">${state.state === 'blocked' ? t('sound.blocked') : denied ? t('sound.denied') : !canSpeak() ? t('sound.insecure') : state.speaking ? (muted ? t('sound.muted') : t('sound.both')) : t('sound.hear')}</span>
    ${state.state === 'blocked' && html`<${Button} icon="speaker" small onClick=${() => audio.current?.unblock()}>${t('sound.on')}</${Button}>`}
    ${canSpeak() && html`<${Button} icon=${state.speaking && !muted ? 'mic' : 'micoff'} small aria-pressed=${String(state.speaking && !muted)} label=${!state.speaking ? t('sound.mic') : muted ? t('sound.unmute') : t('sound.mute')} onClick=${mic} />`}
  </div>`;
}
