// Signing in with a sid and its secret, where no link did.

import { html, useState } from '../vendor/preact-htm.js';
import { LANGUAGES, currentLanguage, setLanguage, t } from '../lib/i18n.js';
import { current } from '../lib/session.js';
import { Field, Input, Note } from '../ui/parts.js';

export function SignIn() {
  const [sid, setSid] = useState('');
  const [token, setToken] = useState('');
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const used = new URLSearchParams(location.search).has('link-used');
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const status = await current.signIn(sid.trim(), token.trim()).catch(() => 0);
    setBusy(false);
    if (status >= 200 && status < 300) {
      history.replaceState(null, '', location.pathname);
    } else setTrouble(status === 401 ? t('signin.wrong') : t('signin.failed'));
  };
  return html`<main class="signin">
    <form class="card" onSubmit=${submit}>
      <img src="/console/icon.svg" alt="" width="44" height="44" />
      <h1>${t('signin.title')}</h1>
      ${used && html`<${Note} tone="wait">${t('signin.used')}</${Note}>`}
      <p class="dim">${t('signin.how')} <code>offhook console</code></p>
      <${Field} label=${t('signin.sid')}><${Input} mono value=${sid} onValue=${setSid} name="username" autocomplete="username" spellcheck="false" required placeholder="AC…" /></${Field}>
      <${Field} label=${t('signin.token')}><${Input} mono type="password" value=${token} onValue=${setToken} name="password" autocomplete="current-password" required /></${Field}>
      <div role="alert">${trouble && html`<${Note} tone="bad">${trouble}</${Note}>`}</div>
      <button class="btn main" disabled=${busy}>${t('signin.do')}</button>
      <p class="row small langs">${Object.entries(LANGUAGES).map(([tag, { name }]) => html`<button type="button" class="btn quiet small" lang=${tag} aria-pressed=${String(tag === currentLanguage())} onClick=${() => setLanguage(tag)}>${name}</button>`)}</p>
    </form>
  </main>`;
}
