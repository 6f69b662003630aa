// How Twilio signs a webhook: shown step by step, and computed where the browser has the means.
// The house signs by libs/webhook; a test compares.

/**
 * What is signed: the URL, and of a POST each parameter's name and value, sorted by name.
 * @param {{method: string, url: string, parameters: Record<string, any>}} sent
 */
export function signedText({ method, url, parameters }) {
  const bare = url.split('#')[0];
  if (method === 'GET') return { text: bare, parts: [{ kind: 'url', text: bare }] };
  const names = Object.keys(parameters).sort();
  const parts = [{ kind: 'url', text: bare }];
  for (const name of names) {
    const values = Array.isArray(parameters[name]) ? [...new Set(parameters[name])].sort() : [parameters[name]];
    for (const value of values) parts.push({ kind: 'name', text: name }, { kind: 'value', text: String(value) });
  }
  return { text: parts.map((part) => part.text).join(''), parts };
}

/** Base64 of HMAC-SHA1; null where the page is not secure enough for WebCrypto.
 * @param {string} token @param {string} text */
export async function sign(token, text) {
  if (!globalThis.crypto?.subtle) return null;
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', bytes.encode(token), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, bytes.encode(text));
  return btoa(String.fromCharCode(...new Uint8Array(mac)));
}
