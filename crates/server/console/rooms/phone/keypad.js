// The dial pad, and the calls that were.

import { html, useState } from '../../vendor/preact-htm.js';
import { t, timer } from '../../lib/i18n.js';
import { keyTone } from '../../lib/audio.js';
import { callStatus, isLive } from '../../lib/words.js';
import { Icon } from '../../ui/icons.js';
import { Time } from '../../ui/parts.js';

const LETTERS = { 2: 'ABC', 3: 'DEF', 4: 'GHI', 5: 'JKL', 6: 'MNO', 7: 'PQRS', 8: 'TUV', 9: 'WXYZ', 0: '+' };
export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

/** @param {{onKey: (key: string) => void}} p */
export function Pad({ onKey }) {
  return html`<div class="pad" role="group" aria-label=${t('phone.pad')}>
    ${KEYS.map((key) => html`<button type="button" onClick=${() => { void keyTone(key); onKey(key); }}><b>${key}</b><small aria-hidden="true">${/** @type {any} */ (LETTERS)[key] ?? '\u00a0'}</small></button>`)}
  </div>`;
}

/** @param {any} p */
export function Keypad({ to, calls, onDial, onPut, onShow }) {
  const [number, set] = useState('');
  const target = number || to;
  const past = calls.filter((/** @type {any} */ one) => !isLive(one.status)).slice(0, 12);
  return html`<div class="keypad">
    <label><span class="sr">${t('phone.number')}</span><input class="readout num" inputmode="tel" value=${number} placeholder=${to} onInput=${(/** @type {any} */ e) => set(e.target.value)} onKeyDown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && target && onDial(target)} /></label>
    <${Pad} onKey=${(/** @type {string} */ key) => set((was) => was + key)} />
    <div class="row calls-row">
      <button type="button" class="round go" aria-label=${t('phone.callnow', { peer: target })} disabled=${!target} onClick=${() => onDial(target)}><${Icon} name="call" size=${24} /></button>
    </div>
    ${past.length > 0 && html`<div class="past"><h3>${t('phone.past')}</h3><ul>${past.map((/** @type {any} */ one) => {
      const peer = one.way === 'outgoing' ? one.to : one.from;
      const missed = one.status !== 'completed';
      return html`<li key=${one.sid}><button type="button" class="rowbtn" onClick=${() => onShow(one.sid)}><span class="top ${missed ? 'missed' : ''}"><span class="num grow cut">${one.way === 'outgoing' ? '↗' : '↙'} ${peer}</span><${Time} date=${one.date_created} /></span><span class="under">${callStatus(one.status)}${one.duration ? ` · ${timer(one.duration)}` : ''}</span></button></li>`;
    })}</ul></div>`}
  </div>`;
}
