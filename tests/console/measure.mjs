// How fast the console is, in figures: event to pixel, mouth to ear, frames of long lists, first view.
//
//   node tests/console/measure.mjs                      all of it, of a release build if there is one
//   node tests/console/measure.mjs --only=ear,view      pixel, ear, rows, view
//   node tests/console/measure.mjs --rows=2000          fewer rows than ten thousand
//   OFFHOOK_BINARY=… node tests/console/measure.mjs     of this binary
//
// Not a test: it asserts nothing. A machine that has other things to do gives worse figures.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const HERE = import.meta.dirname;
const RELEASE = join(HERE, '../../target/release/offhook');
if (!process.env.OFFHOOK_BINARY && existsSync(RELEASE)) process.env.OFFHOOK_BINARY = RELEASE;
const { closeBrowser, customer, enter, NUMBER, open, PERSON } = await import(pathToFileURL(join(HERE, 'house.mjs')));

const flag = (name, otherwise) => process.argv.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise;
const ONLY = flag('only', 'view,pixel,ear,rows').split(',');
const ROWS = Number(flag('rows', 10_000));
const EVENTS = 200;
const BURSTS = 30;

/** @param {number[]} found */
const summary = (found) => {
  const sorted = [...found].sort((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms (${sorted.length} measured)`;
};
const say = (what, figures) => console.log(`${what.padEnd(46)} ${figures}`);
const settle = (page) => page.waitForTimeout(500);

const house = await open();
const app = await customer(() => ({ body: '<Response/>' }));
const inHouse = async (page, room) => {
  await page.goto(`${house.url}/console/${room}`);
  await page.locator('.side .lamp:not(.off)').waitFor({ state: 'attached' });
  await settle(page);
};

/** Bytes over the wire until the first room is there, as an empty cache gets them. */
async function view() {
  const { page, context } = await enter(house);
  await context.close();
  const fresh = await enter(house);
  await fresh.page.goto('about:blank');
  const wire = await fresh.context.newCDPSession(fresh.page);
  await wire.send('Network.enable');
  await wire.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  let requests = 0;
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  const began = performance.now();
  await fresh.page.goto(`${house.url}/console/`);
  await fresh.page.getByText(NUMBER, { exact: true }).first().waitFor();
  const took = performance.now() - began;
  await settle(fresh.page);
  say('first view, over the wire', `${(bytes / 1000).toFixed(1)} kB in ${requests} answers, seen after ${took.toFixed(0)} ms`);
  await fresh.context.close();
}

/** When each event of the house was told, by what it is about. */
async function told() {
  const at = new Map();
  const stop = new AbortController();
  const answer = await fetch(`${house.url}/offhook/v1/Events`, { headers: { authorization: house.auth }, signal: stop.signal });
  void (async () => {
    let text = '';
    try {
      for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
        const now = Date.now();
        text += piece;
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
          const data = /^data: ?(.*)$/m.exec(text.slice(0, end))?.[1];
          const name = /^event: ?(.*)$/m.exec(text.slice(0, end))?.[1] ?? '';
          const sid = data && JSON.parse(data).sid;
          if (sid && !at.has(sid)) at.set(sid, { now, name });
        }
      }
    } catch {
      // Stopped.
    }
  })();
  return { at, stop: () => stop.abort() };
}

/** From the event, as another listener hears it, to the frame that shows what it is about. */
async function pixel() {
  await house.use({ SmsUrl: `${app.url}/sms` });
  for (const [room, about] of [['inspector', 'a webhook in its list'], ['phone', 'a text in its thread']]) {
    const { page, context } = await enter(house);
    await inHouse(page, room);
    await page.evaluate(() => {
      const seen = (window.seen = {});
      new MutationObserver((changes) => {
        const keys = changes.flatMap((change) => [...change.addedNodes]).flatMap((node) => (node.nodeType === 1 ? [node, ...node.querySelectorAll('[data-key]')] : [])).map((node) => node.getAttribute('data-key')).filter((key) => key && !(key in seen));
        if (!keys.length) return;
        for (const key of keys) seen[key] = 0;
        // A message that is posted in a frame comes when the frame has been handed over to be seen.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => keys.forEach((key) => (seen[key] = Date.now()));
          port2.postMessage(0);
        });
      }).observe(document.body, { childList: true, subtree: true });
    });
    const events = await told();
    for (let n = 0; n < EVENTS; n++) {
      if (room === 'inspector') await house.ask('POST', `/offhook/v1/Phones/%2B12025550177/Messages`, { To: NUMBER, Body: `event ${n}` });
      else await house.ask('POST', house.twilio('/Messages.json'), { To: PERSON, From: NUMBER, Body: `event ${n}` });
      await new Promise((done) => setTimeout(done, 60));
    }
    await page.waitForTimeout(1500);
    const seen = await page.evaluate(() => window.seen);
    const took = Object.entries(seen).filter(([key, at]) => at && events.at.has(key)).map(([key, at]) => at - events.at.get(key).now);
    say(`event to pixel, ${about}`, took.length ? summary(took) : 'nothing was seen');
    events.stop();
    await context.close();
  }
}

/** A tone that one handset says until the other hears it: sample by sample, in one page and clock. */
async function ear() {
  const bin = await house.bin('bridge', `<Response><Dial answerOnBridge="true"><Number>+12025550111</Number></Dial></Response>`);
  await house.use({ VoiceUrl: bin.url });
  const { page, context } = await enter(house, { permissions: ['microphone'] });
  await page.addInitScript(() => {
    window.ears = [];
    const make = AudioContext.prototype.createAnalyser;
    AudioContext.prototype.createAnalyser = function () {
      const one = make.call(this);
      window.ears.push(one);
      return one;
    };
    // The microphone is a tone that is let through when it is wanted.
    navigator.mediaDevices.getUserMedia = async () => {
      const audio = window.ears[0].context;
      const tone = audio.createOscillator();
      tone.frequency.value = 1000;
      window.mouth = audio.createGain();
      window.mouth.gain.value = 0;
      const out = audio.createMediaStreamDestination();
      tone.connect(window.mouth).connect(out);
      tone.start();
      return out.stream;
    };
  });
  await inHouse(page, 'phone');
  const [first, second] = [page.getByRole('region', { name: `Phone ${PERSON}` }), page.getByRole('region', { name: 'Phone +12025550111' })];
  await first.getByRole('button', { name: `Call ${NUMBER}` }).click();
  await second.getByRole('button', { name: 'Answer' }).click();
  for (const one of [first, second]) await one.locator('.meter[data-state=hearing]').waitFor();
  await first.getByRole('button', { name: 'Speak by microphone' }).click();
  await first.getByText('You hear and speak').waitFor();
  await page.waitForTimeout(1500);
  const took = await page.evaluate(async (bursts) => {
    const audio = window.ears[0].context;
    const wave = new Float32Array(4096);
    const found = [];
    // Who speaks does not hear himself: whichever ear hears the tone is the other's.
    for (let n = 0; n < bursts; n++) {
      const from = audio.currentTime + 0.05;
      window.mouth.gain.setValueAtTime(0.5, from);
      window.mouth.gain.setValueAtTime(0, from + 0.2);
      for (let heard = false; !heard && audio.currentTime < from + 1; ) {
        await new Promise((done) => setTimeout(done, 4));
        for (const one of window.ears) {
          one.getFloatTimeDomainData(wave);
          const now = audio.currentTime;
          const at = wave.findIndex((sample) => Math.abs(sample) > 0.08);
          if (at < 0) continue;
          found.push((now - (wave.length - at) / audio.sampleRate - from) * 1000);
          heard = true;
          break;
        }
      }
      await new Promise((done) => setTimeout(done, 700));
    }
    return found;
  }, BURSTS);
  say('mouth to ear, handset to handset', took.length ? summary(took) : 'nothing was heard');
  await first.getByRole('button', { name: 'Hang up' }).click();
  await context.close();
}

/** Frames of a box while it is scrolled by hand, so to say; and the longest piece of work in them. */
const scroll = (page, selector, by) => page.evaluate(async ([which, step]) => {
  const box = document.querySelector(which);
  const frames = [];
  let work = 0;
  const observer = new PerformanceObserver((list) => list.getEntries().forEach((one) => (work = Math.max(work, one.duration))));
  observer.observe({ type: 'longtask' });
  let before = await new Promise((done) => requestAnimationFrame(done));
  for (let n = 0; n < 300; n++) {
    box.scrollTop += step;
    const now = await new Promise((done) => requestAnimationFrame(done));
    frames.push(now - before);
    before = now;
  }
  observer.disconnect();
  return { frames, work, left: box.scrollHeight };
}, [selector, by]);

async function rows() {
  const bin = await house.bin('quick', '<Response/>');
  await house.use({ SmsUrl: bin.url });
  const once = (n) => house.ask('POST', '/offhook/v1/Phones/%2B12025550166/Messages', { To: NUMBER, Body: `many ${n}` });
  // A connection that the house has just closed is asked over once more.
  const text = (n) => once(n).catch(() => once(n));
  for (let n = 0; n < ROWS; n += 50) await Promise.all(Array.from({ length: 50 }, (_, k) => text(n + k)));
  const { page, context } = await enter(house);
  await inHouse(page, 'inspector');
  const search = page.getByLabel('Search URL, parameters, answers…');
  await search.fill('many');
  await page.waitForFunction((most) => Number(document.querySelector('.room header .num').innerText.replace(/\D/g, '')) >= most, Math.min(ROWS, 9_500), { timeout: 600_000 });
  await page.waitForFunction(() => !document.querySelector('.room header .num').innerText.includes('+'), undefined, { timeout: 60_000 }).catch(() => undefined);
  const typing = await page.evaluate(async () => {
    const input = document.querySelector('input[type=search]');
    const found = [];
    for (const words of ['m', 'ma', 'man', 'many', 'many 7', 'many 77', 'many 7', 'many', 'zebra', '']) {
      const before = performance.now();
      input.value = words;
      input.dispatchEvent(new InputEvent('input', { bubbles: true }));
      await new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); }));
      found.push(performance.now() - before);
      await new Promise((done) => setTimeout(done, 50));
    }
    return found;
  });
  say(`search while typing, ${ROWS} webhooks`, summary(typing));
  const hooks = await scroll(page, '.list .virtual', 700);
  say(`frames of scrolling ${ROWS} webhooks`, `${summary(hooks.frames)}; longest work ${hooks.work.toFixed(0)} ms`);
  await page.evaluate(() => localStorage.setItem('offhook.handsets', JSON.stringify(['+12025550166'])));
  await inHouse(page, 'phone');
  await page.locator('.thread').waitFor();
  const began = Date.now();
  await page.evaluate(async (most) => {
    const box = document.querySelector('.thread');
    for (let n = 0; n < 4000; n++) {
      const first = box.querySelector('[aria-setsize]');
      if (Number(first?.getAttribute('aria-setsize')) >= most) return;
      box.scrollTop = 0;
      await new Promise((done) => setTimeout(done, 25));
    }
  }, Math.min(ROWS, 9_900));
  const texts = await page.locator('.thread [aria-setsize]').first().getAttribute('aria-setsize');
  await page.evaluate(() => (document.querySelector('.thread').scrollTop = 1_000));
  const thread = await scroll(page, '.thread', 700);
  say(`frames of scrolling ${texts} texts`, `${summary(thread.frames)}; longest work ${thread.work.toFixed(0)} ms (all loaded in ${((Date.now() - began) / 1000).toFixed(1)} s)`);
  await context.close();
}

console.log(`${process.env.OFFHOOK_BINARY ?? 'debug build'}, ${ROWS} rows`);
for (const [name, what] of Object.entries({ view, pixel, ear, rows })) if (ONLY.includes(name)) await what();
await closeBrowser();
await app.close();
await house.close();
