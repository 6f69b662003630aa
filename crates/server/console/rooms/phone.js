// Handsets of the simulated network, side by side: texting, dialling, ringing.
//
// Which handsets there are is this browser's to remember; every address that no account owns is
// one. A handset is a column: who it is, how it behaves, its conversation or its call.

import { html, useState } from '../vendor/preact-htm.js';
import { t } from '../lib/i18n.js';
import { all, twilio } from '../lib/api.js';
import { useLive } from '../lib/events.js';
import { memory } from '../lib/memory.js';
import { Button, Dialog, Field, Input, Room } from '../ui/parts.js';
import { Icon } from '../ui/icons.js';
import { Handset } from './phone/handset.js';

const FIRST = ['+12025550199', '+12025550111'];

export default function PhoneRoom() {
  const [handsets, setHandsets] = useState(/** @type {string[]} */ (memory.get('handsets', FIRST)));
  const [adding, setAdding] = useState(false);
  const numbers = useLive(() => all(twilio('/IncomingPhoneNumbers.json'), 'incoming_phone_numbers', 1000), ['number.']);
  const keep = (/** @type {string[]} */ next) => {
    memory.set('handsets', next);
    setHandsets(next);
  };
  const tools = html`<${Button} icon="plus" class="btn narrowonly" onClick=${() => setAdding(true)}>${t('phone.add')}</${Button}>`;
  const owned = (numbers.value ?? []).map((/** @type {any} */ one) => one.phone_number);
  return html`<${Room} title=${t('room.phone')} tools=${tools} flush>
    <div class="desk">
      ${handsets.map((address) => html`<${Handset} key=${address} address=${address} numbers=${owned} others=${handsets.filter((one) => one !== address)} onRemove=${handsets.length > 1 ? () => keep(handsets.filter((one) => one !== address)) : null} />`)}
      <button type="button" class="handset ghost" onClick=${() => setAdding(true)}><${Icon} name="plus" size=${28} /><b>${t('phone.add')}</b><span class="small">${t('phone.address.hint')}</span></button>
    </div>
    ${adding && html`<${Add} taken=${handsets} onClose=${() => setAdding(false)} onAdd=${(/** @type {string} */ address) => keep([...handsets, address])} />`}
  </${Room}>`;
}

/** @param {any} p */
function Add({ taken, onAdd, onClose }) {
  let next = 120;
  while (taken.includes(`+12025550${next}`)) next++;
  const [address, set] = useState(`+12025550${next}`);
  const submit = () => {
    const plain = address.trim().replace(/^(\+?)([\d\s().-]+)$/, (_, plus, digits) => plus + digits.replace(/\D/g, ''));
    if (plain && !taken.includes(plain)) onAdd(plain);
    onClose();
  };
  return html`<${Dialog} title=${t('phone.add')} onClose=${onClose} onSubmit=${submit} footer=${html`<button class="btn main">${t('phone.adddo')}</button>`}>
    <${Field} label=${t('phone.address')} hint=${t('phone.address.hint')}><${Input} mono value=${address} onValue=${set} required autofocus /></${Field}>
  </${Dialog}>`;
}
