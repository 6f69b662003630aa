// A bin is written, judged while it is written, previewed, used, and put back.

import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { closeBrowser, enter, NUMBER, open } from '../house.mjs';

let house;
before(async () => void (house = await open()));
after(async () => {
  await closeBrowser();
  await house.close();
});

const answer = async (body) => {
  const { sid } = await house.ask('POST', '/offhook/v1/Phones/%2B12025550199/Messages', { To: NUMBER, Body: body });
  for (let n = 0; n < 50; n++) {
    const one = await house.ask('GET', `/offhook/v1/Phones/%2B12025550199/Messages/${sid}`);
    if (one.reply_session === 'closed') return one.replies.map((reply) => reply.body);
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('no answer');
};

test('a new bin is written with the keyboard alone, and a number answers with it', async () => {
  const { page, context, complaints } = await enter(house);
  await page.goto(`${house.url}/console/bins`);
  await page.getByRole('button', { name: 'New bin' }).click();
  const editor = page.getByRole('combobox', { name: 'TwiML of the bin' });
  await editor.fill('');
  await editor.focus();
  // Completion: an element, its attribute, its value.
  await page.keyboard.type('<Resp');
  await page.locator('#completions').getByRole('option', { name: 'Response', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.type('<Mess');
  await page.locator('#completions').getByRole('option', { name: 'Message', exact: true }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.type('Bin says {{Bo');
  await page.locator('#completions').getByRole('option', { name: 'Body', exact: true }).waitFor();
  await page.keyboard.press('Enter');
  assert.equal(await editor.inputValue(), '<Response><Message>Bin says {{Body}}</Message></Response>');
  await page.getByText('Nothing wrong with it').waitFor();
  await page.locator('[data-test=preview]').getByText('Bin says hello').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByRole('button', { name: 'Saved' }).waitFor();

  await page.getByRole('button', { name: 'Use for number…' }).click();
  await page.getByRole('button', { name: 'Use it' }).click();
  await page.getByText('The number answers with this bin').first().waitFor();
  assert.deepEqual(await answer('x <y>'), ['Bin says x <y>']);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('mistakes are marked where they are while it is written, and a broken bin is not saved', async () => {
  const { page, context } = await enter(house);
  await page.goto(`${house.url}/console/bins`);
  await page.locator('.rowbtn').getByText('New bin').click();
  const editor = page.getByRole('combobox', { name: 'TwiML of the bin' });
  await editor.fill('<Response>\n  <Say voise="x">Hi</Say>\n</Response>');
  await page.getByText("Attribute 'voise' is not allowed").waitFor();
  assert.equal(await page.locator('.editor .sq').innerText(), 'voise');
  await editor.fill('<Response><Say>');
  await page.getByText('This can not be saved').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByRole('alert').getByText(/./).first().waitFor();
  assert.ok((await answer('still')).includes('Bin says still'));
  await context.close();
});

test('an earlier version is restored', async () => {
  const { page, context } = await enter(house);
  await page.goto(`${house.url}/console/bins`);
  await page.locator('.rowbtn').getByText('New bin').click();
  await page.getByRole('combobox', { name: 'TwiML of the bin' }).fill('<Response><Message>Third</Message></Response>');
  await page.getByText('Nothing wrong with it').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Saved' }).waitFor();
  assert.deepEqual(await answer('x'), ['Third']);
  await page.getByRole('tab', { name: 'Versions' }).click();
  await page.locator('.versions li').nth(1).getByRole('button', { name: 'Restore' }).click();
  await page.getByText('is current again').first().waitFor();
  assert.deepEqual(await answer('again'), ['Bin says again']);
  await page.waitForFunction(() => document.querySelector('.editor textarea').value.includes('Bin says'));
  await context.close();
});

test('a bin that was changed in another tab is what this one shows', async () => {
  const { page, context } = await enter(house);
  await page.goto(`${house.url}/console/bins`);
  await page.locator('.rowbtn').getByText('New bin').click();
  const { bins } = await house.ask('GET', '/offhook/v1/Bins');
  await house.ask('POST', `/offhook/v1/Bins/${bins[0].sid}`, { Twiml: '<Response><Message>Elsewhere</Message></Response>' });
  await page.waitForFunction(() => document.querySelector('.editor textarea').value.includes('Elsewhere'));
  await context.close();
});
