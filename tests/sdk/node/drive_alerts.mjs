// Alerts of monitor/v1: a webhook fails, and the debugger knows.

import assert from "node:assert/strict";
import { NUMBER, client, eventually, refused, text } from "./house.mjs";

const twilio = client();
const { alerts } = twilio.monitor.v1;
const [number] = await twilio.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
await twilio.incomingPhoneNumbers(number.sid).update({ smsUrl: "http://127.0.0.1:1/nobody-listens" });

let resource;
for (let count = 1; count <= 3; count++) {
  resource = await text("anyone?");
  await eventually("an alert", async () => (await alerts.list()).length === count);
}
const [newest] = await alerts.list({ limit: 1 });
assert.deepEqual([newest.errorCode, newest.logLevel], ["11202", "error"]);
assert.equal(newest.resourceSid, resource);
const fetched = await alerts(newest.sid).fetch();
assert.equal(fetched.requestUrl, "http://127.0.0.1:1/nobody-listens");
assert.match(fetched.requestVariables, /Body=anyone/);
assert.ok(fetched.dateGenerated instanceof Date);

const at = (hours) => new Date(Date.now() + hours * 3_600_000);
assert.equal((await alerts.list({ logLevel: "error" })).length, 3);
assert.equal((await alerts.list({ logLevel: "warning" })).length, 0);
assert.equal((await alerts.list({ startDate: at(-1), endDate: at(1) })).length, 3);
assert.equal((await alerts.list({ startDate: at(1) })).length, 0);
// The v1 links lead back here, not to Twilio.
assert.equal((await alerts.list({ pageSize: 1 })).length, 3);
await refused(() => alerts(`NO${"0".repeat(32)}`).fetch(), 404, 20404);
console.log("alerts: ok");
