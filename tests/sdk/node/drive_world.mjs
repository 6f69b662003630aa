// Credentials, caller ids, addresses, usage, the audit log and lookups.

import assert from "node:assert/strict";
import {
  NUMBER,
  PERSON,
  Phone,
  SID,
  TOKEN,
  advance,
  client,
  own,
  refused,
  standStill,
} from "./house.mjs";

const twilio = client();
await standStill();

// Keys of every kind.
const policy = { allow: ["/twilio/messaging/messages/list"] };
const key = await twilio.iam.v1.newApiKey.create({
  accountSid: SID,
  keyType: "restricted",
  policy,
});
assert.deepEqual(key.policy, policy);
const limited = client(key.sid, key.secret, SID);
assert.deepEqual(await limited.messages.list(), []);
await refused(() => limited.calls.list(), 403, 70051);
assert.deepEqual((await twilio.iam.v1.apiKey(key.sid).fetch()).policy, policy);
assert.equal((await twilio.iam.v1.getApiKeys.list({ accountSid: SID })).length, 1);
assert.equal(await twilio.iam.v1.apiKey(key.sid).remove(), true);

// Test credentials check, and keep nothing.
const made = await own("POST", "TestCredentials");
const test = client(made.sid, made.auth_token);
const sent = await test.messages.create({ to: PERSON, from: "+15005550006", body: "hi" });
assert.deepEqual([sent.status, sent.accountSid], ["queued", made.sid]);
const magic = { to: "+15005550001", from: "+15005550006", body: "x" };
await refused(() => test.messages.create(magic), 400, 21211);
await refused(() => test.messages.list(), 403, 20008);
assert.deepEqual(await twilio.messages.list(), []);

const token = await twilio.tokens.create({ ttl: 3600 });
assert.deepEqual([token.ttl, token.iceServers], ["3600", []]);

// A caller id: whoever has the phone types the code.
const asked = await twilio.validationRequests.create({ phoneNumber: "+12025550188" });
const phone = new Phone("+12025550188");
await advance();
await phone.does(asked.callSid, "Answer");
await phone.does(asked.callSid, "Digits", { Digits: asked.validationCode });
const [verified] = await twilio.outgoingCallerIds.list({ phoneNumber: "+12025550188" });
assert.equal(verified.friendlyName, "(202) 555-0188");
assert.equal(await twilio.outgoingCallerIds(verified.sid).remove(), true);

const address = await twilio.addresses.create({
  customerName: "Ann",
  street: "1 Main St",
  city: "Reno",
  region: "NV",
  postalCode: "89501",
  isoCountry: "US",
});
assert.equal((await twilio.addresses(address.sid).update({ city: "Elko" })).city, "Elko");
assert.equal(await twilio.addresses(address.sid).remove(), true);
assert.equal((await twilio.balance.fetch()).balance, "0.00");
assert.deepEqual(await twilio.shortCodes.list(), []);

// What was used.
await twilio.messages.create({ to: PERSON, from: NUMBER, body: "counted" });
await advance(1);
const { records, triggers } = twilio.usage;
const category = "sms-outbound";
for (const list of [records, records.today, records.thisMonth, records.allTime, records.daily]) {
  assert.equal((await list.list({ category, limit: 1 }))[0].count, "1");
}
assert.ok((await records.list()).length > 50, "more than a page");
const trigger = await triggers.create({
  callbackUrl: "https://app.example/used",
  triggerValue: "+10",
  usageCategory: "sms",
});
assert.deepEqual([trigger.triggerValue, trigger.currentValue], ["11", "1"]);
assert.equal((await triggers.list()).length, 1);
assert.equal(await triggers(trigger.sid).remove(), true);

// Who changed what.
const [event] = await twilio.monitor.v1.events.list({ eventType: "address.deleted" });
assert.equal(event.resourceSid, address.sid);
assert.equal((await twilio.monitor.v1.events(event.sid).fetch()).actorSid, SID);

const numbers = twilio.lookups.v2.phoneNumbers;
const found = await numbers("+442079460018").fetch({ fields: "line_type_intelligence" });
assert.deepEqual([found.valid, found.countryCode], [true, "GB"]);
assert.equal(found.lineTypeIntelligence.type, "landline");
assert.deepEqual((await numbers("+1415").fetch()).validationErrors, ["TOO_SHORT"]);

// Promotion comes last: the house's other checks use the first token.
const second = await twilio.accounts.v1.secondaryAuthToken().create();
assert.deepEqual(await client(SID, second.secondaryAuthToken).addresses.list(), []);
const promoted = await twilio.accounts.v1.authTokenPromotion().update();
assert.equal(promoted.authToken, second.secondaryAuthToken);
await refused(() => client(SID, TOKEN).messages.list(), 401, 20003);
console.log("the rest of an account's world: ok");
