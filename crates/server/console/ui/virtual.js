// A list of which only what is seen is on the page: ten thousand rows scroll like ten.
//
// Rows of one height are placed by counting. Rows of their own height are measured when they are
// shown; until then they are guessed.

import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor/preact-htm.js';

/** Pixels beyond the edges that are drawn, too. */
const MARGIN = 400;

/**
 * @param {{items: any[], height: number, row: (item: any, at: number) => any, keyOf: (item: any) => string,
 *   measured?: boolean, stick?: boolean, onEnd?: () => void, onStart?: () => void, label?: string, role?: string, className?: string, onKeyDown?: any}} p
 */
export function Virtual({ items, height, row, keyOf, measured = false, stick = false, onEnd, onStart, label, role = 'list', className = '', onKeyDown }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const heights = useRef(new Map());
  const [view, setView] = useState({ top: 0, size: 600 });
  const [, again] = useState(0);
  const atEnd = useRef(true);
  const lastTop = useRef(0);

  /** @type {number[]} */
  const tops = [];
  let total = 0;
  if (measured) {
    for (const item of items) {
      tops.push(total);
      total += heights.current.get(keyOf(item)) ?? height;
    }
  } else total = items.length * height;
  const topOf = (/** @type {number} */ at) => (measured ? tops[at] : at * height);

  let first = 0;
  let end = items.length;
  if (measured) {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (tops[mid] < view.top - MARGIN) low = mid + 1;
      else high = mid;
    }
    first = Math.max(0, low - 1);
    end = first;
    while (end < items.length && tops[end] < view.top + view.size + MARGIN) end++;
  } else {
    first = Math.max(0, Math.floor((view.top - MARGIN) / height));
    end = Math.min(items.length, Math.ceil((view.top + view.size + MARGIN) / height));
  }

  const look = () => {
    const it = box.current;
    if (!it) return;
    atEnd.current = it.scrollTop + it.clientHeight > it.scrollHeight - 40;
    lastTop.current = it.scrollTop;
    setView((was) => (was.top === it.scrollTop && was.size === it.clientHeight ? was : { top: it.scrollTop, size: it.clientHeight }));
    if (onEnd && it.scrollTop + it.clientHeight > it.scrollHeight - 800) onEnd();
    if (onStart && it.scrollTop < 400) onStart();
  };

  useEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useEffect(look, [items.length]);
  useLayoutEffect(() => {
    const it = box.current;
    if (!it) return;
    if (measured) {
      let changed = false;
      for (const child of it.querySelectorAll('[data-key]')) {
        const key = child.getAttribute('data-key');
        const now = /** @type {HTMLElement} */ (child).offsetHeight;
        if (now && heights.current.get(key) !== now) {
          heights.current.set(key, now);
          changed = true;
        }
      }
      if (changed) again((n) => n + 1);
    }
    if (stick && atEnd.current) it.scrollTop = it.scrollHeight;
  });

  const shown = items.slice(first, end);
  return html`<div class="virtual ${className}" ref=${box} onScroll=${look} role=${role} aria-label=${label} tabindex="0" onKeyDown=${onKeyDown}>
    <div class="inner" role="presentation" style=${{ height: `${total}px` }}>
      ${shown.map((item, n) => {
        const at = first + n;
        const style = measured ? { top: `${topOf(at)}px` } : { top: `${topOf(at)}px`, height: `${height}px` };
        return html`<div key=${keyOf(item)} data-key=${keyOf(item)} style=${style} role=${role === 'list' ? 'listitem' : 'presentation'} aria-setsize=${role === 'list' ? items.length : undefined} aria-posinset=${role === 'list' ? at + 1 : undefined}>${row(item, at)}</div>`;
      })}
    </div>
  </div>`;
}
