// Pages of lists, and errors as the SDK raises them.

import assert from "node:assert/strict";
import { client, refused } from "./house.mjs";

const twilio = client();
const made = [];
for (let n = 0; n < 7; n++) {
  made.unshift((await twilio.applications.create({ friendlyName: String(n) })).sid);
}
const sids = (list) => list.map((one) => one.sid);

assert.deepEqual(sids(await twilio.applications.list()), made);
assert.deepEqual(sids(await twilio.applications.list({ pageSize: 1 })), made);
assert.deepEqual(sids(await twilio.applications.list({ pageSize: 3 })), made);
assert.deepEqual(sids(await twilio.applications.list({ limit: 2 })), made.slice(0, 2));
// The SDK asks for PageSize=5000 here, which is clamped.
assert.deepEqual(sids(await twilio.applications.list({ limit: 5000 })), made);
const first = await twilio.applications.page({ pageSize: 4 });
const second = await first.nextPage();
assert.deepEqual(sids(second.instances), made.slice(4));
assert.equal(await second.nextPage(), undefined);
assert.equal((await second.previousPage()).instances.length, 4);

const none = `SM${"0".repeat(32)}`;
const error = await refused(() => twilio.messages(none).fetch(), 404, 20404);
assert.match(error.message, /was not found/);
await refused(() => client(undefined, "0".repeat(32)).messages.list(), 401, 20003);
await refused(() => client(`AC${"0".repeat(32)}`).messages.list(), 401, 20003);
// What is known and not there yet says so.
for (const [call, name] of [
  [() => twilio.conferences.list(), /ListConference/],
  [
    () => twilio.messaging.v1.services("MG1").shortCodes.create({ shortCodeSid: "SC1" }),
    /CreateShortCode/,
  ],
  [() => twilio.verify.v2.forms("form-push").fetch(), /FetchForm/],
]) {
  const { message } = await refused(call, 403, 20403);
  assert.match(message, name);
  assert.match(message, /docs\/compatibility\.md/);
}
console.log("paging and errors: ok");
