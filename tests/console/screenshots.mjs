// Pictures of every room, in both languages and themes, wide and narrow: docs/screenshots.
//
//   node tests/console/screenshots.mjs           those that the pages of the repository use
//   node tests/console/screenshots.mjs DIR       all, into a folder: to look at
//   … --rooms=phone,bins --languages=es --themes=dark --widths=360,1920      only these

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeBrowser, customer, enter, NUMBER, open, PERSON, ROOT } from './house.mjs';

const [ALL] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const TO = ALL ?? join(ROOT, 'docs/screenshots');
/** What a flag chooses, of what there is. */
const chosen = (flag, all) => process.argv.find((one) => one.startsWith(`--${flag}=`))?.split('=')[1].split(',') ?? all;
mkdirSync(TO, { recursive: true });

const house = await open();
const app = await customer((url, form) => {
  if (url.startsWith('/voice')) return { body: '<Response>\n  <Gather numDigits="1" action="/menu" timeout="8">\n    <Say>Welcome to the flower shop. For opening hours, press 1. To leave a message, press 2.</Say>\n  </Gather>\n  <Say>Goodbye.</Say>\n</Response>' };
  if (url.startsWith('/menu')) return { body: form.Digits === '2' ? '<Response><Say>Speak after the tone.</Say><Record maxLength="10" action="/done"/></Response>' : '<Response><Say>We are open from nine to five.</Say></Response>' };
  if (url.startsWith('/done')) return { body: '<Response><Say>Thank you.</Say><Hangup/></Response>' };
  if (url.startsWith('/sms')) return { body: `<Response>\n  <Message statusCallback="/status" color="red">${/open/i.test(form.Body) ? 'Yes, until five. Tulips are fresh today.' : 'Thank you! We will call you back.'}</Message>\n</Response>` };
  return { status: 500, body: '<p>The status page is not written yet</p>', type: 'text/html' };
});
await house.use({ SmsUrl: `${app.url}/sms`, VoiceUrl: `${app.url}/voice`, StatusCallback: `${app.url}/status`, FriendlyName: 'Flower shop' });
const text = (from, body) => house.ask('POST', `/offhook/v1/Phones/${encodeURIComponent(from)}/Messages`, { To: NUMBER, Body: body });
await text(PERSON, 'Hello, are you open today?');
await text('+12025550111', 'Please call me about the roses');
const service = await house.ask('POST', '/messaging/v1/Services', { FriendlyName: 'Order updates', UseInboundWebhookOnNumber: true });
await house.ask('POST', `/messaging/v1/Services/${service.sid}/PhoneNumbers`, { PhoneNumberSid: (await house.number()).sid });
await house.ask('POST', house.twilio('/Applications.json'), { FriendlyName: 'Shop', SmsUrl: `${app.url}/sms`, VoiceUrl: `${app.url}/voice` });
await house.ask('POST', house.twilio('/Keys.json'), { FriendlyName: 'CI' });
await house.ask('POST', '/2010-04-01/Accounts.json', { FriendlyName: 'Staging' });
await house.bin('Opening hours', '<?xml version="1.0" encoding="UTF-8"?>\n<Response>\n  <Gather numDigits="1" voise="alice">\n    <Say>Hello {{From}}, we are open from nine to five.</Say>\n  </Gather>\n  <Message>You wrote: {{Body}}</Message>\n</Response>\n');
await house.ask('POST', '/offhook/v1/Clock', { Mode: 'virtual' });
const advance = (by) => house.ask('POST', '/offhook/v1/Clock', { Advance: by });
const call = await house.ask('POST', `/offhook/v1/Phones/${encodeURIComponent(PERSON)}/Calls`, { To: NUMBER });
const path = `/offhook/v1/Phones/${encodeURIComponent(PERSON)}/Calls/${call.sid}`;
await advance('PT4S');
await house.ask('POST', `${path}/Digits`, { Digits: '2' });
await advance('PT3S');
await house.ask('POST', `${path}/Speech`, { Text: 'Hello, twenty red roses for Saturday, please.' });
await advance('PT30S');
await house.ask('POST', '/offhook/v1/Clock', { Mode: 'real' });

/** What is done in a room before its picture is taken. */
const SCENES = {
  '': async (page) => {
    await page.locator('.hero form .btn').click();
    await page.locator('.bubble.theirs:not(.typing)').waitFor();
  },
  phone: async (page) => {
    const first = page.locator('.handset').first();
    await first.locator('.bubble').first().waitFor();
    const second = page.locator('.handset').nth(1);
    await second.locator('.compose .btn').last().click();
    await second.locator('.cap.say').waitFor();
    await first.locator('textarea').fill('Perfect, see you “then”');
  },
  inspector: async (page) => page.locator('.hook', { hasText: 'are you open' }).first().click(),
  calls: async (page) => page.locator(`a[href$="${call.sid}"]`).click(),
  bins: async (page) => page.locator('.rowbtn', { hasText: 'Opening hours' }).click(),
  alerts: async (page) => page.locator('.alerts .rowbtn').first().click(),
};
for (const room of ['numbers', 'services', 'applications']) SCENES[room] = async (page) => page.locator('.list .rowbtn').first().click();
for (const room of ['recordings', 'keys', 'settings']) SCENES[room] = async () => {};

const HEIGHTS = { 360: 740, 1280: 800, 1920: 1080 };
/** The width of those that the pages of the repository use. */
const USUAL = 1280;
const name = (room, parts) => `${[room || 'start', ...parts].join('-')}.png`;

/** A browser as somebody has it, and in it one room after the other. */
async function album(language, scheme, width, rooms) {
  if (!rooms.length) return;
  const { page, context } = await enter(house, { locale: language === 'es' ? 'es-ES' : 'en-GB', colorScheme: scheme, viewport: { width, height: HEIGHTS[width] } });
  for (const room of rooms) {
    await page.goto(`${house.url}/console/${room}`);
    await page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
    try {
      await SCENES[room](page);
    } catch (error) {
      await page.screenshot({ path: join(tmpdir(), 'offhook-failed.png') });
      throw error;
    }
    await page.mouse.move(0, 0);
    await page.waitForTimeout(400);
    const narrow = width === 360 ? ['narrow'] : [];
    const parts = [language, ...(scheme === 'dark' ? ['dark'] : []), ...(ALL ? [String(width)] : narrow)];
    await page.screenshot({ path: join(TO, name(room, parts)) });
    // A call that was begun for the picture is over before the next.
    for (const one of (await house.ask('GET', `${house.twilio('/Calls.json')}?Status=in-progress`)).calls) await house.ask('POST', house.twilio(`/Calls/${one.sid}.json`), { Status: 'completed' });
  }
  await context.close();
}

/** Of the pages' own: each room once, and what shows best how it is at night or on a telephone. */
const EXTRA = ['phone', 'inspector'];
const rooms = chosen('rooms', Object.keys(SCENES)).map((room) => (room === 'start' ? '' : room));
for (const language of chosen('languages', ['en', 'es'])) {
  for (const scheme of chosen('themes', ['light', 'dark'])) {
    for (const width of chosen('widths', Object.keys(HEIGHTS)).map(Number)) {
      const usual = scheme === 'light' && width === USUAL;
      const extra = (scheme === 'dark' && width === USUAL) || (scheme === 'light' && width === 360);
      await album(language, scheme, width, ALL || usual ? rooms : extra ? rooms.filter((room) => EXTRA.includes(room)) : []);
    }
  }
}
await closeBrowser();
await app.close();
await house.close();
