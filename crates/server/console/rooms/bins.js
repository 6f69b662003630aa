// TwiML Bins: documents that the house serves, written where their mistakes show.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, post } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { go, href } from '../lib/router.js';
import { attempt } from '../ui/announce.js';
import { Button, Empty, Pill, Room, Search, Time, Trouble } from '../ui/parts.js';
import { Bin } from './bins/bin.js';

const START = `<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Message>You wrote: {{Body}}</Message>
</Response>
`;

/** @param {{parts: string[]}} p */
export default function Bins({ parts }) {
  const bins = useLive(() => all('/offhook/v1/Bins', 'bins', 1000), ['bin.']);
  const [words, setWords] = useState('');
  const list = (bins.value ?? []).filter((/** @type {any} */ one) => `${one.friendly_name} ${one.sid} ${one.twiml}`.toLowerCase().includes(words.toLowerCase()));
  const bin = (bins.value ?? []).find((/** @type {any} */ one) => one.sid === parts[0]);
  const create = async () => {
    const made = await attempt(() => post('/offhook/v1/Bins', { FriendlyName: t('bins.newname'), Twiml: START }));
    if (made) {
      bins.set([made, ...(bins.value ?? [])]);
      go(href('bins', made.sid));
    }
  };
  return html`<${Room} title=${t('room.bins')} flush tools=${html`<${Button} icon="plus" kind="main" onClick=${create}>${t('bins.new')}</${Button}>`}>
    <div class="split narrowlist ${parts[0] ? 'has-detail' : ''}">
      <div class="list">
        <div class="bar"><${Search} label=${t('bins.search')} value=${words} onValue=${setWords} /></div>
        <${Trouble} error=${bins.error} />
        <ul class="virtual">${list.map((/** @type {any} */ one) => html`<li key=${one.sid}><a class="rowbtn" href=${href('bins', one.sid)} aria-current=${one.sid === parts[0] ? 'true' : undefined}>
          <span class="top"><span class="cut grow">${one.friendly_name || one.sid}</span>${one.problems.length > 0 && html`<${Pill} tone=${one.problems.some((/** @type {any} */ p) => p.level === 'error') ? 'bad' : 'wait'}>${one.problems.length}</${Pill}>`}</span>
          <span class="under"><span class="grow">${t('bins.version', { n: one.version })}</span><${Time} date=${one.date_updated} /></span></a></li>`)}</ul>
        ${bins.value && !list.length && html`<${Empty} icon="bin" title=${t('bins.none')}>${t('bins.none.text')}</${Empty}>`}
      </div>
      <div class="detail">${bin ? html`<${Bin} key=${bin.sid} bin=${bin} onGone=${() => go(href('bins'), true)} />` : html`<${Empty} icon="bin" title=${t('bins.choose')}>${t('bins.choose.text')}</${Empty}>`}</div>
    </div>
  </${Room}>`;
}
