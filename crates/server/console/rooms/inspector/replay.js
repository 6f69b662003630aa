// Sending a webhook again with other parameters, or elsewhere.

import { html, useState } from '../../vendor/preact-htm.js';
import { t } from '../../lib/i18n.js';
import { post } from '../../lib/api.js';
import { go, href } from '../../lib/router.js';
import { Button, Dialog, Field, Input, Trouble } from '../../ui/parts.js';

/** @param {any} p */
export function Replay({ hook, onClose }) {
  const [url, setUrl] = useState(hook.url);
  const [rows, setRows] = useState(() => Object.entries(hook.parameters).flatMap(([name, value]) => [value].flat().map((one) => ({ name, value: String(one), was: String(one) }))));
  const [state, setState] = useState(/** @type {any} */ ({ busy: false, error: null }));
  const change = (/** @type {number} */ at, /** @type {any} */ to) => setRows((was) => was.map((row, n) => (n === at ? { ...row, ...to } : row)));
  const send = async () => {
    setState({ busy: true, error: null });
    /** @type {Record<string, string[]>} */
    const form = {};
    // A name that was changed is sent with all its values; the others are as they were.
    const touched = new Set(rows.filter((row) => row.was !== row.value).map((row) => row.name));
    for (const row of rows) if (row.name && touched.has(row.name)) (form[row.name] ??= []).push(row.value);
    try {
      const made = await post(`/offhook/v1/Webhooks/${hook.sid}/Replay`, { ...form, ...(url === hook.url ? {} : { Url: url }) });
      onClose();
      go(href('inspector', made.sid));
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  const footer = html`<${Button} onClick=${onClose}>${t('cancel')}</${Button}><button class="btn main" disabled=${state.busy}>${t('inspect.replay')}</button>`;
  return html`<${Dialog} wide title=${t('inspect.edit')} onClose=${onClose} onSubmit=${send} footer=${footer}>
    <${Field} label="URL"><${Input} mono value=${url} onValue=${setUrl} required /></${Field}>
    <div class="stack tight"><span class="label">${t('inspect.parameters')}</span>
      ${rows.map((row, n) => html`<div class="row param" key=${n}>
        <input class="in mono" aria-label=${t('name')} value=${row.name} readonly=${row.was !== null} onInput=${(/** @type {any} */ e) => change(n, { name: e.target.value })} />
        <input class="in mono grow" aria-label=${row.name || t('value')} value=${row.value} onInput=${(/** @type {any} */ e) => change(n, { value: e.target.value })} />
      </div>`)}
      <div><${Button} icon="plus" small onClick=${() => setRows((was) => [...was, /** @type {any} */ ({ name: '', value: '', was: null })])}>${t('inspect.addparam')}</${Button}></div>
    </div>
    <${Trouble} error=${state.error} />
  </${Dialog}>`;
}
