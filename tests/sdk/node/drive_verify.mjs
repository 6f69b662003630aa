// Verify: services, a code by text, checks, updates, errors.

import assert from "node:assert/strict";
import { PERSON, advance, client, own, refused, standStill } from "./house.mjs";

const { services } = client().verify.v2;
await standStill();

/** The code in the last text of the person's handset. */
async function code() {
  await advance();
  const { messages } = await own("GET", `Phones/${PERSON}/Messages`);
  return messages[0].body.split(" ").at(-1);
}

const shop = await services.create({ friendlyName: "Shop", codeLength: 5 });
assert.deepEqual([shop.friendlyName, shop.codeLength, shop.customCodeEnabled], ["Shop", 5, false]);
assert.ok(shop.dateCreated instanceof Date);
const one = services(shop.sid);
assert.equal((await one.update({ customCodeEnabled: true })).codeLength, 5);

const sent = await one.verifications.create({ to: PERSON, channel: "sms" });
assert.deepEqual([sent.status, sent.valid, sent.sendCodeAttempts.length], ["pending", false, 1]);
const checking = (text) => one.verificationChecks.create({ to: PERSON, code: text });
assert.deepEqual([(await checking("000000")).status], ["pending"]);
const right = await checking(await code());
assert.deepEqual([right.status, right.valid, right.sid], ["approved", true, sent.sid]);
assert.equal((await one.verifications(sent.sid).fetch()).status, "approved");
await refused(async () => checking(await code()), 404, 20404);

const by = { to: PERSON, channel: "sms", customCode: "4711", locale: "es" };
const custom = await one.verifications.create(by);
assert.equal(await code(), "4711");
assert.equal((await one.verifications(custom.sid).update({ status: "canceled" })).valid, false);
await one.verifications.create(by);
for (let n = 0; n < 5; n++) await checking("999999");
await refused(() => checking("4711"), 429, 60202);
await advance(600);
await refused(() => checking("4711"), 404, 20404);
await refused(() => one.verifications.create({ to: PERSON, channel: "email" }), 403, 20403);
await refused(() => one.verifications.create({ to: "x", channel: "sms" }), 400, 60200);

const limit = await one.rateLimits.create({ uniqueName: "ip", description: "Browsers" });
const bucket = await one.rateLimits(limit.sid).buckets.create({ max: 1, interval: 60 });
assert.deepEqual([bucket.max, bucket.interval, bucket.rateLimitSid], [1, 60, limit.sid]);
assert.equal((await one.rateLimits("ip").fetch()).uniqueName, "ip");
assert.deepEqual((await one.rateLimits.list()).map(({ sid }) => sid), [limit.sid]);
const limited = { to: PERSON, channel: "sms", rateLimits: { ip: "192.0.2.1" } };
await one.verifications.create(limited);
await refused(() => one.verifications.create(limited), 429, 20429);
assert.equal(await one.rateLimits(limit.sid).buckets(bucket.sid).remove(), true);
await one.verifications.create(limited);
assert.equal(await one.rateLimits(limit.sid).remove(), true);

await services.create({ friendlyName: "Other" });
assert.equal((await services.list({ pageSize: 1 })).length, 2);
assert.equal(await one.remove(), true);
await refused(() => one.fetch(), 404, 20404);
console.log("verify: ok");
