// What happens in the house, as it happens: one stream for the whole browser.
//
// A browser holds six connections to a house, for all of its tabs together. So one tab reads and
// tells the others; when it goes, another reads on where it was, by Last-Event-ID. Where there are no
// locks between tabs (a page that is neither of localhost nor TLS) each tab reads for itself.
//
// Read with fetch, because an EventSource can't carry the mark. What can't be caught up is told as
// `house.gap`, and rooms load anew: the house says so when it has forgotten what came since, and a tab
// does when it begins to read without knowing from where (nothing has happened yet since it was opened).

import { useEffect, useRef, useState } from '../vendor/preact-htm.js';
import { current } from './session.js';

/** When something is loaded again after the connection broke. */
const AGAIN_MS = 1500;

/** @typedef {{name: string, data: any, id: string}} Happened */

/** @type {Set<(event: Happened) => void>} */
const listeners = new Set();
/** @type {Set<(live: boolean) => void>} */
const watchers = new Set();
let last = '';
let live = false;
/** @type {AbortController | null} */
let running = null;
/** Where the tab that reads tells the others. @type {BroadcastChannel | null} */
let tabs = null;
let reads = false;

/** @param {boolean} now */
function setLive(now) {
  if (live === now) return;
  live = now;
  if (reads) tabs?.postMessage({ live });
  watchers.forEach((tell) => tell(now));
}

/** @param {string} piece one event of the stream */
function take(piece) {
  const event = { name: 'message', data: '', id: '' };
  for (const line of piece.split('\n')) {
    const at = line.indexOf(':');
    if (at <= 0) continue;
    const value = line.slice(at + 1).replace(/^ /, '');
    if (line.startsWith('event:')) event.name = value;
    else if (line.startsWith('data:')) event.data += value;
    else if (line.startsWith('id:')) event.id = value;
  }
  if (!event.data) return;
  if (event.id) last = event.id;
  const happened = { ...event, data: JSON.parse(event.data) };
  listeners.forEach((tell) => tell(happened));
}

/** Takes one event of the stream here, and gives it to the other tabs. @param {string} piece */
function pass(piece) {
  tabs?.postMessage({ piece });
  take(piece);
}

/** @param {AbortSignal} signal */
async function read(signal) {
  const from = last;
  const headers = { 'X-Offhook-Console': '1', ...(from ? { 'Last-Event-ID': from } : {}) };
  const answer = await fetch('/offhook/v1/Events', { headers, signal, cache: 'no-store' });
  if (answer.status === 401) current.lost();
  if (!answer.ok || !answer.body) throw new Error(`events: ${answer.status}`);
  if (!from) pass('event: house.gap\ndata: {}');
  setLive(true);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    let end;
    while ((end = text.indexOf('\n\n')) >= 0) {
      pass(text.slice(0, end));
      text = text.slice(end + 2);
    }
  }
}

/** Reads until told to stop; a stream that breaks is begun again. @param {AbortSignal} signal */
async function follow(signal) {
  reads = true;
  let wait = 300;
  while (!signal.aborted) {
    try {
      await read(signal);
      wait = 300;
    } catch {
      wait = Math.min(wait * 2, 5000);
    }
    if (signal.aborted) return;
    setLive(false);
    await new Promise((done) => setTimeout(done, wait));
  }
}

/** Listens until `stop`. @param {string} account whose house it is: tabs of another are strangers */
export function start(account) {
  stop();
  const { signal } = (running = new AbortController());
  if (!navigator.locks) return void follow(signal);
  tabs = new BroadcastChannel(`offhook-events-${account}`);
  tabs.onmessage = ({ data }) => {
    if (data.hello && reads) tabs?.postMessage({ live });
    else if ('live' in data && !reads) setLive(data.live);
    else if (data.piece && !reads) take(data.piece);
  };
  tabs.postMessage({ hello: true });
  navigator.locks.request(`offhook-events-${account}`, { signal }, () => follow(signal)).catch(() => undefined);
}

export function stop() {
  running?.abort();
  running = null;
  tabs?.close();
  tabs = null;
  reads = false;
  last = '';
  setLive(false);
}

/** @param {(event: Happened) => void} tell */
export function listen(tell) {
  listeners.add(tell);
  return () => void listeners.delete(tell);
}

/** Calls `tell` with each event while the part is on the page. @param {(event: Happened) => void} tell */
export function useEvents(tell) {
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => listen((event) => latest.current(event)), []);
}

export function useConnected() {
  const [now, set] = useState(live);
  useEffect(() => {
    watchers.add(set);
    return () => void watchers.delete(set);
  }, []);
  return now;
}

/**
 * What `load` gives, loaded anew when an event whose name begins with one of `names` comes.
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} load
 * @param {string[]} names
 * @param {any[]} deps
 * @returns {{value: T | null, error: any, reload: () => void, set: (value: T | null) => void}}
 */
export function useLive(load, names, deps = []) {
  const [state, setState] = useState(/** @type {{value: any, error: any}} */ ({ value: null, error: null }));
  const run = useRef({ busy: false, again: false, gone: false, turn: 0 });
  const latest = useRef(load);
  latest.current = load;
  const reload = useRef(async () => {
    const r = run.current;
    if (r.busy) {
      r.again = true;
      return;
    }
    r.busy = true;
    do {
      r.again = false;
      const turn = r.turn;
      try {
        const value = await latest.current(new AbortController().signal);
        if (!r.gone && turn === r.turn) setState({ value, error: null });
      } catch (error) {
        if (!r.gone && turn === r.turn) setState((was) => ({ ...was, error }));
        // A refusal stands; a connection that broke may be better the next time.
        if (!(/** @type {any} */ (error).status) && !r.gone) setTimeout(() => !r.gone && void reload.current(), AGAIN_MS);
      }
    } while (r.again && !r.gone);
    r.busy = false;
  });
  useEffect(() => {
    run.current.gone = false;
    run.current.turn += 1;
    void reload.current();
  }, deps);
  useEffect(() => () => void (run.current.gone = true), []);
  useEvents((event) => {
    const mine = names.some((name) => event.name.startsWith(name));
    if (mine || event.name === 'house.gap' || event.name === 'house.reset') void reload.current();
  });
  return { ...state, reload: () => void reload.current(), set: (value) => setState({ value, error: null }) };
}
