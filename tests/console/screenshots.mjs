// Pictures of every room, in both languages and themes, wide and narrow: docs/screenshots.
//
//   node tests/console/screenshots.mjs           those that the pages of the repository use
//   node tests/console/screenshots.mjs DIR       all, into a folder: to look at
//   … --rooms=phone,bins --languages=es --themes=dark --widths=360,1920      only these

import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browse, closeBrowser, customer, enter, NUMBER, open, PERSON, ROOT } from './house.mjs';

const [ALL] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const TO = ALL ?? join(ROOT, 'docs/screenshots');
/** What a flag chooses, of what there is. */
const chosen = (flag, all) => process.argv.find((one) => one.startsWith(`--${flag}=`))?.split('=')[1].split(',') ?? all;
mkdirSync(TO, { recursive: true });

// With a voice, if there is one: what is said has a wave to look at then.
const house = await open({ speech: 'auto' });
const app = await customer((url, form) => {
  if (url.startsWith('/voice')) return { body: '<Response>\n  <Gather numDigits="1" action="/menu" timeout="8">\n    <Say>Welcome to the flower shop. For opening hours, press 1. To leave a message, press 2.</Say>\n  </Gather>\n  <Say>Goodbye.</Say>\n</Response>' };
  if (url.startsWith('/menu')) return { body: form.Digits === '2' ? '<Response><Say>Speak after the tone.</Say><Record maxLength="10" action="/done"/></Response>' : '<Response><Say>We are open from nine to five.</Say></Response>' };
  if (url.startsWith('/done')) return { body: '<Response><Say>Thank you.</Say><Hangup/></Response>' };
  if (url.startsWith('/sms') && form.NumMedia !== '0') return { body: '<Response><Message>We do: yellow and red, five for ten.</Message></Response>' };
  if (url.startsWith('/sms')) return { body: `<Response>\n  <Message statusCallback="/status" color="red">${/open/i.test(form.Body) ? 'Yes, until five. Tulips are fresh today.' : 'Thank you! We will call you back.'}</Message>\n</Response>` };
  return { status: 500, body: '<p>The status page is not written yet</p>', type: 'text/html' };
});
await house.use({ SmsUrl: `${app.url}/sms`, VoiceUrl: `${app.url}/voice`, StatusCallback: `${app.url}/status`, FriendlyName: 'Flower shop' });
const text = (from, body) => house.ask('POST', `/offhook/v1/Phones/${encodeURIComponent(from)}/Messages`, { To: NUMBER, Body: body });
await text(PERSON, 'Hello, are you open today?');
await text('+12025550111', 'Please call me about the roses');
/** A picture of a tulip, or nearly: the page's own browser draws it. */
const tulip = await browse().then(async (context) => {
  const page = await context.newPage();
  await page.setViewportSize({ width: 320, height: 220 });
  await page.setContent('<body style="margin:0;background:linear-gradient(#cfe6f2,#f6efe0 70%,#9dbb7d 70%)"><svg width="320" height="220" viewBox="0 0 320 220"><g stroke="#3f7d4e" stroke-width="5" fill="none"><path d="M90 210V120M160 214V96M232 210V124"/><path d="M90 190c-26-6-30-30-30-44M160 196c28-8 32-34 32-52M232 194c-24-6-28-28-28-42" fill="#5b9c66"/></g><g fill="#d8443c"><path d="M66 76c8 8 14 6 24-10 10 16 16 18 24 10 4 40-4 56-24 56s-28-16-24-56Z"/><path d="M208 80c8 8 14 6 24-10 10 16 16 18 24 10 4 40-4 56-24 56s-28-16-24-56Z"/></g><path fill="#f0b429" d="M134 46c9 9 16 7 26-12 10 19 17 21 26 12 5 44-4 62-26 62s-31-18-26-62Z"/></svg>');
  const bytes = await page.screenshot();
  await context.close();
  return bytes;
});
const media = await fetch(`${house.url}/offhook/v1/Phones/${encodeURIComponent(PERSON)}/Media`, { method: 'POST', headers: { authorization: house.auth, 'content-type': 'image/png' }, body: tulip });
await house.ask('POST', `/offhook/v1/Phones/${encodeURIComponent(PERSON)}/Messages`, { To: NUMBER, Body: 'Do you have these?', MediaUrl: (await media.json()).url });
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
  inspector: async (page) => {
    const asked = (await house.ask('GET', '/offhook/v1/Webhooks?PageSize=100')).webhooks.find((one) => one.parameters.Body?.includes('are you open'));
    await page.goto(`${house.url}/console/inspector/${asked.sid}`);
    await page.locator('.detail .url').waitFor();
  },
  calls: async (page) => page.locator(`a[href$="${call.sid}"]`).click(),
  bins: async (page) => page.locator('.rowbtn', { hasText: 'Opening hours' }).click(),
  alerts: async (page) => page.locator('.alerts .rowbtn').first().click(),
};
for (const room of ['numbers', 'services', 'applications']) SCENES[room] = async (page) => page.locator('.list .rowbtn').first().click();
SCENES.recordings = async (page) => page.locator('.recording[data-state=ready]').first().waitFor();
for (const room of ['keys', 'settings']) SCENES[room] = async () => {};

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
