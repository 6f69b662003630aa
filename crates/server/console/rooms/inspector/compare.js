// Two webhooks side by side: what differs is marked.

import { html } from '../../vendor/preact-htm.js';
import { t, took } from '../../lib/i18n.js';
import { spent } from '../../lib/hooks.js';
import { Answer } from '../../ui/code.js';
import { Button, Pairs, Pill, Time } from '../../ui/parts.js';
import { headerOf } from './detail.js';

/** @param {Record<string, any>} left @param {Record<string, any>} right */
function differing(left, right) {
  const names = new Set([...Object.keys(left), ...Object.keys(right)]);
  return new Set([...names].filter((name) => JSON.stringify(left[name]) !== JSON.stringify(right[name])));
}

/** @param {any} p */
export function Compare({ left, right, onClose }) {
  const differs = differing(left.parameters, right.parameters);
  const heads = differing(left.headers, right.headers);
  const side = (/** @type {any} */ hook, /** @type {string} */ name) => html`<section class="stack">
    <h3><${Pill} tone="calm">${name}</${Pill}> <${Time} date=${hook.date_created} /></h3>
    <p class="mono small break ${left.url !== right.url ? 'differs' : ''}"><b>${hook.method}</b> ${hook.url}</p>
    <p class="small num dim">${hook.attempts.map((/** @type {any} */ one) => one.status ?? one.error?.code).join(' → ')} · ${took(spent(hook))}</p>
    <${Answer} body=${hook.response?.body ?? ''} type=${headerOf(hook.response?.headers, 'content-type')} problems=${hook.problems} />
    <h3>${t('inspect.parameters')}</h3><${Pairs} values=${hook.parameters} differs=${differs} />
    <details><summary>${t('inspect.headers')}</summary><${Pairs} values=${hook.headers} differs=${heads} /></details>
  </section>`;
  return html`<div class="stack"><div class="row"><h2 class="grow">${t('inspect.compared', { n: differs.size })}</h2><${Button} icon="close" kind="quiet" label=${t('close')} onClick=${onClose} /></div>
    <div class="compare">${side(left, 'A')}${side(right, 'B')}</div></div>`;
}
