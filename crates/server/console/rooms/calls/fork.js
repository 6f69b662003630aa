// Continuing a call from an earlier point with another input, where the house has that door.
//
// What the door takes is read from the house's own document, so that the form is what it says.

import { html, useEffect, useState } from '../../vendor/preact-htm.js';
import { t } from '../../lib/i18n.js';
import { get, post } from '../../lib/api.js';
import { go, href } from '../../lib/router.js';
import { Dialog, Field, Input, Select, Trouble } from '../../ui/parts.js';

/** @type {Promise<any> | null} */
let asked = null;

/** The door and its parameters, or null. */
export function useForkDoor() {
  const [door, set] = useState(/** @type {any} */ (null));
  useEffect(() => {
    asked ??= get('/offhook/v1/openapi.json').catch(() => null);
    void asked.then((document) => {
      const path = Object.keys(document?.paths ?? {}).find((one) => /^\/offhook\/v1\/Calls\/\{\w+\}\/Fork$/.test(one));
      const schema = path && document.paths[path].post?.requestBody?.content?.['application/x-www-form-urlencoded']?.schema;
      if (path && schema) set({ path, schema });
    });
  }, []);
  return door;
}

/** What is known of a parameter's value from where the fork was asked for. @param {string} name @param {any} entry */
function known(name, entry) {
  if (/^(at|after|ms|time|millis)/i.test(name)) return String(entry.line.ms);
  if (/line|step|input|point|verb|position/i.test(name)) return String(entry.n);
  if (/digits/i.test(name) && entry.line.word === 'digit') return entry.line.rest;
  return '';
}

/** @param {{call: any, entry: any, door: any, onClose: () => void}} p */
export function Fork({ call, entry, door, onClose }) {
  const properties = Object.entries(door.schema.properties ?? {});
  const [form, set] = useState(() => Object.fromEntries(properties.map(([name]) => [name, known(name, entry)])));
  const [error, setError] = useState(/** @type {any} */ (null));
  const submit = async () => {
    try {
      const filled = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ''));
      const made = await post(door.path.replace(/\{\w+\}/, call.sid), filled);
      onClose();
      if (made?.sid) go(href('calls', made.sid));
    } catch (problem) {
      setError(problem);
    }
  };
  return html`<${Dialog} title=${t('fork')} onClose=${onClose} onSubmit=${submit} footer=${html`<button class="btn main">${t('fork.do')}</button>`}>
    <p class="small dim">${t('fork.text')}</p>
    ${properties.map(([name, /** @type {any} */ schema]) => html`<${Field} key=${name} label=${name} hint=${/** @type {any} */ (schema).description}>${/** @type {any} */ (schema).enum ? html`<${Select} value=${form[name]} onValue=${(/** @type {string} */ value) => set((was) => ({ ...was, [name]: value }))} options=${[['', '–'], .../** @type {any} */ (schema).enum.map((/** @type {string} */ one) => [one, one])]} />` : html`<${Input} mono value=${form[name]} onValue=${(/** @type {string} */ value) => set((was) => ({ ...was, [name]: value }))} />`}</${Field}>`)}
    <${Trouble} error=${error} /></${Dialog}>`;
}
