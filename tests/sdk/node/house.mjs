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
  const products = ["monitor", "messaging", "verify", "lookups", "events", "conversations", "accounts", "iam"];
  for (const product of products) {
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
  const body = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${body}`);
  return JSON.parse(body);
}

/** Uploads a file to the media service, which no SDK knows; what it is shown as. */
export async function upload(service, contentType, content) {
  const answer = await fetch(`${URL_BASE}/mcs/v1/Services/${service}/Media`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa(`${SID}:${TOKEN}`)}`, "Content-Type": contentType },
    body: content,
  });
  assert.equal(answer.status, 201);
  return answer.json();
}

/** A person texts a number of the house; the message's sid. */
export async function text(body, to = NUMBER, person = PERSON) {
  return (await own("POST", `Phones/${person}/Messages`, { To: to, Body: body })).sid;
}

/** House time moves only as ordered from now on: nothing in a script has to wait for it. */
export const standStill = () => own("POST", "Clock", { Mode: "virtual" });

/** Lets house time pass; then all is done that was due, and the house is quiet. */
export const advance = (seconds = 0) => own("POST", "Clock", { Advance: `PT${seconds}S` });

/** A handset, and the person who holds it. */
export class Phone {
  constructor(address) {
    this.address = address;
    this.path = `Phones/${encodeURIComponent(address)}`;
  }

  /** Changes how it behaves. */
  async set(behaviour) {
    await own("POST", this.path, behaviour);
    return this;
  }

  /** Dials, and waits until the house is quiet; the call's sid. */
  async dial(to = NUMBER) {
    const { sid } = await own("POST", `${this.path}/Calls`, { To: to });
    await advance();
    return sid;
  }

  /** The sid of the newest call of this handset. */
  async newest() {
    return (await own("GET", `${this.path}/Calls?PageSize=1`)).calls[0].sid;
  }

  /** Answer, Reject, Hangup, Digits or Speech; the call as the handset then sees it. */
  async does(sid, what, parameters = {}) {
    const call = await own("POST", `${this.path}/Calls/${sid}/${what}`, parameters);
    await advance();
    return call;
  }

  /** The lines of the call's transcript after so many, without their times. */
  async heard(sid, after = 0, wait = undefined) {
    const query = new URLSearchParams({ After: after, ...(wait ? { Wait: wait } : {}) });
    const { lines } = await own("GET", `${this.path}/Calls/${sid}/Transcript?${query}`);
    return lines.map((line) => line.replace(/^[ 0-9]+/, ""));
  }
}

/** All expected lines are there, in this order; each begins as it says. */
export function inOrder(lines, expected) {
  let at = 0;
  for (const line of expected) {
    const found = lines.findIndex((one, place) => place >= at && one.startsWith(line));
    assert.ok(found >= 0, `${line} is not in its place in\n${lines.join("\n")}`);
    at = found + 1;
  }
}
