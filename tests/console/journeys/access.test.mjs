// For everybody: axe finds nothing serious in any room, and the keyboard reaches everything.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { closeBrowser, customer, enter, NUMBER, open } from '../house.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ROOMS = ['', 'phone', 'inspector', 'calls', 'alerts', 'bins', 'numbers', 'services', 'applications', 'recordings', 'keys', 'settings'];
let house;
let app;
before(async () => {
  house = await open();
  app = await customer((url) => (url.startsWith('/sms') ? { body: '<Response><Mesage/><Message>Hi</Message></Response>' } : { body: '<Response><Say>Hello</Say><Record maxLength="2"/></Response>' }));
  await house.use({ SmsUrl: `${app.url}/sms`, VoiceUrl: `${app.url}/voice` });
  await house.ask('POST', '/offhook/v1/Phones/%2B12025550199/Messages', { To: NUMBER, Body: 'hello' });
  await house.ask('POST', '/messaging/v1/Services', { FriendlyName: 'Support' });
  await house.ask('POST', house.twilio('/Applications.json'), { FriendlyName: 'Shop' });
  await house.ask('POST', house.twilio('/Keys.json'), { FriendlyName: 'key' });
  await house.ask('POST', '/offhook/v1/Clock', { Mode: 'virtual' });
  const call = await house.ask('POST', '/offhook/v1/Phones/%2B12025550199/Calls', { To: NUMBER });
  await house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT5S' });
  await house.ask('POST', `/offhook/v1/Phones/%2B12025550199/Calls/${call.sid}/Hangup`);
  await house.ask('POST', '/offhook/v1/Clock', { Mode: 'real' });
});
after(async () => {
  await closeBrowser();
  await app.close();
  await house.close();
});

for (const [name, options] of [
  ['light and wide', { colorScheme: 'light' }],
  ['dark and narrow, in Spanish', { colorScheme: 'dark', viewport: { width: 360, height: 740 }, locale: 'es-ES' }],
  ['light and narrow', { colorScheme: 'light', viewport: { width: 360, height: 740 } }],
  ['dark and wide, in Spanish', { colorScheme: 'dark', locale: 'es-ES' }],
]) {
  test(`axe finds nothing serious in any room: ${name}`, { timeout: 400_000 }, async () => {
    const { page, context } = await enter(house, options);
    const found = [];
    const judge = async (where) => {
      await page.evaluate(AXE);
      const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
      for (const one of result.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')) {
        found.push(`${where}: ${one.id} (${one.impact}): ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary?.split('\n')[1] ?? ''}`).join(' | ')}`);
      }
      // Nothing is scrolled sideways but what has to be: code, tables, and the desk with its phones.
      const wide = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.room-body:not(.flush), .detail, .list, .side, .card, .behaviour, .conversation, .signin')]
        .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1).map((one) => `${one.tagName}.${one.className} by ${one.scrollWidth - one.clientWidth}`));
      if (wide.length) found.push(`${where}: wider than it should be: ${wide.join(', ')}`);
    };
    for (const room of ROOMS) {
      await page.goto(`${house.url}/console/${room}`);
      await page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
      await page.waitForTimeout(400);
      await judge(room || 'start');
      const first = page.locator('.list a.rowbtn').first();
      if (await first.count()) {
        await first.click();
        await page.waitForTimeout(400);
        await judge(`${room}, one chosen`);
      }
    }
    await page.goto(`${house.url}/console/phone`);
    await page.locator('.handset .btn[aria-pressed]').first().click();
    await page.waitForTimeout(200);
    await judge('phone, behaviour');
    await page.goto(`${house.url}/console/numbers`);
    await page.locator('.tools .btn.main').click();
    await page.getByRole('dialog').waitFor();
    await judge('numbers, a dialog');
    await context.clearCookies();
    await page.goto(`${house.url}/console/`);
    await page.locator('.signin').waitFor();
    await judge('sign in');
    assert.deepEqual(found, []);
    await context.close();
  });
}

test('a text is sent and a room is changed with the keyboard alone', async () => {
  const { page, context } = await enter(house);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  const reach = async (test, most = 60) => {
    for (let n = 0; n < most; n++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate(test)) return;
    }
    assert.fail(`not reached: ${test}`);
  };
  await reach(() => document.activeElement.getAttribute('href')?.endsWith('/console/phone'));
  const ring = await page.evaluate(() => getComputedStyle(document.activeElement).boxShadow);
  assert.notEqual(ring, 'none', 'what has the focus is seen');
  await page.keyboard.press('Enter');
  await page.locator('.handset').first().waitFor();
  await reach(() => document.activeElement.tagName === 'TEXTAREA');
  await page.keyboard.type('by keyboard');
  await page.keyboard.press('Enter');
  await page.locator('.bubble.mine').getByText('by keyboard').waitFor();
  await context.close();
});

test('a dialog is left with Escape, and the focus is where it was', async () => {
  const { page, context } = await enter(house);
  await page.goto(`${house.url}/console/numbers`);
  const button = page.getByRole('button', { name: 'Add a number' });
  await button.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await button.evaluate((one) => one === document.activeElement), true);
  await context.close();
});

test('the first minute is gone through with the keyboard alone', async () => {
  const { page, context } = await enter(house);
  const reach = async (what, most = 60) => {
    for (let n = 0; n < most; n++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((selector) => document.activeElement.matches(selector), what)) return;
    }
    assert.fail(`not reached: ${what}`);
  };
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'room', 'the navigation is skipped');
  await reach('.hero input');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('by keys');
  await page.keyboard.press('Enter');
  await page.locator('.paper .bubble.theirs:not(.typing)').waitFor();
  await reach('[role=tab]');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.activeElement.innerText), 'Send a text');
  await reach('[role=tab]');
  for (let n = 0; n < 3; n++) await page.keyboard.press('ArrowRight');
  await page.locator('[data-test=sample]').getByText('--data-urlencode').waitFor();
  await reach('.withcopy .btn');
  await page.keyboard.press('Enter');
  await page.locator('[role=status]').getByText('Copied').waitFor({ state: 'attached' });
  await context.close();
});

test('who wants less motion gets none; who does not, gets a little', async () => {
  for (const [reducedMotion, moves] of [['reduce', false], ['no-preference', true]]) {
    const { page, context } = await enter(house, { reducedMotion });
    const seconds = await page.evaluate(() => {
      const probe = document.createElement('button');
      probe.className = 'round pulse';
      document.body.append(probe);
      const style = getComputedStyle(probe);
      return [style.animationDuration, style.transitionDuration].map((one) => Math.max(...one.split(',').map((part) => Number.parseFloat(part) * (part.trim().endsWith('ms') ? 0.001 : 1))));
    });
    for (const one of seconds) assert.equal(one > 0.01, moves, `${reducedMotion}: ${seconds}`);
    await context.close();
  }
});
