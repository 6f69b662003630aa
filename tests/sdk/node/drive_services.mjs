// Messaging Services: their senders, sending through them, scheduling, opt-out, errors.

import assert from "node:assert/strict";
import { NUMBER, PERSON, client, eventually, refused, text } from "./house.mjs";

const twilio = client();
const { messages } = twilio;
const { services } = twilio.messaging.v1;

const shop = await services.create({ friendlyName: "Shop", validityPeriod: 600 });
assert.deepEqual([shop.friendlyName, shop.validityPeriod, shop.stickySender], ["Shop", 600, true]);
assert.ok(shop.dateCreated instanceof Date);
const changed = await services(shop.sid).update({ useInboundWebhookOnNumber: true });
assert.equal(changed.useInboundWebhookOnNumber, true);

const by = { to: PERSON, messagingServiceSid: shop.sid, body: "“hi”" };
await refused(() => messages.create(by), 400, 21704);
const [number] = await twilio.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
const joining = () => services(shop.sid).phoneNumbers.create({ phoneNumberSid: number.sid });
assert.equal((await joining()).phoneNumber, NUMBER);
await refused(joining, 409, 21710);
const joined = await services(shop.sid).phoneNumbers.list();
assert.deepEqual(joined.map((one) => one.sid), [number.sid]);
const name = await services(shop.sid).alphaSenders.create({ alphaSender: "Bakery" });
assert.equal((await services(shop.sid).alphaSenders.list())[0].alphaSender, "Bakery");
assert.equal(await services(shop.sid).alphaSenders(name.sid).remove(), true);
assert.deepEqual(await services(shop.sid).shortCodes.list(), []);

const sent = await messages.create(by);
assert.deepEqual([sent.status, sent.from, sent.messagingServiceSid], ["accepted", null, shop.sid]);
const done = await eventually("delivered", async () => {
  const found = await messages(sent.sid).fetch();
  return found.status === "delivered" && found;
});
assert.deepEqual([done.from, done.body], [NUMBER, '"hi"']);

const inSeconds = (seconds) => new Date(Date.now() + 1000 * seconds);
const later = (seconds) => ({ ...by, scheduleType: "fixed", sendAt: inSeconds(seconds) });
const scheduled = await messages.create(later(3600));
assert.equal(scheduled.status, "scheduled");
assert.equal((await messages(scheduled.sid).update({ status: "canceled" })).status, "canceled");
await refused(() => messages(scheduled.sid).update({ status: "canceled" }), 400, 30409);
await refused(() => messages.create(later(10)), 400, 35114);

await text("STOP");
await refused(() => messages.create(by), 400, 21610);
await text("START");
await messages.create(by);

for (const n of [1, 2, 3]) await services.create({ friendlyName: `Number ${n}` });
assert.equal((await services.list({ pageSize: 1 })).length, 4);
assert.equal(await services(shop.sid).remove(), true);
await refused(() => services(shop.sid).fetch(), 404, 20404);
await refused(() => messages.create(by), 404, 21701);
console.log("services: ok");
