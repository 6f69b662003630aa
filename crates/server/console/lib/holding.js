// Requests that wait for news hold a connection, of which a browser has six for all tabs together.
//
// So only few of them wait at a time, in whichever tabs; the others ask again in a moment.

/** Requests that wait at once, in all tabs of the browser. */
const HELD_MAX = 2;
/** When one that may not wait asks again. */
export const AGAIN_MS = 350;

/** Does `work`, and tells it whether it may wait.
 * @template T @param {(waits: boolean) => Promise<T>} work @returns {Promise<T>} */
export async function holding(work) {
  for (let n = 0; n < HELD_MAX && navigator.locks; n++) {
    const done = await navigator.locks.request(`offhook-holding-${n}`, { ifAvailable: true }, async (lock) => (lock ? { value: await work(true) } : null));
    if (done) return done.value;
  }
  return work(false);
}
