// A client of the official SDK for the house that the environment names, and small checks.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

// An import would not look at NODE_PATH, where scripts/install-sdks puts the SDK.
export const twilio = createRequire(import.meta.url)("twilio");

export const URL_BASE = process.env.OFFHOOK_URL;
export const SID = process.env.OFFHOOK_ACCOUNT_SID;
export const TOKEN = process.env.OFFHOOK_AUTH_TOKEN;
export const NUMBER = "+12025550100";
export const PERSON = "+12025550199";

// A script that hangs fails.
setTimeout(() => {
  console.error("the script took longer than 90 s");
  process.exit(1);
}, 90_000).unref();

/** The SDK's client, pointed at the house: one base URL per product. */
export function client(sid = SID, token = TOKEN, accountSid = undefined) {
  const made = twilio(sid, token, accountSid ? { accountSid } : {});
  made.api.baseUrl = URL_BASE;
  for (const product of ["monitor", "messaging", "verify", "lookups"]) {
    made[product].baseUrl = `${URL_BASE}/${product}`;
  }
  return made;
}

/** The call fails with this HTTP status and Twilio's code. */
export async function refused(call, status, code) {
  try {
    await call();
  } catch (error) {
    assert.deepEqual([error.status, error.code], [status, code], error.message);
    assert.equal(error.moreInfo, `https://www.twilio.com/docs/errors/${code}`);
    return error;
  }
  assert.fail(`not refused with ${code}`);
}

/** The first true value of `found`, within 20 s. */
export async function eventually(what, found) {
  for (let turn = 0; turn < 1000; turn++) {
    const value = await found();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`never: ${what}`);
}

/** A request to the house's own API, which no SDK knows. */
export async function own(method, path, parameters = {}) {
  const answer = await fetch(`${URL_BASE}/offhook/v1/${path}`, {
    method,
    headers: { Authorization: `Basic ${btoa(`${SID}:${TOKEN}`)}` },
    body: method === "POST" ? new URLSearchParams(parameters) : undefined,
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** A person texts a number of the house; the message's sid. */
export async function text(body, to = NUMBER, person = PERSON) {
  return (await own("POST", `Phones/${person}/Messages`, { To: to, Body: body })).sid;
}
