// Coming in, the first minute, languages and themes, and two tabs that see the same.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { browse, closeBrowser, enter, open, PERSON } from '../house.mjs';

let house;
before(async () => void (house = await open()));
after(async () => {
  await closeBrowser();
  await house.close();
});

test('the link of the start signs in once; without it the page asks for a sid and its token', async () => {
  const context = await browse();
  const page = await context.newPage();
  assert.match(house.link, /^http:\/\/127\.0\.0\.1:\d+\/console\/\?link=/);
  await page.goto(house.link);
  await page.waitForSelector('.shell');
  assert.equal(new URL(page.url()).search, '', 'the secret is not left in the address');
  const [cookie] = await context.cookies();
  assert.deepEqual([cookie.httpOnly, cookie.sameSite], [true, 'Strict']);
  await context.close();

  const other = await (await browse()).newPage();
  await other.goto(house.link);
  await other.getByText('That link was used already').waitFor();
  await other.getByLabel('Account SID').fill(house.sid);
  await other.getByLabel('Auth token').fill('wrong');
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.getByText('does not know this SID').waitFor();
  await other.getByLabel('Auth token').fill(house.token);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await other.waitForSelector('.shell');
  await other.getByRole('button', { name: /^Sign out/ }).click();
  await other.getByRole('heading', { name: 'Sign in to Offhook' }).waitFor();
  await other.reload();
  await other.getByRole('heading', { name: 'Sign in to Offhook' }).waitFor();
  await other.context().close();
});

test('in the first minute the number answers, and the code has the real credentials', async () => {
  const { page, context, complaints } = await enter(house);
  await page.getByText('+12025550100', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Text it' }).click();
  await page.locator('.paper .bubble.theirs').getByText('Offhook here. You wrote: hello').waitFor();
  await page.getByRole('tab', { name: 'Send a text' }).click();
  await page.getByRole('tab', { name: 'curl' }).click();
  const code = await page.locator('[data-test=sample]').innerText();
  for (const part of [house.url, house.sid, house.token, '+12025550100']) assert.ok(code.includes(part), part);
  for (const name of ['Python', 'Node', 'Rust']) {
    await page.getByRole('tab', { name, exact: true }).click();
    assert.ok((await page.locator('[data-test=sample]').innerText()).includes(house.token), name);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the curl of the first minute does what it says', async () => {
  const { page, context } = await enter(house);
  await page.getByRole('tab', { name: 'Send a text' }).click();
  await page.getByRole('tab', { name: 'curl' }).click();
  const code = await page.locator('[data-test=sample]').innerText();
  const answer = JSON.parse(execFileSync('sh', ['-c', code.replace('curl ', 'curl -s --noproxy "*" ')], { encoding: 'utf8' }));
  assert.deepEqual([answer.to, answer.body], [PERSON, 'Hi from my program']);
  await context.close();
});

test('the browser chooses the language, a switch another, and it is remembered', async () => {
  const { page, context } = await enter(house, { locale: 'es-MX' });
  await page.getByRole('heading', { name: 'Inicio' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'es');
  await page.getByLabel('Idioma').selectOption('en');
  await page.getByRole('heading', { name: 'Start' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Start' }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
  await context.close();
});

test('the theme follows the system until it is switched, and is remembered', async () => {
  const { page, context } = await enter(house, { colorScheme: 'dark' });
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.waitForFunction((was) => getComputedStyle(document.body).backgroundColor !== was, dark);
  const light = await paper();
  await page.reload();
  await page.waitForSelector('.shell');
  assert.equal(await paper(), light);
  await context.close();
});

test('two tabs see a text live, at nearly the same time', async () => {
  const { page, context } = await enter(house);
  const second = await context.newPage();
  for (const one of [page, second]) {
    await one.goto(`${house.url}/console/phone`);
    await one.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
    await one.locator('.handset').first().waitFor();
    // When the words come is written down in the page itself.
    await one.evaluate(() => {
      window.seen = new Promise((done) => {
        const look = () => document.body.innerText.includes('for both tabs') && done(Date.now());
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
      });
    });
  }
  const sent = await house.ask('POST', house.twilio('/Messages.json'), { To: PERSON, From: '+12025550100', Body: 'for both tabs' });
  assert.equal(sent.status, 'queued');
  const [a, b] = await Promise.all([page, second].map((one) => one.evaluate(() => window.seen)));
  assert.ok(Math.abs(a - b) < 500, `${Math.abs(a - b)} ms apart`);
  await context.close();
});
