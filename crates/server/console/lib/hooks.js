// The request log on this page: what was loaded, kept up to date by events.
//
// New entries come one by one when there are few, as a page when there are many. Older ones come
// while the list is scrolled or searched, up to HOOKS_MAX.

import { useEffect, useRef, useState } from '../vendor/preact-htm.js';
import { get, relative } from './api.js';
import { useEvents } from './events.js';

const HOOKS_MAX = 10_000;
/** When a page is asked for again after the connection broke. */
const AGAIN_MS = 1000;
/** Entries fetched one by one; more at once are a page. */
const SINGLES_MAX = 12;

/** @param {string} [query] such as `ResourceSid=CA…` */
export function useHooks(query = '') {
  const [list, set] = useState(/** @type {any[]} */ ([]));
  const [state, setState] = useState({ loading: true, more: false });
  const own = useRef({ all: new Map(), next: '', wanted: new Set(), busy: false, page: false, older: false, gone: false });

  const show = () => {
    const o = own.current;
    const sorted = [...o.all.values()].sort((a, b) => b.at - a.at || (a.sid < b.sid ? 1 : -1));
    if (sorted.length > HOOKS_MAX) for (const one of sorted.splice(HOOKS_MAX)) o.all.delete(one.sid);
    set(sorted);
  };
  const take = (/** @type {any} */ entry) => {
    const was = own.current.all.get(entry.sid);
    own.current.all.set(entry.sid, { ...entry, at: was?.at ?? Date.parse(entry.date_created), text: textOf(entry) });
  };
  const page = async () => {
    const found = await get(`/offhook/v1/Webhooks?PageSize=100${query ? `&${query}` : ''}`);
    found.webhooks.forEach(take);
    if (!own.current.next && own.current.all.size <= found.webhooks.length) own.current.next = found.meta.next_page_url ?? '';
  };
  const work = async () => {
    const o = own.current;
    if (o.busy) return;
    o.busy = true;
    while (!o.gone && (o.page || o.wanted.size)) {
      try {
        if (o.page || o.wanted.size > SINGLES_MAX) {
          o.page = false;
          o.wanted.clear();
          await page();
        } else {
          const sids = [...o.wanted];
          o.wanted.clear();
          for (const entry of await Promise.all(sids.map((sid) => get(`/offhook/v1/Webhooks/${sid}`).catch(() => null)))) {
            if (entry && (!query || query.includes(entry.resource_sid))) take(entry);
          }
        }
      } catch (error) {
        // A refusal stands; a connection that broke may be better the next time.
        if (/** @type {any} */ (error).status) break;
        o.page = true;
        await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
      if (!o.gone) show();
    }
    o.busy = false;
    setState({ loading: false, more: Boolean(o.next) });
  };
  const older = async () => {
    const o = own.current;
    if (!o.next || o.older || o.all.size >= HOOKS_MAX) return;
    o.older = true;
    try {
      const found = await get(relative(o.next));
      found.webhooks.forEach(take);
      o.next = found.meta.next_page_url ?? '';
      if (!o.gone) {
        show();
        setState({ loading: false, more: Boolean(o.next) });
      }
    } finally {
      o.older = false;
    }
  };
  useEffect(() => {
    const o = own.current;
    Object.assign(o, { gone: false, page: true, next: '', all: new Map() });
    void work();
    return () => void (o.gone = true);
  }, [query]);
  useEvents((event) => {
    const o = own.current;
    if (event.name.startsWith('webhook.')) o.wanted.add(event.data.sid);
    else if (event.name === 'house.gap') o.page = true;
    else if (event.name === 'house.reset') {
      o.all.clear();
      o.next = '';
      o.page = true;
      show();
    } else return;
    void work();
  });
  return { list, older, ...state };
}

/** What a search looks in. @param {any} entry */
function textOf(entry) {
  const values = Object.entries(entry.parameters).map(([name, value]) => `${name}=${value}`);
  return [entry.sid, entry.url, entry.method, entry.purpose, entry.resource_sid, ...values, entry.response?.body ?? '', ...entry.problems.map((/** @type {any} */ one) => `${one.code} ${one.message}`), ...entry.attempts.map((/** @type {any} */ one) => `${one.status ?? ''} ${one.error?.code ?? ''} ${one.error?.message ?? ''}`)].join('\n').toLowerCase();
}

/** The webhook as a command of curl's. @param {any} entry */
export function curl(entry) {
  const quote = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl ${entry.method === 'GET' ? '' : `-X ${entry.method} `}${quote(entry.url)}`];
  for (const [name, values] of Object.entries(entry.headers)) {
    if (/^(host|content-length|connection|accept-encoding|content-type)$/i.test(name)) continue;
    for (const value of [values].flat()) lines.push(`  -H ${quote(`${name}: ${value}`)}`);
  }
  if (entry.method !== 'GET') {
    for (const [name, values] of Object.entries(entry.parameters)) for (const value of [values].flat()) lines.push(`  --data-urlencode ${quote(`${name}=${value}`)}`);
  }
  return lines.join(' \\\n');
}

/** Milliseconds of all attempts. @param {any} entry */
export const spent = (entry) => entry.attempts.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.duration_ms, 0);
