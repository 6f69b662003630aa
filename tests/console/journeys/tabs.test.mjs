// Several tabs: they see the same, and together they leave the browser connections to ask with.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { closeBrowser, enter, NUMBER, open, PERSON } from '../house.mjs';

let house;
before(async () => void (house = await open()));
after(async () => {
  await closeBrowser();
  await house.close();
});

const PAIRS = [['+12025550121', '+12025550122'], ['+12025550123', '+12025550124'], ['+12025550125', '+12025550126']];

test('three tabs with two live calls each still answer at once', { timeout: 240_000 }, async () => {
  const bin = await house.bin('talk', '<Response><Say>We are talking</Say><Pause length="120"/></Response>');
  const echo = await house.bin('echo', '<Response><Message>Got {{Body}}</Message></Response>');
  await house.use({ VoiceUrl: bin.url, SmsUrl: echo.url });
  const { page, context } = await enter(house);
  const tabs = [page, await context.newPage(), await context.newPage()];
  // Which requests of a tab are on their way, and for how long.
  const open_ = tabs.map((tab) => {
    const now = new Set();
    tab.on('request', (request) => now.add(request.url()));
    for (const end of ['requestfinished', 'requestfailed']) tab.on(end, (request) => now.delete(request.url()));
    return now;
  });
  for (const [n, tab] of tabs.entries()) {
    await page.evaluate((pair) => localStorage.setItem('offhook.handsets', JSON.stringify(pair)), PAIRS[n]);
    await tab.goto(`${house.url}/console/phone`);
    await tab.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
    for (const address of PAIRS[n]) {
      const handset = tab.getByRole('region', { name: `Phone ${address}` });
      await handset.getByRole('button', { name: `Call ${NUMBER}` }).click();
      await handset.getByRole('log').getByText('We are talking').waitFor();
      await handset.locator('.meter[data-state=hearing]').waitFor();
    }
  }
  // All six are live, with their sound; now each tab is asked for something.
  for (const [n, tab] of tabs.entries()) {
    const began = Date.now();
    const status = await tab.evaluate(async () => (await fetch('/offhook/v1/Clock', { headers: { 'X-Offhook-Console': '1' } })).status);
    assert.equal(status, 200);
    assert.ok(Date.now() - began < 5000, `tab ${n + 1} was answered after ${Date.now() - began} ms`);
  }
  for (const [n, tab] of tabs.entries()) {
    const handset = tab.getByRole('region', { name: `Phone ${PAIRS[n][0]}` });
    await handset.getByRole('button', { name: 'Hang up' }).click();
    await handset.locator('[data-status=completed]').waitFor({ timeout: 10_000 });
  }
  const held = open_.flatMap((urls) => [...urls]).filter((url) => /Events|Wait=/.test(url));
  assert.ok(held.length <= 3, `connections that are held: ${held.join(', ')}`);
  assert.equal(held.filter((url) => url.includes('Events')).length, 1, 'one tab reads for all');
  await context.close();
});

test('when the tab that reads is closed, another reads on, and nothing is missed', async () => {
  const { page, context } = await enter(house);
  const others = [await context.newPage(), await context.newPage()];
  for (const tab of others) {
    await tab.goto(`${house.url}/console/phone`);
    await tab.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
    // What it loads when it is opened is there.
    await tab.waitForLoadState('networkidle');
  }
  // Whoever reads next comes only when all that happens to the text has happened.
  let happened = () => {};
  const after = new Promise((done) => (happened = () => done(undefined)));
  await context.route('**/offhook/v1/Events', async (route) => {
    await after;
    await route.continue();
  });
  await page.close();
  const { sid } = await house.ask('POST', house.twilio('/Messages.json'), { To: PERSON, From: NUMBER, Body: 'still heard' });
  while ((await house.ask('GET', house.twilio(`/Messages/${sid}.json`))).status !== 'delivered');
  happened();
  for (const tab of others) await tab.getByText('still heard').first().waitFor();
  await context.close();
});
