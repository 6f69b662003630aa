// The public APIs, asked with the session's cookie.
//
// Every request carries the mark that other sites can't set. A refusal is an ApiError with
// Twilio's code and sentence. Nothing here knows a room.

import { current } from './session.js';

export class ApiError extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.message || `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? null;
    this.details = body?.details ?? null;
    this.moreInfo = body?.more_info ?? null;
  }
}

/** @typedef {Record<string, string | number | boolean | null | undefined | Array<string>>} Form */

/** @param {Form} [form] */
export function encode(form = {}) {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    if (value === undefined || value === null) continue;
    for (const one of Array.isArray(value) ? value : [value]) pairs.append(name, String(one));
  }
  return pairs;
}

/** @param {string} method @param {string} path @param {{form?: Form, signal?: AbortSignal, keep?: boolean}} [more] */
export async function request(method, path, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { 'X-Offhook-Console': '1', Accept: 'application/json' };
  let body;
  if (more.form) {
    body = encode(more.form).toString();
    headers['Content-Type'] = 'application/x-www-form-urlencoded';
  }
  const answer = await fetch(path, { method, headers, body, signal: more.signal, credentials: 'same-origin', cache: 'no-store' });
  if (answer.status === 401 && !more.keep) current.lost();
  if (answer.status === 204) return null;
  const type = answer.headers.get('content-type') ?? '';
  const value = type.includes('json') ? await answer.json() : await answer.text();
  if (!answer.ok) throw new ApiError(answer.status, value);
  return value;
}

/** @param {string} path @param {Form} [query] @param {AbortSignal} [signal] */
export function get(path, query, signal) {
  const text = query ? encode(query).toString() : '';
  return request('GET', text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path, { signal });
}
/** @param {string} path @param {Form} [form] */
export const post = (path, form = {}) => request('POST', path, { form });
/** @param {string} path */
export const remove = (path) => request('DELETE', path);

/** A file as it is, of its own type. @param {string} path @param {Blob} file @param {string} type */
export async function upload(path, file, type) {
  const headers = { 'X-Offhook-Console': '1', Accept: 'application/json', 'Content-Type': type };
  const answer = await fetch(path, { method: 'POST', headers, body: file, credentials: 'same-origin' });
  if (answer.status === 401) current.lost();
  const value = (answer.headers.get('content-type') ?? '').includes('json') ? await answer.json() : null;
  if (!answer.ok) throw new ApiError(answer.status, value);
  return value;
}

/** Bytes of something, for a player. @param {string} path */
export async function bytes(path) {
  const answer = await fetch(path, { headers: { 'X-Offhook-Console': '1' }, credentials: 'same-origin' });
  if (!answer.ok) throw new ApiError(answer.status, null);
  return answer.arrayBuffer();
}

/** Twilio's API of the account that is signed in. @param {string} path */
export const twilio = (path) => `/2010-04-01/Accounts/${current.sid()}${path}`;

/** @param {string} address */
export const phone = (address) => `/offhook/v1/Phones/${encodeURIComponent(address)}`;

/** All of a list by its pages, up to `most`. @param {string} path @param {string} key @param {number} [most] */
export async function all(path, key, most = 1000) {
  const found = [];
  let next = `${path}${path.includes('?') ? '&' : '?'}PageSize=${Math.min(most, 1000)}`;
  while (next && found.length < most) {
    const page = await get(next);
    found.push(...page[key]);
    const link = page.next_page_uri ?? page.meta?.next_page_url ?? '';
    next = link ? relative(link) : '';
  }
  return found;
}

/** A URL of this house without its origin: a page is asked where this one came from.
 * @param {string} url */
export function relative(url) {
  const read = new URL(url, location.origin);
  return read.pathname + read.search;
}
