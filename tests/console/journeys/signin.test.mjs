// Coming in from elsewhere: credentials and nothing less, and a cookie that stays where it belongs.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { browse, closeBrowser, open, PERSON, NUMBER } from '../house.mjs';

/** An address that others can reach it by. */
const OUTSIDE = Object.values(networkInterfaces()).flat().find((one) => one.family === 'IPv4' && !one.internal)?.address;

let house;
before(async () => void (house = await open(OUTSIDE ? { listen: `${OUTSIDE}:0` } : {})));
after(async () => {
  await closeBrowser();
  await house.close();
});

/** Fills in the form. */
async function signIn(page, sid, token) {
  await page.getByLabel('Account SID').fill(sid);
  await page.getByLabel('Auth token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('on a listener that others reach there is no link, and only right credentials come in', { skip: !OUTSIDE && 'there is no address here but loopback' }, async () => {
  assert.doesNotMatch(house.text, /\?link=/, 'the start prints no link that signs in');
  const offered = await house.ask('POST', '/console/links', {});
  assert.doesNotMatch(offered.url, /link=/);
  const context = await browse();
  const page = await context.newPage();
  await page.goto(`${house.url}/console/inspector?link=${'0'.repeat(64)}`);
  await page.getByRole('heading', { name: 'Sign in to Offhook' }).waitFor();
  for (const path of ['/offhook/v1/House', '/offhook/v1/Events', '/offhook/v1/Webhooks', house.twilio('/Messages.json')]) {
    assert.equal(await page.evaluate(async (one) => (await fetch(one, { headers: { 'X-Offhook-Console': '1' } })).status, path), 401, path);
  }
  const alert = page.getByRole('alert');
  for (const [sid, token] of [[house.sid, 'wrong'], [`AC${'0'.repeat(32)}`, house.token], ['nobody', house.token], [house.sid, `${house.token}0`]]) {
    await signIn(page, sid, token);
    await alert.getByText('The house does not know this SID with this token.').waitFor();
    assert.deepEqual(await context.cookies(), [], 'nobody is signed in');
    await page.getByLabel('Auth token').fill('');
  }
  await signIn(page, ` ${house.sid} `, house.token);
  await page.waitForSelector('.shell');
  await page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
  const [cookie] = await context.cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.secure], [true, 'Strict', false]);
  // The page says why one can't speak here, and everything else works.
  await page.goto(`${house.url}/console/phone`);
  const first = page.getByRole('region', { name: `Phone ${PERSON}` });
  await first.getByLabel('Text message').fill('from elsewhere');
  await page.keyboard.press('Enter');
  await first.locator('.bubble.theirs').getByText('from elsewhere').waitFor();
  await first.getByRole('button', { name: `Call ${NUMBER}` }).click();
  await first.getByText(/The microphone needs localhost or TLS/).waitFor();
  // It hears all the same.
  await page.waitForFunction(() => Number(document.querySelector('.meter')?.style.getPropertyValue('--loud')) > 0.05, undefined, { timeout: 30_000 });
  await first.getByRole('button', { name: 'Hang up' }).click();
  // What was signed out stays so, also for who kept the cookie.
  await page.getByRole('button', { name: /^Sign out/ }).click();
  await page.getByRole('heading', { name: 'Sign in to Offhook' }).waitFor();
  await context.addCookies([cookie]);
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in to Offhook' }).waitFor();
  await context.close();
});

test('another site can neither ask nor sign in with the session', async () => {
  const context = await browse();
  const page = await context.newPage();
  await page.goto(`${house.url}/console/`);
  await signIn(page, house.sid, house.token);
  await page.waitForSelector('.shell');
  const [cookie] = await context.cookies();
  const pair = `${cookie.name}=${cookie.value}`;
  const status = async (headers, method = 'GET', path = '/offhook/v1/House') => (await fetch(house.url + path, { method, headers: { cookie: pair, ...headers } })).status;
  assert.equal(await status({ 'x-offhook-console': '1' }), 200);
  assert.equal(await status({}), 401, 'without the mark');
  assert.equal(await status({ 'x-offhook-console': '1', origin: 'http://evil.example' }), 401, 'from another origin');
  assert.equal(await status({ 'x-offhook-console': '1', 'sec-fetch-site': 'cross-site' }), 401, 'from another site');
  assert.equal(await status({ origin: 'http://evil.example' }, 'POST', '/offhook/v1/Reset'), 401);
  assert.equal(await status({ origin: 'http://evil.example', 'x-offhook-console': '1' }, 'POST', '/console/session'), 403);
  await context.close();
});

test('behind TLS the cookie is Secure, and the console works whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'offhook-tls-'));
  const at = (name) => join(folder, name);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', at('key.pem'), '-out', at('cert.pem')], { stdio: 'ignore' });
  let behind;
  // Ends TLS, and hands on whatever comes: requests as they are, and sockets.
  const proxy = createServer({ key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) }, (from, to) => {
    const { hostname, port } = new URL(behind.url);
    const on = request({ hostname, port, path: from.url, method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    });
    on.on('error', () => to.destroy());
    to.on('close', () => on.destroy());
    from.pipe(on);
  });
  proxy.on('upgrade', (from, socket, head) => {
    const { hostname, port } = new URL(behind.url);
    const on = connect(Number(port), hostname, () => {
      on.write(`${from.method} ${from.url} HTTP/1.1\r\n${from.rawHeaders.map((one, n) => (n % 2 ? `${one}\r\n` : `${one}: `)).join('')}\r\n`);
      on.write(head);
      on.pipe(socket).pipe(on);
    });
    for (const one of [on, socket]) one.on('error', () => { on.destroy(); socket.destroy(); });
  });
  await new Promise((done) => proxy.listen(0, '127.0.0.1', done));
  const url = `https://localhost:${proxy.address().port}`;
  behind = await open({ flags: ['--public-url', url] });
  const context = await browse({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto(`${url}/console/`);
  await signIn(page, behind.sid, behind.token);
  await page.waitForSelector('.shell');
  await page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
  const [cookie] = await context.cookies();
  assert.deepEqual([cookie.secure, cookie.httpOnly, cookie.sameSite, cookie.path], [true, true, 'Strict', '/']);
  await page.goto(`${url}/console/phone`);
  const first = page.getByRole('region', { name: `Phone ${PERSON}` });
  await first.getByRole('button', { name: `Call ${NUMBER}` }).click();
  await first.locator('.meter[data-state=hearing]').waitFor();
  await first.getByRole('button', { name: 'Speak by microphone' }).waitFor();
  await first.getByRole('button', { name: 'Hang up' }).click();
  await context.close();
  proxy.closeAllConnections();
  proxy.close();
  await behind.close();
  rmSync(folder, { recursive: true });
});
