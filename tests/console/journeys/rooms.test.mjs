// The rooms of what a house has: each is seen, and changed through its form.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { closeBrowser, customer, enter, NUMBER, open } from '../house.mjs';

let house;
let app;
before(async () => {
  house = await open();
  app = await customer((url) => (url.startsWith('/broken') ? { status: 500, body: '<p>no</p>', type: 'text/html' } : { body: '<Response><Say>Leave a message</Say><Record maxLength="5" action="/done"/></Response>' }));
});
after(async () => {
  await closeBrowser();
  await app.close();
  await house.close();
});

const go = async (room) => {
  const entered = await enter(house);
  await entered.page.goto(`${house.url}/console/${room}`);
  await entered.page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
  return entered;
};

test('a number is added, pointed at an application, and removed', async () => {
  const { page, context, complaints } = await go('numbers');
  await page.getByRole('button', { name: 'Add a number' }).click();
  await page.getByRole('dialog').getByLabel('Number').fill('+12025550188');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: '+12025550188' }).waitFor();
  await page.getByLabel('URL for texts', { exact: false }).first().fill(`${app.url}/sms`);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').first().waitFor();
  const find = async () => (await house.ask('GET', `${house.twilio('/IncomingPhoneNumbers.json')}?PhoneNumber=%2B12025550188`)).incoming_phone_numbers[0];
  assert.equal((await find()).sms_url, `${app.url}/sms`);
  await page.getByLabel('URL for calls', { exact: false }).first().fill('not a url');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText(/./).first().waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await find(), undefined);
  assert.deepEqual(complaints.filter((one) => !one.includes('400')), []);
  await context.close();
});

test('a service is made and gets a sender; an application is made', async () => {
  const { page, context } = await go('services');
  await page.getByRole('button', { name: 'New service' }).click();
  await page.getByRole('button', { name: 'Add sender' }).click();
  await page.locator('.chip').getByText(NUMBER).waitFor();
  // Else its texts would be the service's, which asks nobody.
  await page.getByText('Ask the webhook of the number that was texted').click();
  await page.getByRole('button', { name: 'Save' }).first().click();
  await page.getByText('Saved').first().waitFor();
  await page.goto(`${house.url}/console/applications`);
  await page.getByRole('button', { name: 'New application' }).click();
  await page.getByLabel('Name').fill('Shop');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.rowbtn').getByText('Shop').waitFor();
  await context.close();
});

test('a recording is seen as a wave, played, and led back to its call', async () => {
  await house.use({ VoiceUrl: `${app.url}/voice` });
  await house.ask('POST', '/offhook/v1/Clock', { Mode: 'virtual' });
  const call = await house.ask('POST', '/offhook/v1/Phones/%2B12025550199/Calls', { To: NUMBER });
  const path = `/offhook/v1/Phones/%2B12025550199/Calls/${call.sid}`;
  await house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT3S' });
  await house.ask('POST', `${path}/Speech`, { Text: 'This is what I wanted to say to you' });
  await house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT4S' });
  await house.ask('POST', `${path}/Hangup`);
  await house.ask('POST', '/offhook/v1/Clock', { Mode: 'real' });
  const { page, context } = await go('recordings');
  const card = page.locator('.recording[data-state=ready]').first();
  await card.waitFor();
  assert.ok((await card.locator('.wave rect').count()) > 100);
  await card.getByText(/8.000 Hz/).waitFor();
  await card.getByRole('button', { name: 'Play' }).click();
  await card.getByRole('button', { name: 'Pause' }).waitFor();
  if ((await house.ask('GET', '/offhook/v1/House')).mp3) {
    const [download] = await Promise.all([page.waitForEvent('download'), card.getByRole('button', { name: 'MP3' }).click()]);
    assert.match(download.suggestedFilename(), /^RE[0-9a-f]{32}\.mp3$/);
    const [first, second] = readFileSync(await download.path());
    assert.ok(first === 0xff && second >= 0xe0, 'an MP3 frame begins with eleven bits');
  } else {
    assert.ok(!process.env.CI, 'lame is not installed');
  }
  await card.getByRole('link', { name: call.sid }).click();
  await page.locator('.timeline').getByText('This is what I wanted to say to you').waitFor();
  await page.locator('.entry[data-word=fetch]').first().getByRole('button', { name: 'Show' }).click();
  await page.locator('.entry .code').getByText('Leave a message').waitFor();
  await context.close();
});

test('a call is followed live in its timeline, and ended there', async () => {
  const { page, context } = await go('calls');
  await house.bin('wait', '<Response><Say>Please hold</Say><Pause length="60"/></Response>').then((bin) => house.use({ VoiceUrl: bin.url }));
  const call = await house.ask('POST', '/offhook/v1/Phones/%2B12025550199/Calls', { To: NUMBER });
  await page.locator(`a[href$="${call.sid}"]`).click();
  await page.locator('.timeline').getByText('Please hold').waitFor();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.locator('.detail').getByText('Completed').waitFor();
  await context.close();
});

test('a call is forked at its menu: another key, and the application is asked what follows from it', async () => {
  const { page, context } = await go('calls');
  const menu = '<Response><Gather numDigits="1" timeout="30" action="/chosen"><Say>Press a key</Say></Gather></Response>';
  const asked = [];
  const shop = await customer((url, form) => {
    if (url.startsWith('/chosen')) asked.push(form.Digits);
    return { body: url.startsWith('/chosen') ? `<Response><Say>You chose ${form.Digits}</Say><Pause length="60"/></Response>` : menu };
  });
  await house.use({ VoiceUrl: `${shop.url}/voice` });
  const phone = '/offhook/v1/Phones/%2B12025550177/Calls';
  const call = await house.ask('POST', phone, { To: NUMBER });
  await page.locator(`a[href$="${call.sid}"]`).click();
  await page.locator('.timeline').getByText('Press a key').waitFor();
  await house.ask('POST', `${phone}/${call.sid}/Digits`, { Digits: '1' });
  await page.locator('.timeline').getByText('You chose 1').waitFor();
  await page.locator('.entry[data-word=digit]').getByRole('button', { name: 'Continue from here otherwise' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.points [data-on=true]').getByText('Press a key').waitFor();
  await dialog.getByRole('textbox', { name: 'Keys' }).fill('2');
  await dialog.getByRole('button', { name: 'Fork the call' }).click();
  await page.locator('.timeline').getByText('You chose 2').waitFor();
  await page.locator('.timeline').getByText('Press a key').first().waitFor();
  assert.deepEqual(asked, ['1', '2']);
  await shop.close();
  await context.close();
});

test('alerts are grouped by code, explained, and show the request', async () => {
  await house.use({ SmsUrl: `${app.url}/broken`, SmsFallbackUrl: '' });
  const { page, context } = await go('alerts');
  for (const body of ['one', 'two']) await house.ask('POST', '/offhook/v1/Phones/%2B12025550199/Messages', { To: NUMBER, Body: body });
  const group = page.locator('.alerts', { hasText: '11200' });
  await group.getByText('2 alerts').waitFor();
  await group.getByText('The application answered, but with an error status').waitFor();
  await group.locator('.rowbtn').first().click();
  await group.getByRole('rowheader', { name: 'Body', exact: true }).waitFor();
  await group.getByText('<p>no</p>').waitFor();
  await context.close();
});

test('a key is made and its secret shown once; a subaccount is made and suspended', async () => {
  const { page, context } = await go('keys');
  await page.getByPlaceholder('Name of the key').fill('robot');
  await page.getByRole('button', { name: 'Create a key' }).click();
  const text = await page.getByRole('dialog').innerText();
  const [, sid] = /(SK\w{32})/.exec(text);
  const secret = /\n(\w{32})\s*$/m.exec(text.split(sid)[1])[1];
  const asked = await fetch(`${house.url}/offhook/v1/Bins`, { headers: { authorization: `Basic ${Buffer.from(`${sid}:${secret}`).toString('base64')}` } });
  assert.equal(asked.status, 200);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const one = page.locator('.thing', { hasText: 'robot' });
  await one.getByText('Standard').waitFor();
  await page.getByPlaceholder('Name of the key').fill('narrow');
  await page.getByLabel('Kind of key').selectOption('restricted');
  await page.getByRole('button', { name: '+ /twilio/voice/calls/list' }).click();
  await page.getByRole('button', { name: 'Create a key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await page.locator('.thing', { hasText: 'narrow' }).getByText('/twilio/voice/calls/list').waitFor();
  const [kept] = (await house.ask('GET', '/offhook/v1/Keys')).keys.filter((key) => key.friendly_name === 'narrow');
  assert.deepEqual([kept.key_type, kept.policy.allow], ['restricted', ['/twilio/messaging/messages/create', '/twilio/voice/calls/list']]);
  await page.getByRole('button', { name: 'Create them' }).click();
  await page.getByRole('button', { name: 'Replace them' }).waitFor();
  const trial = await house.ask('GET', '/offhook/v1/TestCredentials');
  await page.getByText(trial.sid).waitFor();
  await page.getByPlaceholder('Name of the subaccount').fill('Staging');
  await page.getByRole('button', { name: 'Create a subaccount' }).click();
  const sub = page.locator('.sub', { hasText: 'Staging' });
  await sub.getByRole('button', { name: 'Suspend' }).click();
  await sub.getByText('suspended').waitFor();
  await context.close();
});

test('settings are changed, the clock is moved, and the house begins anew', async () => {
  const { page, context } = await go('settings');
  await page.getByLabel('Retries of status callbacks', { exact: false }).selectOption('durable');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved').first().waitFor();
  assert.equal((await house.ask('GET', '/offhook/v1/Settings')).retry_profile, 'durable');
  await page.getByLabel('Pace of sending', { exact: false }).selectOption('on');
  await page.getByRole('button', { name: 'Save' }).click();
  for (let n = 0; n < 50 && (await house.ask('GET', '/offhook/v1/Settings')).pacing !== 'on'; n++) await page.waitForTimeout(100);
  assert.equal((await house.ask('GET', '/offhook/v1/Settings')).pacing, 'on');
  await page.getByRole('tab', { name: 'Virtual' }).click();
  await page.getByText('Live, virtual clock').waitFor();
  const before = Date.parse((await house.ask('GET', '/offhook/v1/Clock')).now);
  await page.getByLabel('By, seconds').fill('3600');
  await page.getByRole('button', { name: 'Advance' }).click();
  await page.getByText(/^It is now/).first().waitFor();
  assert.ok(Date.parse((await house.ask('GET', '/offhook/v1/Clock')).now) - before >= 3_600_000);
  await page.getByText('Webhooks may reach this machine and its network').waitFor();
  await page.getByRole('button', { name: 'Reset the house' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Reset the house' }).click();
  await page.getByText('The house is as at its first start').first().waitFor();
  assert.equal((await house.ask('GET', '/offhook/v1/Settings')).retry_profile, 'twilio');
  await context.close();
});
