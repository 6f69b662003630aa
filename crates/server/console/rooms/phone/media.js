// Files of texts: shown as what they are, and attached by button, paste or drop.
//
// What came from outside is only ever the source of a picture or a player: no frame, no script, no
// page. The door that serves it forbids everything besides, for whoever opens it by itself.

import { html, useEffect, useRef, useState } from '../../vendor/preact-htm.js';
import { number, t } from '../../lib/i18n.js';
import { bytes, phone, relative, upload } from '../../lib/api.js';
import { say } from '../../ui/announce.js';
import { Icon } from '../../ui/icons.js';
import { Button } from '../../ui/parts.js';

/** Files of one text. */
const FILES_MAX = 10;
/** Bytes of one file, by the channel it goes over. */
const BYTES_MAX = { mms: 5_000_000, whatsapp: 16_000_000 };
/** What browsers show as a picture and can't run. */
const PICTURES = /^image\/(png|jpe?g|gif|webp|bmp|avif)$/;

/** @param {string} type */
function kindOf(type) {
  const plain = type.split(';')[0].trim().toLowerCase();
  if (PICTURES.test(plain)) return 'picture';
  if (plain.startsWith('audio/')) return 'audio';
  return plain.startsWith('video/') ? 'video' : 'file';
}

/** Bytes for people: `48 kB`, `1.2 MB`. @param {number} size */
const sized = (size) => (size < 1_000_000 ? `${number(Math.max(1, Math.round(size / 1000)))} kB` : `${number(Math.round(size / 100_000) / 10)} MB`);

/** Files that are lent to the page at once; who was not looked at for longest goes. */
const LENT_MAX = 60;
/** @type {Map<string, Promise<string>>} */
const lent = new Map();

/** A file of the house as a URL of this page. It is fetched with the session: an element would not
 * send the mark, and the browser ask for credentials. @param {string} path @param {string} type */
function lend(path, type) {
  const found = lent.get(path) ?? bytes(path).then((data) => URL.createObjectURL(new Blob([data], { type })));
  lent.delete(path);
  lent.set(path, found);
  found.catch(() => lent.delete(path));
  for (const [oldest, url] of lent) {
    if (lent.size <= LENT_MAX) break;
    lent.delete(oldest);
    void url.then((one) => setTimeout(() => URL.revokeObjectURL(one), 60_000));
  }
  return found;
}

/** @param {string} path @param {string} type @param {boolean} wanted */
function useSource(path, type, wanted) {
  const [state, set] = useState({ src: '', failed: false });
  useEffect(() => {
    let gone = false;
    if (wanted) lend(path, type).then((src) => !gone && set({ src, failed: false }), () => !gone && set({ src: '', failed: true }));
    return () => void (gone = true);
  }, [path, wanted]);
  return { ...state, fail: () => set({ src: '', failed: true }) };
}

/** One file of a text. @param {{media: {url: string, content_type: string}, from: string}} p */
export function Media({ media, from }) {
  const path = relative(media.url);
  const type = media.content_type;
  const kind = kindOf(type);
  const { src, failed, fail } = useSource(path, type, kind !== 'file');
  if (kind === 'file' || failed) {
    return html`<a class="filechip" href=${path} target="_blank" rel="noreferrer noopener"><${Icon} name="file" size=${20} /><span class="grow cut">${type}</span>${failed ? html`<span class="sr">${t('media.failed')}</span>` : null}<${Icon} name="download" size=${16} /></a>`;
  }
  if (!src) return html`<span class="picture waits" aria-busy="true"></span>`;
  if (kind === 'picture') {
    return html`<a class="picture" href=${path} target="_blank" rel="noreferrer noopener"><img src=${src} alt=${t('media.picture', { from })} decoding="async" onError=${fail} /></a>`;
  }
  return kind === 'audio'
    ? html`<audio class="sounding" controls preload="metadata" src=${src} aria-label=${t('media.audio', { from })} onError=${fail}></audio>`
    : html`<video class="moving" controls preload="metadata" playsinline src=${src} aria-label=${t('media.video', { from })} onError=${fail}></video>`;
}

/**
 * A file on its way to be sent.
 * @typedef {{id: number, name: string, type: string, size: number, preview: string, url: string, problem: string}} Attachment
 */

/** What will be sent along. Files are uploaded as they are attached.
 * @param {string} address the handset's */
export function useAttachments(address) {
  const [list, set] = useState(/** @type {Attachment[]} */ ([]));
  const own = useRef({ ids: 0, previews: new Set() });
  useEffect(() => () => own.current.previews.forEach((one) => URL.revokeObjectURL(/** @type {string} */ (one))), []);
  const change = (/** @type {number} */ id, /** @type {Partial<Attachment>} */ part) => set((was) => was.map((one) => (one.id === id ? { ...one, ...part } : one)));
  const put = async (/** @type {File} */ file) => {
    const id = ++own.current.ids;
    const type = file.type || 'application/octet-stream';
    const preview = PICTURES.test(type) ? URL.createObjectURL(file) : '';
    if (preview) own.current.previews.add(preview);
    const most = address.startsWith('whatsapp:') ? BYTES_MAX.whatsapp : BYTES_MAX.mms;
    const problem = file.size > most ? t('media.toobig', { size: sized(file.size), most: sized(most) }) : '';
    set((was) => [...was, { id, name: file.name, type, size: file.size, preview, url: '', problem }]);
    if (problem) return say(`${file.name}: ${problem}`);
    try {
      const kept = await upload(`${phone(address)}/Media`, file, type);
      change(id, { url: kept.url });
      say(t('media.attached', { name: file.name }));
    } catch (error) {
      const known = /** @type {any} */ (error);
      change(id, { problem: known.code ? `${known.message} (${known.code})` : known.message });
    }
  };
  const add = (/** @type {Iterable<File>} */ files) => [...files].slice(0, Math.max(0, FILES_MAX - list.length)).forEach((file) => void put(file));
  const drop = (/** @type {number} */ id) => set((was) => was.filter((one) => one.id !== id));
  return {
    list, add, drop, clear: () => set([]),
    waits: list.some((one) => !one.url && !one.problem), bad: list.some((one) => one.problem), urls: list.map((one) => one.url).filter(Boolean),
    most: sized(address.startsWith('whatsapp:') ? BYTES_MAX.whatsapp : BYTES_MAX.mms),
  };
}

/** What is attached, and further ways to attach. @param {any} p */
export function Tray({ files, link, onLink, onClose }) {
  const picker = useRef(/** @type {HTMLInputElement | null} */ (null));
  return html`<div class="tray">
    ${files.list.length > 0 && html`<ul class="attached" aria-label=${t('media.list')}>${files.list.map((/** @type {Attachment} */ one) => html`<li key=${one.id} class=${one.problem ? 'bad' : one.url ? '' : 'busy'} data-state=${one.problem ? 'bad' : one.url ? 'ready' : 'busy'}>
      ${one.preview ? html`<img src=${one.preview} alt="" />` : html`<span class="thumb"><${Icon} name="file" size=${20} /></span>`}
      <span class="grow"><span class="cut name">${one.name}</span><span class="small break">${one.problem || sized(one.size)}</span></span>
      <${Button} icon="close" small kind="quiet" label=${t('media.remove', { name: one.name })} onClick=${() => files.drop(one.id)} /></li>`)}</ul>`}
    <div class="row"><${Button} icon="image" small onClick=${() => picker.current?.click()}>${t('media.choose')}</${Button}><span class="small dim grow">${t('media.how', { n: FILES_MAX, most: files.most })}</span><${Button} icon="close" small kind="quiet" label=${t('phone.nomedia')} onClick=${onClose} /></div>
    <input ref=${picker} type="file" multiple hidden aria-hidden="true" tabindex="-1" onChange=${(/** @type {any} */ e) => { files.add([...e.target.files]); e.target.value = ''; }} />
    <details><summary>${t('media.bylink')}</summary><label><span class="sr">${t('phone.media')}</span><input class="in mono" type="url" placeholder="https://…/photo.jpg" value=${link} onInput=${(/** @type {any} */ e) => onLink(e.target.value)} /></label></details>
  </div>`;
}
