// A house for a test: the debug binary on a free port, a fresh folder, and a browser signed in.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:http';
import { chromium } from 'playwright-core';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const BINARY = process.env.OFFHOOK_BINARY ?? join(ROOT, 'target/debug/offhook');
const CHROMIUM = process.env.CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
export const NUMBER = '+12025550100';
export const PERSON = '+12025550199';

/** Starts a house; what it prints says where it is. */
export async function open({ flags = [], env = {}, listen = '127.0.0.1:0', speech = 'none' } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-console-'));
  const child = spawn(BINARY, ['serve', '--listen', listen, '--data', folder, '--speech', speech, ...flags], {
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A test that dies takes its house along.
  const die = () => void child.kill('SIGKILL');
  process.once('exit', die);
  let text = '';
  child.stdout.setEncoding('utf8');
  await new Promise((done, failed) => {
    child.stdout.on('data', (piece) => {
      text += piece;
      if (/console +http/.test(text) && text.includes('Try it')) done();
    });
    child.on('exit', (code) => failed(new Error(`the house ended with ${code}: ${text}`)));
  });
  const found = (pattern) => pattern.exec(text)?.[1] ?? '';
  const url = found(/Offhook \S+ at (\S+)/);
  const sid = found(/account +(AC\w+)/);
  const token = found(/token +(\w+)/);
  const link = found(/console +(\S+)/);
  const auth = `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}`;
  const ask = async (method, path, form) => {
    const body = form && new URLSearchParams(Object.entries(form).flatMap(([k, v]) => [].concat(v).map((one) => [k, String(one)])));
    const answer = await fetch(url + path, { method, headers: { authorization: auth }, body });
    if (answer.status === 204) return null;
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(value)}`);
    return value;
  };
  const close = async () => {
    process.off('exit', die);
    child.removeAllListeners('exit');
    const ended = new Promise((done) => child.on('exit', done));
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const twilio = (path) => `/2010-04-01/Accounts/${sid}${path}`;
  const bin = async (name, twiml) => (await ask('POST', '/offhook/v1/Bins', { FriendlyName: name, Twiml: twiml }));
  const number = async () => (await ask('GET', twilio('/IncomingPhoneNumbers.json'))).incoming_phone_numbers[0];
  const use = async (form) => ask('POST', twilio(`/IncomingPhoneNumbers/${(await number()).sid}.json`), form);
  return { url, sid, token, link, auth, ask, twilio, bin, use, number, close, folder, text };
}

let browser;
/** One browser for the file. */
export async function browse(options = {}) {
  browser ??= await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
  });
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1360, height: 860 }, reducedMotion: 'reduce', ...options });
  // A machine that has other things to do needs longer; a test that fails fails all the same.
  context.setDefaultTimeout(90_000);
  return context;
}
export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** A page that is signed in by the link; what it complains about fails the test at its end. */
export async function enter(house, options = {}) {
  const context = await browse(options);
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  const { url } = await house.ask('POST', '/console/links', {});
  await page.goto(url);
  await page.waitForSelector('.shell');
  await page.waitForSelector('.side .lamp:not(.off)', { state: 'attached' });
  return { page, context, complaints };
}

/** An application of a customer's: answers with what `reply` gives, and remembers what came. */
export async function customer(reply) {
  const seen = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += piece));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      seen.push({ method: request.method, url: request.url, headers: request.headers, form });
      const answer = reply(request.url, form);
      response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'text/xml', ...answer.headers });
      response.end(answer.body);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, seen, close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}
