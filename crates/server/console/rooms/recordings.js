// Recordings: what was kept of calls, to be looked at and heard.

import { html, useEffect, useRef, useState } from '../vendor/preact-htm.js';
import { number, t, timer } from '../lib/i18n.js';
import { all, bytes, get, remove, twilio } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { href } from '../lib/router.js';
import { ready } from '../lib/audio.js';
import { recordingStatus } from '../lib/words.js';
import { Icon } from '../ui/icons.js';
import { attempt } from '../ui/announce.js';
import { Button, Empty, Pill, Room, Time, Trouble } from '../ui/parts.js';
import { Remove } from '../ui/resource.js';

/** Columns of a waveform. */
const COLUMNS = 160;

export default function Recordings() {
  const list = useLive(() => all(twilio('/Recordings.json'), 'recordings', 1000), ['recording.']);
  const house = useLive(() => get('/offhook/v1/House'), []);
  return html`<${Room} title=${t('room.recordings')}>
    <${Trouble} error=${list.error} />
    ${list.value && !list.value.length && html`<${Empty} icon="recording" title=${t('rec.none')}>${t('rec.none.text')}</${Empty}>`}
    <ul class="page stack">${(list.value ?? []).map((/** @type {any} */ one) => html`<li key=${one.sid}><${Recording} it=${one} mp3=${house.value?.mp3} /></li>`)}</ul>
  </${Room}>`;
}

/** Half the height of each column, 0 to 1. @param {AudioBuffer} sound */
function waveform(sound) {
  const samples = sound.getChannelData(0);
  const step = Math.max(1, Math.floor(samples.length / COLUMNS));
  const peaks = [];
  for (let at = 0; at < samples.length && peaks.length < COLUMNS; at += step) {
    let peak = 0;
    for (let n = at; n < Math.min(at + step, samples.length); n++) peak = Math.max(peak, Math.abs(samples[n]));
    peaks.push(peak);
  }
  const most = Math.max(0.02, ...peaks);
  return peaks.map((peak) => peak / most);
}

/** Saves a recording's MP3, which is made when it is first asked for. @param {string} sid */
async function save(sid) {
  const url = URL.createObjectURL(new Blob([await bytes(twilio(`/Recordings/${sid}.mp3`))], { type: 'audio/mpeg' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${sid}.mp3`;
  link.click();
  // A browser may begin with it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** @param {{it: any, mp3: boolean | undefined}} p */
function Recording({ it, mp3 }) {
  const [sound, setSound] = useState(/** @type {AudioBuffer | null} */ (null));
  const [url, setUrl] = useState('');
  const [rate, setRate] = useState(0);
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [error, setError] = useState(/** @type {any} */ (null));
  const player = useRef(/** @type {HTMLAudioElement | null} */ (null));
  const done = it.status === 'completed';
  useEffect(() => {
    if (!done) return undefined;
    let gone = false;
    let made = '';
    (async () => {
      try {
        const data = await bytes(twilio(`/Recordings/${it.sid}.wav`));
        if (gone) return;
        // The header of a WAV file has its rate at byte 24.
        setRate(new DataView(data).getUint32(24, true));
        made = URL.createObjectURL(new Blob([data], { type: 'audio/wav' }));
        setUrl(made);
        const audio = await ready();
        const decoded = await audio.decodeAudioData(data.slice(0));
        if (!gone) setSound(decoded);
      } catch (problem) {
        if (!gone) setError(problem);
      }
    })();
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [it.sid, done]);
  const length = sound?.duration ?? Number(it.duration) ?? 0;
  const seek = (/** @type {any} */ e) => {
    if (player.current) player.current.currentTime = Number(e.target.value);
    setAt(Number(e.target.value));
  };
  const toggle = () => {
    const audio = player.current;
    if (!audio) return;
    if (audio.paused) void audio.play();
    else audio.pause();
  };
  const peaks = sound ? waveform(sound) : [];
  return html`<article class="card recording" data-state=${sound ? 'ready' : 'loading'}>
    <header><span class="grow"><b><${Time} date=${it.date_created} /></b> <span class="small dim">${t('rec.of')} <a href=${href('calls', it.call_sid)} class="mono">${it.call_sid}</a></span></span>
      <${Pill} tone=${done ? 'good' : it.status === 'absent' ? '' : 'wait'}>${recordingStatus(it.status)}</${Pill}><${Pill}>${it.source}</${Pill}></header>
    <div class="row player">
      <button class="round small go" aria-label=${playing ? t('rec.pause') : t('rec.play')} disabled=${!url} onClick=${toggle}><${Icon} name=${playing ? 'pause' : 'play'} size=${18} /></button>
      <div class="wave grow">
        <svg viewBox="0 0 ${COLUMNS * 4} 56" preserveAspectRatio="none" aria-hidden="true">${peaks.map((peak, n) => html`<rect x=${n * 4} width="2.600" rx="1.300" y=${28 - Math.max(1, peak * 26)} height=${Math.max(2, peak * 52)} class=${(n / peaks.length) * length <= at && at > 0 ? 'past' : ''} />`)}</svg>
        <input type="range" min="0" max=${length || 1} step="0.01" value=${at} aria-label=${t('rec.seek')} aria-valuetext=${timer(at)} onInput=${seek} />
      </div>
      <span class="num small">${timer(at)} / ${timer(length)}</span>
    </div>
    ${url && html`<audio ref=${player} src=${url} onPlay=${() => setPlaying(true)} onPause=${() => setPlaying(false)} onEnded=${() => setPlaying(false)} onTimeUpdate=${(/** @type {any} */ e) => setAt(e.target.currentTime)}></audio>`}
    <${Trouble} error=${error} />
    <footer class="row wrap small dim"><span class="mono grow cut">${it.sid}</span><span>${t('rec.channels', { n: Number(it.channels) })}</span>${rate > 0 && html`<span class="num">${number(rate)} Hz</span>`}
      ${url && html`<a class="btn quiet small" href=${url} download=${`${it.sid}.wav`}><${Icon} name="download" size=${16} />WAV</a>`}${url && mp3 && html`<${Button} kind="quiet" small icon="download" onClick=${() => attempt(() => save(it.sid))}>MP3</${Button}>`}<${Remove} name=${it.sid} room="recordings" what=${() => remove(twilio(`/Recordings/${it.sid}.json`))} /></footer>
  </article>`;
}
