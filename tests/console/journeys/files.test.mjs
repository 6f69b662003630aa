// What can be said of the console's files without a browser: types, words, markup, tables.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../house.mjs';
import { kept, made } from '../schema.mjs';

const CONSOLE = join(ROOT, 'crates/server/console');
const files = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? (name === 'vendor' ? [] : files(path)) : path.endsWith('.js') ? [path] : [];
});
const sources = files(CONSOLE).map((path) => ({ path: path.slice(CONSOLE.length + 1), text: readFileSync(path, 'utf8') }));
const { en } = await import(join(CONSOLE, 'i18n/en.js'));
const { es } = await import(join(CONSOLE, 'i18n/es.js'));

test('the types fit together', () => {
  const tsc = join(ROOT, 'tests/console/node_modules/.bin/tsc');
  try {
    execFileSync(tsc, ['-p', join(ROOT, 'tests/console')], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
});

test('every key is in both languages, with the same placeholders, and is used', () => {
  assert.deepEqual(Object.keys(es).sort(), Object.keys(en).sort());
  const forms = (value) => (typeof value === 'string' ? { other: value } : value);
  const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1]).sort().join();
  for (const key of Object.keys(en)) {
    const [a, b] = [forms(en[key]), forms(es[key])];
    assert.deepEqual(Object.keys(b).sort(), Object.keys(a).sort(), key);
    for (const form of Object.keys(a)) {
      assert.equal(names(b[form]), names(a[form]), `${key}.${form}`);
      assert.ok(b[form].trim() && a[form].trim(), key);
    }
    // A key with a dot is a key wherever it is written; a plain word has to be asked for.
    const used = sources.some(({ path, text }) => !path.startsWith('i18n/') && text.includes(key.includes('.') ? `'${key}'` : `t('${key}'`));
    assert.ok(used, `nobody uses ${key}`);
  }
});

test('every key that is asked for is there, and no text for people stands outside the languages', () => {
  for (const { path, text } of sources) {
    for (const [, key] of text.matchAll(/\bt\('([^']+)'/g)) assert.ok(key in en, `${path}: ${key}`);
    if (path.startsWith('i18n/')) continue;
    // Words between tags of a template; what is in ${…} is code.
    const bare = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '').replace(/\$\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g, '$');
    for (const [, templated] of bare.matchAll(/html`([^`]*)`/g)) {
      for (const [, words] of templated.matchAll(/>([^<>]*[A-Za-z]{3,}[^<>]*)</g)) {
        const known = words.replace(/Offhook|TwiML|WAV|SID|URL|Ctrl|Space|STOP|START|X-Twilio-Signature|offhook console|--\w+|PUBLIC=LOCAL/g, '');
        assert.doesNotMatch(known, /[A-Za-z]{3,}\s+[a-z]{3,}/, `${path}: ${words}`);
      }
    }
  }
});

test('nothing from outside becomes markup, and nothing is fetched from elsewhere', () => {
  for (const { path, text } of sources) {
    for (const way of ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'document.write', 'dangerouslySetInnerHTML', 'eval(', 'new Function', 'srcdoc', 'javascript:']) assert.ok(!text.includes(way), `${path}: ${way}`);
    if (path !== 'lib/samples.js') assert.doesNotMatch(text, /(?:fetch|import|src|href)\s*[(=]\s*['"]https?:/, path);
  }
  assert.doesNotMatch(readFileSync(join(CONSOLE, 'index.html'), 'utf8'), /https?:|<script>|<style| on\w+=|style=/);
  for (const name of readdirSync(join(CONSOLE, 'style'))) assert.doesNotMatch(readFileSync(join(CONSOLE, 'style', name), 'utf8'), /url\(|@import/, name);
});

test('the completion knows the language as it is', () => {
  assert.equal(made(), kept(), 'run node tests/console/schema.mjs --write');
});

test('what is coloured is what was written', async () => {
  const { lines, place, tokens } = await import(join(CONSOLE, 'lib/twiml.js'));
  const texts = ['', '<', '<<', '<a', '<a b', '<a b=', '<a b="', '<a b="{{', '<a b="{{x}}" c=\'<\'/>', 'x{{y}}z{', '{{{', '<!-- a', '<!-- a --> b', '<?xml version="1.0"?>\n<Response>\r\n</Response>', '<a / b>', '&amp; é 😀 ', '<Say {{#x}}voice="a"{{/x}}>', '<1>'];
  for (const text of [...texts, ...texts.flatMap((a) => texts.map((b) => a + b))]) {
    assert.equal(tokens(text).map((one) => one.text).join(''), text);
    assert.equal(lines(text).map((line) => line.map((one) => one.text).join('')).join('\n'), text);
    place(text);
  }
  for (const [before, expected] of [
    ['<', { kind: 'element', word: '', parent: '' }],
    ['<Response><Ga', { kind: 'element', word: 'Ga', parent: 'Response' }],
    ['<Response><Gather><Say>x</Say><', { kind: 'element', word: '', parent: 'Gather' }],
    ['<Response><Pause/></', { kind: 'close', word: '', parent: 'Response' }],
    ['<Response><Gather num', { kind: 'attribute', element: 'Gather', word: 'num', parent: 'Response' }],
    ['<Response><Gather input="d', { kind: 'value', element: 'Gather', attribute: 'input', word: 'd', parent: 'Response' }],
    ['<Response><Say>{{Bo', { kind: 'template', word: 'Bo', parent: 'Say' }],
    ['<Response><Say>words', { kind: 'none', word: '', parent: 'Say' }],
  ]) assert.deepEqual(place(before), expected, before);
});
