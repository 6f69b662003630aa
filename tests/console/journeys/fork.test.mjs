// A call goes on from an earlier point, otherwise: by keys, by words, by hanging up, by hand; with
// the keyboard alone; and what is seen when it goes wrong.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { closeBrowser, customer, enter, NUMBER, open } from '../house.mjs';

const PHONE = '/offhook/v1/Phones/%2B12025550177/Calls';
const AGAIN = 'Continue from here otherwise';
let house;
let app;
let call;
before(async () => {
  house = await open();
  app = await customer((url, form) => {
    if (url.startsWith('/chosen')) return { body: `<Response><Say>You chose ${form.Digits || form.SpeechResult}</Say><Gather numDigits="1" timeout="60" action="/later"><Say>And now</Say></Gather></Response>` };
    if (url.startsWith('/later')) return { body: `<Response><Say>Later you pressed ${form.Digits}</Say><Pause length="60"/></Response>` };
    return { body: '<Response><Gather input="dtmf speech" numDigits="1" timeout="60" speechTimeout="1" action="/chosen"><Say>Press a key</Say></Gather></Response>' };
  });
  await house.use({ VoiceUrl: `${app.url}/voice` });
  await house.ask('POST', '/offhook/v1/Clock', { Mode: 'virtual' });
  const advance = () => house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT3S' });
  call = await house.ask('POST', PHONE, { To: NUMBER });
  await advance();
  for (const key of ['1', '5']) {
    await house.ask('POST', `${PHONE}/${call.sid}/Digits`, { Digits: key });
    await advance();
  }
  await house.ask('POST', `${PHONE}/${call.sid}/Hangup`);
});
after(async () => {
  await closeBrowser();
  await app.close().catch(() => undefined);
  await house.close();
});

const look = async () => {
  const entered = await enter(house);
  await entered.page.goto(`${house.url}/console/calls/${call.sid}`);
  await entered.page.locator('.timeline').getByText('Later you pressed 5').waitFor();
  return { ...entered, dialog: entered.page.getByRole('dialog'), timeline: entered.page.locator('.timeline') };
};
/** The fork button of the n-th key that was pressed. */
const key = (page, n) => page.locator('.entry[data-word=digit]').nth(n).getByRole('button', { name: AGAIN });

test('by the keyboard alone a call is forked: a point, another key, Enter', async () => {
  const { page, context, dialog, timeline } = await look();
  await key(page, 0).focus();
  await page.keyboard.press('Enter');
  await dialog.getByRole('textbox', { name: 'Keys' }).waitFor();
  await dialog.locator('.points [data-on=true]').getByText('Press a key').waitFor();
  assert.equal(await dialog.getByRole('textbox', { name: 'Keys' }).evaluate((one) => one === document.activeElement), true, 'one can type at once');
  await page.keyboard.type('x');
  await dialog.getByText('Keys are 0 to 9').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.href.endsWith(call.sid));
  await house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT2S' });
  await timeline.getByText('You chose 2').waitFor();
  await context.close();
});

test('a later step is forked with what came before it as it was', async () => {
  const { page, context, dialog, timeline } = await look();
  const asked = () => app.seen.filter((one) => one.url.startsWith('/chosen')).length;
  const before = asked();
  await key(page, 1).click();
  await dialog.locator('.points [data-on=true]').getByText('And now').waitFor();
  await dialog.getByRole('group', { name: 'Keys' }).getByRole('button', { name: '9' }).click();
  await dialog.getByRole('button', { name: 'Fork the call' }).click();
  await page.waitForURL((url) => !url.href.endsWith(call.sid));
  await house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT2S' });
  await timeline.getByText('Later you pressed 9').waitFor();
  await timeline.getByText('You chose 1').waitFor();
  assert.equal(asked(), before, 'what is replayed asks nobody');
  await context.close();
});

test('words are said instead, and a person hangs up instead', async () => {
  const said = await look();
  await key(said.page, 0).click();
  await said.dialog.getByRole('tab', { name: 'Words' }).click();
  await said.dialog.getByRole('textbox', { name: 'Words' }).fill('roses');
  await said.dialog.getByRole('button', { name: 'Fork the call' }).click();
  await said.page.waitForURL((url) => !url.href.endsWith(call.sid));
  await house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT5S' });
  await said.timeline.getByText('You chose roses').waitFor();
  await said.context.close();
  const hung = await look();
  await key(hung.page, 0).click();
  await hung.dialog.getByRole('tab', { name: 'Hang up' }).click();
  await hung.dialog.getByRole('button', { name: 'Fork the call' }).click();
  await hung.page.waitForURL((url) => !url.href.endsWith(call.sid));
  await hung.page.locator('.detail').getByText('Completed').waitFor();
  await hung.timeline.getByText('hung up').waitFor();
  await hung.context.close();
});

test('a fork whose application is gone shows what went wrong; a call that can not be forked says so', async () => {
  const { page, context, dialog, timeline } = await look();
  await app.close();
  await key(page, 0).click();
  await dialog.getByRole('textbox', { name: 'Keys' }).fill('3');
  await dialog.getByRole('button', { name: 'Fork the call' }).click();
  await page.waitForURL((url) => !url.href.endsWith(call.sid));
  // The request is made in real time; what follows from its failure, in the house's.
  const said = timeline.getByText('An application error has occurred');
  for (let n = 0; n < 60 && !(await said.count()); n++) {
    await house.ask('POST', '/offhook/v1/Clock', { Advance: 'PT5S' });
    await page.waitForTimeout(250);
  }
  await said.first().waitFor();
  await page.goto(`${house.url}/console/calls/${call.sid}`);
  await page.route('**/Points', (route) => route.fulfill({ status: 404, contentType: 'application/json', body: JSON.stringify({ code: 20404, message: 'What it was told is not kept any more', status: 404 }) }));
  await key(page, 0).click();
  await dialog.getByRole('alert').getByText('What it was told is not kept any more').waitFor();
  assert.equal(await dialog.getByRole('button', { name: 'Fork the call' }).isDisabled(), true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await key(page, 0).evaluate((one) => one === document.activeElement), true);
  await context.close();
});
