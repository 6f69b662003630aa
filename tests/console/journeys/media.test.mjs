// Files of texts: attached by button, paste, drop and link, shown as what they are, hostile or not;
// and what a handset can do on WhatsApp.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import { closeBrowser, customer, enter, NUMBER, open, PERSON } from '../house.mjs';

/** A picture of one colour. */
function png(width, height, [red, green, blue]) {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([red, green, blue]))]);
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', deflateSync(Buffer.concat(Array(height).fill(row)))), chunk('IEND', Buffer.alloc(0))]);
}
/** The checksum of a chunk. */
function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let n = 0; n < 8; n++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
/** A second of silence, as a WAV file. */
function wav() {
  const bytes = Buffer.alloc(44 + 16000);
  bytes.write('RIFF', 0); bytes.writeUInt32LE(36 + 16000, 4); bytes.write('WAVEfmt ', 8); bytes.writeUInt32LE(16, 16); bytes.writeUInt16LE(1, 20); bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24); bytes.writeUInt32LE(16000, 28); bytes.writeUInt16LE(2, 32); bytes.writeUInt16LE(16, 34); bytes.write('data', 36); bytes.writeUInt32LE(16000, 40);
  return bytes;
}
const PICTURE = png(120, 80, [200, 60, 40]);
const PORTRAIT = png(60, 90, [40, 90, 200]);
const HURT = '<script>window.hurt=1;parent.hurt=1;opener&&(opener.hurt=1);document.title="hurt"</script>';
const FILES = {
  '/flowers.png': ['image/png', PICTURE],
  '/voice.wav': ['audio/vnd.wave', wav()],
  '/film.mp4': ['video/mp4', Buffer.from('not really a film')],
  '/contact.vcf': ['text/vcard', Buffer.from('BEGIN:VCARD\r\nFN:Rose\r\nEND:VCARD\r\n')],
  '/page.html': ['text/html', Buffer.from(`<!doctype html>${HURT}`)],
  '/drawing.svg': ['image/svg+xml', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${HURT}</svg>`)],
};

let house;
let app;
before(async () => {
  house = await open();
  app = await customer((url) => {
    const file = FILES[url];
    return file ? { type: file[0], body: file[1] } : { body: '<Response/>' };
  });
  await house.use({ SmsUrl: `${app.url}/sms` });
});
after(async () => {
  await closeBrowser();
  await app.close();
  await house.close();
});

const desk = async (address = PERSON) => {
  const entered = await enter(house);
  await entered.page.evaluate((one) => localStorage.setItem('offhook.handsets', JSON.stringify([one])), address);
  await entered.page.goto(`${house.url}/console/phone`);
  await entered.page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
  return { ...entered, first: entered.page.getByRole('region', { name: `Phone ${address}` }) };
};
const seen = async (image) => {
  await image.waitFor();
  await image.evaluate((one) => one.decode());
  return image.evaluate((one) => [one.naturalWidth, one.naturalHeight]);
};
const send = (form) => house.ask('POST', house.twilio('/Messages.json'), { To: PERSON, From: NUMBER, ...form });

test('files are attached by button, paste and drop, go out, and are shown as pictures', async () => {
  const { page, context, first, complaints } = await desk();
  await first.getByRole('button', { name: 'Attach files' }).click();
  await first.locator('input[type=file]').setInputFiles([{ name: 'roses.png', mimeType: 'image/png', buffer: PICTURE }]);
  await first.locator('.attached [data-state=ready]').getByText('roses.png').waitFor();
  const give = (kind) => first.locator('textarea').evaluate((area, [how, bytes]) => {
    const files = new DataTransfer();
    files.items.add(new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], `${how}.png`, { type: 'image/png' }));
    if (how === 'paste') area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true }));
    else area.dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
  }, [kind, PORTRAIT.toString('base64')]);
  await give('paste');
  await first.locator('.attached [data-state=ready]').getByText('paste.png').waitFor();
  await give('drop');
  await first.locator('.attached [data-state=ready]').getByText('drop.png').waitFor();
  await first.getByRole('button', { name: 'Remove paste.png' }).click();
  await first.getByLabel('Text message').fill('Two of them');
  await page.keyboard.press('Enter');
  const pictures = first.getByRole('img', { name: `Picture from ${PERSON}` });
  await pictures.nth(1).waitFor();
  assert.deepEqual(await seen(pictures.first()), [120, 80]);
  assert.deepEqual(await seen(pictures.nth(1)), [60, 90]);
  assert.equal(await first.locator('.attached li').count(), 0);
  const asked = app.seen.findLast((one) => one.url === '/sms').form;
  assert.deepEqual([asked.NumMedia, asked.MediaContentType0, asked.Body], ['2', 'image/png', 'Two of them']);
  // The newest is seen, though its pictures grew after it came.
  assert.ok(await first.locator('.thread').evaluate((box) => box.scrollTop + box.clientHeight > box.scrollHeight - 60));
  assert.deepEqual(complaints, []);
  await context.close();
});

test('what is too large, or refused, says why and is not sent', async () => {
  const { context, first } = await desk();
  await first.getByRole('button', { name: 'Attach files' }).click();
  const pick = (name, mimeType, buffer) => first.locator('input[type=file]').setInputFiles([{ name, mimeType, buffer }]);
  await pick('huge.png', 'image/png', Buffer.alloc(5_200_000));
  await first.locator('.attached .bad').getByText('5.2 MB is too large: 5 MB at most').waitFor();
  assert.equal(await first.getByRole('button', { name: 'Send' }).isDisabled(), true);
  await first.getByRole('button', { name: 'Remove huge.png' }).click();
  await pick('program.exe', 'application/x-msdownload', Buffer.from('MZ'));
  await first.locator('.attached .bad').getByText('(12300)').waitFor();
  await first.getByRole('button', { name: 'No media' }).click();
  await first.getByRole('button', { name: `Call ${NUMBER}` }).waitFor();
  await context.close();
});

test('a file elsewhere is sent by its URL', async () => {
  const { page, context, first } = await desk();
  await first.getByRole('button', { name: 'Attach files' }).click();
  await first.getByText('A file elsewhere, by its URL').click();
  await first.getByLabel('Attach media by its URL').fill(`${app.url}/contact.vcf`);
  await page.keyboard.press('Enter');
  await first.locator('.filechip').getByText('text/vcard').waitFor();
  await context.close();
});

test('what comes in is shown as what it is; what could do harm is inert', async () => {
  const { page, context, first } = await desk();
  await send({ Body: 'all kinds', MediaUrl: ['/flowers.png', '/voice.wav', '/film.mp4', '/contact.vcf'].map((path) => app.url + path) });
  assert.deepEqual(await seen(first.getByRole('img', { name: `Picture from ${NUMBER}` }).last()), [120, 80]);
  await first.locator(`audio[aria-label="Sound from ${NUMBER}"]`).first().waitFor();
  await first.locator('.filechip').last().getByText('text/vcard').waitFor();
  for (const path of ['/page.html', '/drawing.svg']) await send({ Body: path, MediaUrl: app.url + path }).catch(() => null);
  // Whatever of it the house takes: as a page of its own it runs nothing.
  const file = { 'content-type': 'text/vcard' };
  const kept = await (await fetch(`${house.url}/offhook/v1/Phones/${encodeURIComponent(PERSON)}/Media`, { method: 'POST', headers: { ...file, authorization: house.auth }, body: HURT })).json();
  const answer = await fetch(kept.url, { headers: { authorization: house.auth } });
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.match(answer.headers.get('content-security-policy'), /default-src 'none'; sandbox/);
  const refused = await fetch(`${house.url}/offhook/v1/Phones/${encodeURIComponent(PERSON)}/Media`, { method: 'POST', headers: { 'content-type': 'image/svg+xml', authorization: house.auth }, body: FILES['/drawing.svg'][1] });
  assert.equal(refused.status, 400);
  for (const tag of ['iframe', 'object', 'embed', 'script[src*="Media"]', 'svg script']) assert.equal(await page.locator(`#app ${tag}`).count(), 0, tag);
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  await context.close();
});

test('media that ask for credentials are shown to who is signed in', async () => {
  await house.ask('POST', '/offhook/v1/Settings', { MediaAuth: 'basic' });
  const { context, first } = await desk('+12025550133');
  await house.ask('POST', house.twilio('/Messages.json'), { To: '+12025550133', From: NUMBER, MediaUrl: `${app.url}/flowers.png` });
  const picture = first.getByRole('img', { name: `Picture from ${NUMBER}` });
  await picture.waitFor();
  await context.pages()[0].waitForFunction(() => document.querySelector('.picture img')?.src.startsWith('blob:'));
  assert.deepEqual(await seen(picture), [120, 80]);
  await house.ask('POST', '/offhook/v1/Settings', { MediaAuth: 'open' });
  await context.close();
});

test('on WhatsApp a handset has a name, reads by itself or when told, and keeps the window', async () => {
  const address = `whatsapp:${PERSON}`;
  const { context, first } = await desk(address);
  await first.getByRole('button', { name: 'How this phone behaves' }).click();
  await first.getByLabel('Name on WhatsApp').fill('Rosa');
  await first.getByText('Keep the 24-hour window').click();
  await first.getByRole('button', { name: 'Save' }).click();
  await first.getByText('Rosa', { exact: true }).waitFor();
  await first.getByText('24-hour window').waitFor();
  const face = () => house.ask('GET', `/offhook/v1/Phones/${encodeURIComponent(address)}`);
  assert.deepEqual([(await face()).profile_name, (await face()).service_window, (await face()).read_after], ['Rosa', true, null]);
  await first.getByLabel('Text message').fill('hola');
  await first.getByRole('button', { name: 'Send' }).click();
  await first.locator('.bubble.mine').getByText('hola').waitFor();
  assert.equal(app.seen.findLast((one) => one.url === '/sms').form.ProfileName, 'Rosa');
  const sent = await house.ask('POST', house.twilio('/Messages.json'), { To: address, From: `whatsapp:${NUMBER}`, Body: 'qué tal' });
  await first.locator('.bubble.theirs').getByText('qué tal').waitFor();
  await first.getByRole('button', { name: 'Mark as read' }).click();
  await first.locator('.tick.read').waitFor();
  assert.equal((await house.ask('GET', house.twilio(`/Messages/${sent.sid}.json`))).status, 'read');
  await first.getByRole('button', { name: 'How this phone behaves' }).click();
  await first.getByLabel('Reads after, seconds').fill('0');
  await first.getByRole('button', { name: 'Save' }).click();
  await first.getByLabel('Text message').waitFor();
  assert.equal((await face()).read_after, 'PT0S');
  await context.close();
});
