// Who is signed in. The cookie is out of reach; this only asks the house whose it is.

/** @typedef {{account_sid: string, friendly_name: string, manages: boolean, rules: boolean, links: boolean}} Session */

/** @type {Session | null} */
let session = null;
/** @type {Set<(session: Session | null) => void>} */
const listeners = new Set();

/** @param {Session | null} next */
function set(next) {
  session = next;
  listeners.forEach((tell) => tell(next));
}

const headers = { 'X-Offhook-Console': '1' };

export const current = {
  sid: () => session?.account_sid ?? '',
  get: () => session,
  /** @param {(session: Session | null) => void} tell */
  watch(tell) {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  /** The house does not know us any more. */
  lost() {
    if (session) set(null);
  },
  /** Asks whose the cookie is. */
  async find() {
    const answer = await fetch('/console/session', { headers, cache: 'no-store' });
    set(answer.ok ? await answer.json() : null);
    return session;
  },
  /** @param {string} sid @param {string} token @returns {Promise<number>} the status */
  async signIn(sid, token) {
    const body = new URLSearchParams({ AccountSid: sid, AuthToken: token });
    const answer = await fetch('/console/session', { method: 'POST', headers, body });
    if (answer.ok) set(await answer.json());
    return answer.status;
  },
  async signOut() {
    await fetch('/console/session', { method: 'DELETE', headers });
    set(null);
  },
};
