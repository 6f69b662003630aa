// A list of which only what is seen is on the page: ten thousand rows scroll like ten.
//
// Rows of one height are placed by counting. Rows of their own height are measured when they are
// shown; until then they are guessed. Whatever comes, goes or grows elsewhere, what is looked at
// stays where it is. A row that is as it was is not drawn again.

import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/preact-htm.js';

/** Pixels beyond the edges that are drawn, too. */
const MARGIN = 600;
/** Pixels that may be scrolled before rows are drawn anew: well within the margin. */
const STEP = 200;

/** Where rows are: of one height, or each of its own.
 * @param {any[]} items @param {(item: any) => string} keyOf @param {number} height @param {Map<string, number> | null} heights */
function placed(items, keyOf, height, heights) {
  if (!heights) return { top: (/** @type {number} */ at) => at * height, total: items.length * height, at: (/** @type {number} */ y) => Math.floor(y / height) };
  const tops = new Float64Array(items.length + 1);
  for (let n = 0; n < items.length; n++) tops[n + 1] = tops[n] + (heights.get(keyOf(items[n])) ?? height);
  const at = (/** @type {number} */ y) => {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (tops[mid + 1] <= y) low = mid + 1;
      else high = mid;
    }
    return low;
  };
  return { top: (/** @type {number} */ n) => tops[n], total: tops[items.length], at };
}

/** The nodes of rows that are as they were: `same` says what else a row depends on.
 * @param {any[] | undefined} same @param {(item: any, at: number) => any} row */
function useDrawn(same, row) {
  const own = useRef({ same: /** @type {any[]} */ ([]), nodes: new WeakMap() });
  if (!same) return row;
  if (same.length !== own.current.same.length || same.some((one, n) => one !== own.current.same[n])) own.current = { same, nodes: new WeakMap() };
  return (/** @type {any} */ item, /** @type {number} */ at) => {
    let node = own.current.nodes.get(item);
    if (!node) own.current.nodes.set(item, (node = row(item, at)));
    return node;
  };
}

/**
 * @param {{items: any[], height: number, row: (item: any, at: number) => any, keyOf: (item: any) => string, same?: any[], about?: string,
 *   measured?: boolean, stick?: boolean, onEnd?: () => void, onStart?: () => void, label?: string, role?: string, className?: string, onKeyDown?: any}} p
 */
export function Virtual({ items, height, row, keyOf, same, about = '', measured = false, stick = false, onEnd, onStart, label, role = 'list', className = '', onKeyDown }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [view, setView] = useState({ top: 0, size: 800 });
  const [turn, again] = useState(0);
  const own = useRef({
    heights: /** @type {Map<string, number>} */ (new Map()), watched: new WeakSet(), sizes: /** @type {ResizeObserver | null} */ (null),
    atEnd: true, top: 0, size: 0, anchor: { key: '', at: 0, by: 0 }, place: /** @type {any} */ (null), items: /** @type {any[]} */ ([]), turn: -1, about,
  });
  const o = own.current;
  const moved = o.items !== items || o.turn !== turn || !o.place;
  if (moved) Object.assign(o, { items, turn, place: placed(items, keyOf, height, measured ? o.heights : null) });
  const draw = useDrawn(same, row);
  const first = Math.max(0, Math.min(items.length, o.place.at(view.top - MARGIN)));
  const end = Math.min(items.length, o.place.at(view.top + view.size + MARGIN) + 1);

  const look = () => {
    const it = box.current;
    if (!it) return;
    const { scrollTop: top, clientHeight: size } = it;
    const at = Math.min(o.items.length - 1, o.place.at(top));
    // Who is at the end stays there, whatever grows or shrinks around, until it is scrolled up.
    if (top + size > o.place.total - 40) o.atEnd = true;
    else if (top < o.top - 2 && size === o.size) o.atEnd = false;
    Object.assign(o, { top, size });
    o.anchor = at < 0 ? { key: '', at: 0, by: 0 } : { key: keyOf(o.items[at]), at, by: top - o.place.top(at) };
    setView((was) => (Math.abs(was.top - top) < STEP && was.size === size ? was : { top, size }));
    if (onEnd && top + size > o.place.total - 800) onEnd();
    if (onStart && top < 400) onStart();
  };

  useEffect(() => {
    look();
    const observer = new ResizeObserver(() => {
      if (stick && o.atEnd && box.current) box.current.scrollTop = o.place.total;
      look();
    });
    if (box.current) observer.observe(box.current);
    return () => {
      observer.disconnect();
      o.sizes?.disconnect();
    };
  }, []);
  useEffect(look, [items.length]);
  useLayoutEffect(() => {
    if (measured) watch(box.current, o, () => again((n) => n + 1));
    const it = box.current;
    if (!it) return;
    const was = it.scrollTop;
    if (o.about !== about) {
      o.about = about;
      it.scrollTop = 0;
    } else if (stick && o.atEnd) it.scrollTop = o.place.total;
    else if (moved && o.anchor.key && (stick || it.scrollTop > 0)) {
      const { key, at, by } = o.anchor;
      const now = items[at] && keyOf(items[at]) === key ? at : items.findIndex((one) => keyOf(one) === key);
      if (now >= 0 && it.scrollTop !== o.place.top(now) + by) it.scrollTop = o.place.top(now) + by;
    } else return;
    if (it.scrollTop !== was) look();
  });

  return html`<div class="virtual ${className}" ref=${box} onScroll=${look} role=${role} aria-label=${label} tabindex="0" onKeyDown=${onKeyDown}>
    <div class="inner" role="presentation" style=${{ height: `${o.place.total}px` }}>
      ${items.slice(first, end).map((item, n) => {
        const at = first + n;
        const style = measured ? { top: `${o.place.top(at)}px` } : { top: `${o.place.top(at)}px`, height: `${height}px` };
        return html`<div key=${keyOf(item)} data-key=${keyOf(item)} style=${style} role=${role === 'list' ? 'listitem' : 'presentation'} aria-setsize=${role === 'list' ? items.length : undefined} aria-posinset=${role === 'list' ? at + 1 : undefined}>${draw(item, at)}</div>`;
      })}
    </div>
  </div>`;
}

/** Learns the heights of the rows on the page, and of those that grow: a picture comes later.
 * @param {HTMLElement | null} box @param {any} o @param {() => void} changed */
function watch(box, o, changed) {
  o.sizes ??= new ResizeObserver((entries) => {
    let differs = false;
    for (const { target, borderBoxSize } of entries) {
      const now = borderBoxSize[0].blockSize;
      const key = target.getAttribute('data-key');
      if (!now || !target.isConnected) {
        o.sizes.unobserve(target);
        o.watched.delete(target);
      } else if (o.heights.get(key) !== now) {
        o.heights.set(key, now);
        differs = true;
      }
    }
    if (differs) changed();
  });
  for (const child of box?.firstElementChild?.children ?? []) {
    if (o.watched.has(child)) continue;
    o.watched.add(child);
    o.sizes.observe(child);
  }
}
