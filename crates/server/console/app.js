// The console begins here: who is signed in, which room, and what is around it.

import './lib/theme.js';
import { html, render, useEffect, useErrorBoundary, useState } from './vendor/preact-htm.js';
import { useLanguage, setLanguage, LANGUAGES, t } from './lib/i18n.js';
import { THEMES, theme, setTheme } from './lib/theme.js';
import { current } from './lib/session.js';
import * as events from './lib/events.js';
import { get } from './lib/api.js';
import { href, onClick, useParts } from './lib/router.js';
import { ROOMS, GROUPS, SHORTCUTS } from './rooms.js';
import { Announcer } from './ui/announce.js';
import { Icon } from './ui/icons.js';
import { Button, Empty } from './ui/parts.js';
import { SignIn } from './rooms/signin.js';

/** @param {{session: any}} p */
function Shell({ session }) {
  const parts = useParts();
  const [open, setOpen] = useState(false);
  const room = ROOMS.find((one) => one.path === (parts[0] ?? ''));
  useEffect(() => setOpen(false), [parts.join('/')]);
  useEffect(() => {
    const keys = (/** @type {KeyboardEvent} */ e) => {
      if (e.key === 'Escape') setOpen(false);
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, []);
  return html`<div class="shell" onClick=${onClick}>
    <a class="skip" href="#room" onClick=${(/** @type {Event} */ e) => { e.preventDefault(); document.getElementById('room')?.focus(); }}>${t('skip')}</a>
    <${Side} session=${session} at=${room?.path} open=${open} />
    <${Within} key=${room?.path ?? '-'} room=${room} parts=${parts.slice(1)} />
    <nav class="tabbar" aria-label=${t('nav.short')}>
      ${SHORTCUTS.map((path) => {
        const one = ROOMS.find((other) => other.path === path);
        return one && html`<a href=${href(...(path ? [path] : []))} aria-current=${room?.path === path ? 'page' : undefined}><${Icon} name=${one.icon} size=${22} />${t(one.title)}</a>`;
      })}
      <button aria-expanded=${String(open)} onClick=${() => setOpen(!open)}><${Icon} name=${open ? 'close' : 'menu'} size=${22} />${t('nav.more')}</button>
    </nav>
  </div>`;
}

/** @param {{session: any, at: string | undefined, open: boolean}} p */
function Side({ session, at, open }) {
  const connected = events.useConnected();
  const clock = events.useLive(() => get('/offhook/v1/Clock'), ['clock.'], []);
  const isVirtual = clock.value?.mode === 'virtual';
  const [look, setLook] = useState(/** @type {'auto' | 'light' | 'dark'} */ (theme()));
  const nextTheme = () => {
    const next = THEMES[(THEMES.indexOf(look) + 1) % THEMES.length];
    setTheme(next);
    setLook(next);
  };
  const themeNames = { auto: t('theme.auto'), light: t('theme.light'), dark: t('theme.dark') };
  const language = useLanguage();
  const state = !connected ? 'off' : isVirtual ? 'still' : 'on';
  return html`<div class="side ${open ? 'open' : ''}">
    <a class="brand" href=${href()} aria-label="Offhook"><img src="/console/icon.svg" alt="" /><b>Offhook</b></a>
    <nav class="nav" aria-label=${t('nav.rooms')}>
      ${GROUPS.map((group) => html`<h2>${t(group)}</h2>
        ${ROOMS.filter((one) => one.group === group).map((one) => html`<a href=${href(...(one.path ? [one.path] : []))} aria-current=${one.path === at ? 'page' : undefined}><${Icon} name=${one.icon} />${t(one.title)}</a>`)}`)}
    </nav>
    <footer>
      <div class="live"><span class="lamp ${state}"></span>${!connected ? t('live.off') : isVirtual ? t('live.virtual') : t('live.on')}</div>
      <div class="row">
        <label class="grow"><span class="sr">${t('language')}</span>
          <select class="in" value=${language} onChange=${(/** @type {any} */ e) => setLanguage(e.target.value)}>
            ${Object.entries(LANGUAGES).map(([tag, { name }]) => html`<option value=${tag} lang=${tag} selected=${tag === language}>${name}</option>`)}
          </select></label>
        <${Button} icon=${{ auto: 'auto', light: 'sun', dark: 'moon' }[look]} label=${t('theme.now', { name: themeNames[look] })} onClick=${nextTheme} />
        <${Button} icon="out" label=${t('signout', { name: session.friendly_name || session.account_sid })} onClick=${() => current.signOut()} />
      </div>
    </footer>
  </div>`;
}

/** A room, loaded when it is first entered. @param {{room: any, parts: string[]}} p */
function Within({ room, parts }) {
  const [loaded, set] = useState(/** @type {any} */ (null));
  const [error, reset] = useErrorBoundary((/** @type {any} */ problem) => console.error(problem));
  useEffect(() => {
    let gone = false;
    room?.load().then((/** @type {any} */ module) => !gone && set(() => module.default), () => !gone && set(() => Lost));
    return () => void (gone = true);
  }, [room]);
  if (error) {
    return html`<main class="room" id="room"><${Empty} icon="warn" title=${t('broken.title')}>${t('broken.text')} <${Button} onClick=${reset}>${t('again')}</${Button}></${Empty}></main>`;
  }
  if (!room) return html`<${Lost} />`;
  return loaded ? html`<${loaded} parts=${parts} />` : html`<main class="room" id="room" aria-busy="true"></main>`;
}

const Lost = () => html`<main class="room" id="room"><${Empty} icon="search" title=${t('lost.title')}>${t('lost.text')}</${Empty}></main>`;

/** @param {{first: any}} p */
function App({ first }) {
  const language = useLanguage();
  const [session, set] = useState(first);
  useEffect(() => current.watch(set), []);
  useEffect(() => {
    if (!session) return undefined;
    events.start(session.account_sid);
    return events.stop;
  }, [session?.account_sid]);
  return html`<${Announcer} />${session ? html`<${Shell} key=${`${language}-${session.account_sid}`} session=${session} />` : html`<${SignIn} key=${language} />`}`;
}

const root = document.getElementById('app');
current.find().catch(() => null).then((first) => root && render(html`<${App} first=${first} />`, root));
