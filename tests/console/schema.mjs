// The table of the bin editor's completion, made from the table of the language's own tests.
//
//   node schema.mjs            says whether lib/twiml-schema.js is as it should be
//   node schema.mjs --write    writes it

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FROM = fileURLToPath(new URL('../../libs/twiml/tests/schema.txt', import.meta.url));
const TO = fileURLToPath(new URL('../../crates/server/console/lib/twiml-schema.js', import.meta.url));

export function made() {
  const elements = {};
  const children = {};
  for (const row of readFileSync(FROM, 'utf8').split('\n')) {
    if (!row || row.startsWith('#')) continue;
    const [element, where, attribute, type] = row.split(' | ');
    const name = element.replace(/ \(.*\)$/, '');
    const into = (elements[name] ??= {});
    if (attribute === '(content)') {
      for (const parent of where.split(' ')) (children[parent === 'Messaging' ? 'Response' : parent] ??= new Set()).add(name);
      continue;
    }
    const values = /^(?:one|list) (\S+,\S+)$/.exec(type)?.[1].split(',') ?? [];
    into[attribute] = [...new Set([...(into[attribute] ?? []), ...values])];
  }
  const sorted = (object, of) => Object.fromEntries(Object.keys(object).sort().map((key) => [key, of(object[key])]));
  const text = (value) => JSON.stringify(value);
  const lines = (object) => Object.entries(object).map(([key, value]) => `  ${text(key)}: ${text(value)},`).join('\n');
  return `// What may stand where in TwiML, for completion. Made by tests/console/schema.mjs from
// libs/twiml/tests/schema.txt; a test holds the two against each other.

/** Attributes of each element, with the values there are. @type {Record<string, Record<string, string[]>>} */
export const ATTRIBUTES = {
${lines(sorted(elements, (attributes) => sorted(attributes, (values) => values)))}
};

/** What each element may hold. @type {Record<string, string[]>} */
export const CHILDREN = {
${lines(sorted(children, (names) => [...names].sort()))}
};
`;
}

export const kept = () => readFileSync(TO, 'utf8');

if (process.argv[2] === '--write') writeFileSync(TO, made());
else if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(made() === kept() ? 'as it should be' : 'run: node schema.mjs --write');
