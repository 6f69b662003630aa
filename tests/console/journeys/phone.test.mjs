// Texting and calling from the page: answers, ticks, captions, keys, sound, behaviour.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { closeBrowser, customer, enter, NUMBER, open, PERSON } from '../house.mjs';

let house;
let app;
/** A WAV of one second of 1000 Hz, 8 kHz. */
function tone() {
  const samples = 8000 * 4;
  const bytes = Buffer.alloc(44 + samples * 2);
  bytes.write('RIFF', 0); bytes.writeUInt32LE(36 + samples * 2, 4); bytes.write('WAVEfmt ', 8); bytes.writeUInt32LE(16, 16); bytes.writeUInt16LE(1, 20); bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(8000, 24); bytes.writeUInt32LE(16000, 28); bytes.writeUInt16LE(2, 32); bytes.writeUInt16LE(16, 34); bytes.write('data', 36); bytes.writeUInt32LE(samples * 2, 40);
  for (let n = 0; n < samples; n++) bytes.writeInt16LE(Math.round(12000 * Math.sin((2 * Math.PI * 1000 * n) / 8000)), 44 + n * 2);
  return bytes;
}
const EVIL = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>{{Body}}';

before(async () => {
  house = await open();
  app = await customer((url, form) => {
    if (url.startsWith('/sms')) return { body: `<Response><Message>${EVIL.replaceAll('&', '&amp;').replaceAll('<', '&lt;')} ${form.Body === 'slow' ? 'x' : ''}</Message></Response>` };
    if (url.startsWith('/menu')) return { body: `<Response><Say>You pressed ${form.Digits}. Goodbye &lt;b&gt;friend&lt;/b&gt;.</Say></Response>` };
    if (url.startsWith('/tone.wav')) return { type: 'audio/wav', body: tone() };
    if (url.startsWith('/tone')) return { body: '<Response><Play>/tone.wav</Play><Pause length="3"/></Response>' };
    return { body: '<Response><Gather numDigits="1" action="/menu" timeout="20"><Say>Press one please</Say></Gather></Response>' };
  });
  await house.use({ SmsUrl: `${app.url}/sms`, VoiceUrl: `${app.url}/voice` });
});
after(async () => {
  await closeBrowser();
  await app.close();
  await house.close();
});

const desk = async (options) => {
  const entered = await enter(house, options);
  await entered.page.goto(`${house.url}/console/phone`);
  await entered.page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
  return { ...entered, first: entered.page.getByRole('region', { name: `Phone ${PERSON}` }), second: entered.page.getByRole('region', { name: 'Phone +12025550111' }) };
};

test('a text goes out and its answer comes in, hostile or not, as text', async () => {
  const { page, context, first, complaints } = await desk();
  await first.getByLabel('Text message').fill('Hi <b>there</b>');
  await page.keyboard.press('Enter');
  await first.locator('.bubble.mine').getByText('Hi <b>there</b>').waitFor();
  await first.locator('.bubble.theirs').getByText('<img src=x onerror=').waitFor();
  await first.getByText('delivered').first().waitFor();
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.equal(await first.locator('.bubble img, .bubble script, .bubble b').count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('composing shows encoding and segments as the house counts them', async () => {
  const { context, first } = await desk();
  const cost = first.locator('.cost');
  for (const text of ['hello', 'x'.repeat(160), 'x'.repeat(161), '€'.repeat(80), '€'.repeat(81), 'ж'.repeat(70), 'ж'.repeat(71), '😀'.repeat(35), '😀'.repeat(36), '👨‍👩‍👧‍👦'.repeat(13), `${'a'.repeat(152)}€€${'b'.repeat(20)}`]) {
    await first.getByLabel('Text message').fill(text);
    const shown = Number(/(\d+) segment/.exec(await cost.innerText())[1]);
    const sent = await house.ask('POST', house.twilio('/Messages.json'), { To: '+12025550177', From: NUMBER, Body: text });
    assert.equal(shown, Number(sent.num_segments), `${[...text].length} characters: ${text.slice(0, 4)}`);
  }
  await context.close();
});

test('a call is dialled, heard as captions, and a key chooses', async () => {
  const { page, context, first, complaints } = await desk();
  await first.getByRole('tab', { name: 'Keypad' }).click();
  await first.getByRole('button', { name: `Call ${NUMBER}` }).click();
  await first.locator('[data-status=in-progress]').waitFor();
  await first.getByRole('log').getByText('Press one please').waitFor();
  // The key ends the call; who still connects the sound then is told that there is none.
  await first.locator('.meter:is([data-state=hearing], [data-state=blocked])').waitFor();
  await first.getByRole('button', { name: 'Keypad' }).click();
  await first.getByRole('group', { name: 'Keys' }).getByRole('button', { name: '1' }).click();
  await first.getByRole('log').getByText('You pressed 1. Goodbye <b>friend</b>.').waitFor();
  await first.locator('[data-status=completed]').waitFor({ timeout: 20000 });
  assert.equal(await page.evaluate(() => window.hurt), undefined);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a call rings at a handset, is announced, answered and hung up; another is rejected', async () => {
  const { page, context, second } = await desk();
  const dial = () => house.ask('POST', house.twilio('/Calls.json'), { To: '+12025550111', From: NUMBER, Twiml: '<Response><Say>It is for you</Say><Pause length="30"/></Response>' });
  await dial();
  await second.getByText('Incoming call').waitFor();
  await page.locator('[role=status]').getByText('Incoming call for +12025550111').waitFor({ state: 'attached' });
  await second.getByRole('button', { name: 'Answer' }).click();
  await second.getByRole('log').getByText('It is for you').waitFor();
  await second.getByRole('button', { name: 'Hang up' }).click();
  await second.locator('[data-status=completed]').waitFor();
  await second.getByRole('button', { name: 'Put away' }).click();
  const { sid } = await dial();
  await second.getByRole('button', { name: 'Reject' }).click();
  await second.locator('[data-status=busy]').waitFor();
  assert.equal((await house.ask('GET', house.twilio(`/Calls/${sid}.json`))).status, 'busy');
  await context.close();
});

test('sound really flows: a tone that is played is measured in the page', async () => {
  await house.use({ VoiceUrl: `${app.url}/tone` });
  const { page, context, first } = await desk();
  await first.getByRole('button', { name: `Call ${NUMBER}` }).click();
  await first.locator('.meter[data-state=hearing]').waitFor();
  await page.waitForFunction(() => {
    const hertz = Number(document.querySelector('.meter')?.dataset.hertz);
    return hertz > 970 && hertz < 1030;
  }, undefined, { timeout: 15000 });
  await first.getByRole('button', { name: 'Hang up' }).click();
  await house.use({ VoiceUrl: `${app.url}/voice` });
  await context.close();
});

test('who speaks by microphone is heard by the house', async () => {
  const { page, context, first } = await desk({ permissions: ['microphone'] });
  const call = await house.ask('POST', house.twilio('/Calls.json'), { To: PERSON, From: NUMBER, Twiml: '<Response><Record maxLength="4" playBeep="false" timeout="0" trim="do-not-trim"/></Response>' });
  await first.getByRole('button', { name: 'Answer' }).click();
  await first.locator('.meter[data-state=hearing]').waitFor();
  await first.getByRole('button', { name: 'Speak by microphone' }).click();
  await first.getByText('You hear and speak').waitFor();
  await page.waitForTimeout(2500);
  await first.getByRole('button', { name: 'Hang up' }).click();
  let recording;
  for (let n = 0; n < 50 && !recording; n++) {
    [recording] = (await house.ask('GET', house.twilio(`/Calls/${call.sid}/Recordings.json`))).recordings.filter((one) => one.status === 'completed');
    await page.waitForTimeout(200);
  }
  const wav = Buffer.from(await (await fetch(`${house.url}${house.twilio(`/Recordings/${recording.sid}.wav`)}`, { headers: { authorization: house.auth } })).arrayBuffer());
  let loudest = 0;
  for (let at = 44; at + 1 < wav.length; at += 2) loudest = Math.max(loudest, Math.abs(wav.readInt16LE(at)));
  assert.ok(loudest > 500, `the browser's own test sound is in the recording: ${loudest}`);
  await context.close();
});

test('on the virtual clock there are captions and no sound', async () => {
  await house.ask('POST', '/offhook/v1/Clock', { Mode: 'virtual' });
  const { context, first } = await desk();
  await first.getByRole('button', { name: `Call ${NUMBER}` }).click();
  await first.getByRole('log').getByText('Press one please').waitFor();
  await first.getByText('Captions only').waitFor();
  await first.getByRole('button', { name: 'Hang up' }).click();
  await house.ask('POST', '/offhook/v1/Clock', { Mode: 'real' });
  await context.close();
});

test('how a handset behaves is set on its face', async () => {
  const { context, second } = await desk();
  await second.getByRole('button', { name: 'How this phone behaves' }).click();
  await second.getByLabel('When it is called').selectOption('busy');
  await second.getByLabel('When it is texted').selectOption('undelivered');
  await second.getByLabel('Error code').fill('30005');
  await second.getByRole('button', { name: 'Save' }).click();
  await second.getByText('Busy · Texts undelivered · 30005').waitFor();
  const shown = await house.ask('GET', '/offhook/v1/Phones/%2B12025550111');
  assert.deepEqual([shown.on_call, shown.on_message, shown.error_code], ['busy', 'undelivered', 30005]);
  const message = await house.ask('POST', house.twilio('/Messages.json'), { To: '+12025550111', From: NUMBER, Body: 'lost' });
  await second.locator('.text.lost').getByText('lost').waitFor();
  await second.getByText('30005').first().waitFor();
  assert.ok(message.sid);
  await context.close();
});
