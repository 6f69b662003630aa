// Every webhook, live: looked at, searched, replayed, compared; ten thousand of them.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { closeBrowser, customer, enter, NUMBER, open } from '../house.mjs';

let house;
let app;
before(async () => {
  house = await open();
  app = await customer((url, form) => {
    if (url.startsWith('/moved')) return { status: 307, headers: { location: '/sms?moved=1' }, body: '' };
    if (url.startsWith('/broken')) return { status: 500, body: '<p>broken</p>', type: 'text/html' };
    return { body: `<Response>\n  <Message color="red">Hi ${form.Body ?? ''}<!-- <script>window.hurt=1</script> --></Message>\n</Response>` };
  });
  await house.use({ SmsUrl: `${app.url}/sms` });
});
after(async () => {
  await closeBrowser();
  await app.close();
  await house.close();
});

const text = (body) => house.ask('POST', '/offhook/v1/Phones/%2B12025550199/Messages', { To: NUMBER, Body: body });
const look = async () => {
  const entered = await enter(house);
  await entered.page.goto(`${house.url}/console/inspector`);
  await entered.page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
  return { ...entered, detail: entered.page.getByRole('region', { name: 'The chosen webhook' }) };
};

test('a webhook comes into the list as it is made, and is shown whole', async () => {
  const { page, context, detail, complaints } = await look();
  await text('apple');
  await page.locator('.hook').getByText('apple').click();
  await detail.getByText('Attribute \'color\' is not allowed').waitFor();
  assert.equal(await detail.locator('.ln.marked').count(), 1);
  assert.equal(await detail.locator('.sq').innerText(), 'color');
  await detail.getByRole('rowheader', { name: 'Body', exact: true }).waitFor();
  await detail.getByText('the same').waitFor();
  assert.match(await detail.locator('.signed').innerText(), new RegExp(`^${app.url}/sms`));
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('an edited replay is signed anew and asks the application', async () => {
  const { page, context, detail } = await look();
  await page.locator('.hook').getByText('apple').first().click();
  await detail.getByRole('button', { name: 'Edit and replay' }).click();
  await page.getByRole('dialog').getByLabel('Body', { exact: true }).fill('pear');
  await page.getByRole('dialog').getByRole('button', { name: 'Replay' }).click();
  await detail.getByText('Ask · replay').waitFor();
  await detail.getByText('the same').waitFor();
  assert.equal(app.seen.at(-1).form.Body, 'pear');
  assert.equal(await page.locator('.hook[aria-current]').count(), 1);
  await context.close();
});

test('two are compared, and what differs is marked', async () => {
  const { page, context, detail } = await look();
  await page.locator('.hook').getByText('apple').first().click();
  await detail.getByRole('button', { name: 'Compare' }).click();
  await page.locator('.hook').getByText('pear').first().click();
  await detail.getByRole('heading', { name: '1 parameter differs' }).waitFor();
  assert.equal(await detail.locator('.compare > section > .pairs .diff').count(), 2);
  await context.close();
});

test('redirects and fallbacks are shown as a chain', async () => {
  await house.use({ SmsUrl: `${app.url}/moved` });
  await text('chained');
  await house.use({ SmsUrl: `${app.url}/broken`, SmsFallbackUrl: `${app.url}/sms` });
  await text('fallen');
  const { page, context, detail } = await look();
  await page.locator('.hook').getByText('chained').first().click();
  await detail.locator('.attempts li').nth(1).waitFor();
  assert.match(await detail.locator('.attempts').innerText(), /307[\s\S]*redirected[\s\S]*200/);
  await page.locator('.hook', { hasText: '/broken' }).first().click();
  await detail.getByRole('link', { name: 'Then the fallback was asked' }).click();
  await detail.getByRole('link', { name: 'which failed' }).waitFor();
  await detail.getByText('fallback', { exact: true }).waitFor();
  await context.close();
});

test('copied as curl it can be sent from a shell', async () => {
  const { page, context, detail } = await look();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('.hook').getByText('apple').first().click();
  await detail.getByRole('button', { name: 'Copy as curl' }).click();
  const code = await page.evaluate(() => navigator.clipboard.readText());
  await promisify(execFile)('sh', ['-c', code.replace(/^curl /, 'curl -s --noproxy "*" ')]);
  assert.equal(app.seen.at(-1).form.Body, 'apple');
  await context.close();
});

test('arrow keys walk through the list', async () => {
  const { page, context } = await look();
  await page.locator('.hook').first().waitFor();
  await page.getByRole('list', { name: 'Inspector' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.locator('.hook[aria-current]').waitFor();
  await context.close();
});

test('ten thousand webhooks scroll and are searched while typing', { timeout: 300_000 }, async () => {
  await house.use({ SmsUrl: '', SmsFallbackUrl: '' });
  const bin = await house.bin('quick', '<Response/>');
  await house.use({ SmsUrl: bin.url });
  const WANTED = Number(process.env.OFFHOOK_MANY ?? 2000);
  for (let n = 0; n < WANTED; n += 50) await Promise.all(Array.from({ length: 50 }, (_, k) => text(`many ${n + k}`)));
  const { page, context } = await look();
  await page.locator('.hook').first().waitFor();
  await page.getByLabel('Search URL, parameters, answers…').fill(`many 7`);
  await page.waitForFunction((most) => Number(document.querySelector('.room header .num').innerText.replace(/\D/g, '')) >= most, Math.floor(WANTED / 10), { timeout: 120_000 });
  assert.ok((await page.locator('.hook').count()) < 60, 'only what is seen is on the page');
  const took = await page.evaluate(async () => {
    const input = document.querySelector('input[type=search]');
    const before = performance.now();
    input.value = 'many 77';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - before;
  });
  assert.ok(took < 400, `a search took ${took} ms`);
  await page.getByLabel('Search URL, parameters, answers…').fill('');
  const slowest = await page.evaluate(async () => {
    const box = document.querySelector('.virtual');
    let worst = 0;
    for (let n = 0; n < 30; n++) {
      const before = performance.now();
      box.scrollTop += 1500;
      await new Promise((done) => requestAnimationFrame(done));
      worst = Math.max(worst, performance.now() - before);
    }
    return worst;
  });
  console.log(`search ${took.toFixed(0)} ms, slowest frame of scrolling ${slowest.toFixed(0)} ms, ${WANTED} webhooks`);
  assert.ok(slowest < 400, `a frame took ${slowest} ms`);
  await context.close();
});
