// Incoming phone numbers and applications.

import assert from "node:assert/strict";
import { NUMBER, client, refused } from "./house.mjs";

const twilio = client();
const numbers = twilio.incomingPhoneNumbers;

const bought = await numbers.create({
  phoneNumber: "+14155550123",
  smsUrl: "https://example.com/sms",
});
assert.equal(bought.friendlyName, "(415) 555-0123");
assert.deepEqual(bought.capabilities, { voice: true, sms: true, mms: true, fax: false });
const byArea = await numbers.create({ areaCode: "628" });
assert.ok(byArea.phoneNumber.startsWith("+1628"));
const all = (await numbers.list()).map((one) => one.phoneNumber);
assert.deepEqual(all, [byArea.phoneNumber, "+14155550123", NUMBER]);
assert.equal((await numbers.list({ phoneNumber: "*555012*" })).length, 1);
const free = await numbers.tollFree.create({ phoneNumber: "+18005550123" });
assert.deepEqual((await numbers.tollFree.list()).map((one) => one.sid), [free.sid]);
assert.equal((await numbers.local.list()).length, 3);

const application = await twilio.applications.create({
  friendlyName: "Ordering",
  smsUrl: "https://example.com/app",
  smsMethod: "GET",
});
const updated = await numbers(bought.sid).update({
  smsApplicationSid: application.sid,
  friendlyName: "Front desk",
});
assert.equal(updated.smsApplicationSid, application.sid);
assert.equal((await numbers(bought.sid).fetch()).smsUrl, "https://example.com/sms");
assert.equal((await numbers(bought.sid).update({ smsApplicationSid: "" })).smsApplicationSid, null);
assert.equal((await twilio.applications(application.sid).update({ smsUrl: "" })).smsUrl, null);
assert.equal(await twilio.applications(application.sid).remove(), true);
await refused(() => twilio.applications(application.sid).fetch(), 404, 20404);

const sub = await twilio.api.accounts.create();
const moved = await numbers(byArea.sid).update({ accountSid: sub.sid });
assert.equal(moved.accountSid, sub.sid);
await refused(() => numbers(byArea.sid).fetch(), 404, 20404);

assert.equal(await numbers(bought.sid).remove(), true);
await refused(() => numbers(bought.sid).fetch(), 404, 20404);
for (const [parameters, code] of [
  [{ phoneNumber: "+15005550000" }, 21422],
  [{ phoneNumber: "+15005550001" }, 21421],
  [{ areaCode: "533" }, 21452],
  [{ areaCode: "99" }, 21451],
  [{ areaCode: "415", smsUrl: "nope" }, 21402],
  [{ areaCode: "415", smsMethod: "PUT" }, 21403],
]) {
  await refused(() => numbers.create(parameters), 400, code);
}
assert.equal((await numbers.create({ phoneNumber: "+15005550006" })).phoneNumber, "+15005550006");

// What can be bought is searched, bought, and gone.
const available = twilio.availablePhoneNumbers;
assert.ok((await available.list()).some((one) => one.countryCode === "GB"));
assert.equal((await available("GB").fetch()).country, "United Kingdom");
const offers = await available("US").local.list({ areaCode: 510, smsEnabled: true, limit: 3 });
assert.deepEqual(
  offers.map((one) => one.phoneNumber),
  ["+15105550100", "+15105550101", "+15105550102"],
);
assert.equal(offers[0].locality, "Oakland");
await numbers.create({ phoneNumber: offers[0].phoneNumber });
const left = await available("US").local.list({ areaCode: 510, limit: 20 });
assert.ok(!left.some((one) => one.phoneNumber === offers[0].phoneNumber));
assert.equal((await available("GB").mobile.list({ limit: 1 }))[0].phoneNumber, "+447700900000");
await refused(() => available("US").local.list({ areaCode: 12 }), 400, 21451);
console.log("numbers and applications: ok");
