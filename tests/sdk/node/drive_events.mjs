// Event Streams: sinks, their validation, subscriptions and event types.

import assert from "node:assert/strict";
import { client, refused } from "./house.mjs";

const events = client().events.v1;
const SENT = "com.twilio.messaging.message.sent";
const RECEIVED = "com.twilio.messaging.inbound-message.received";

const made = await events.sinks.create({
  description: "mine",
  sinkType: "webhook",
  sinkConfiguration: { destination: "https://example.com/in", method: "POST", batch_events: true },
});
assert.deepEqual([made.status, made.sinkType], ["initialized", "webhook"]);
assert.equal(made.sinkConfiguration.batch_events, true);
const sink = events.sinks(made.sid);
assert.equal((await sink.update({ description: "other" })).description, "other");
assert.equal((await sink.sinkTest.create()).result, "submitted");
await refused(() => sink.sinkValidate.create({ testId: "x" }), 400, 20422);
const kinesis = { description: "x", sinkType: "kinesis", sinkConfiguration: { arn: "x" } };
await refused(() => events.sinks.create(kinesis), 403, 20403);

const wish = await events.subscriptions.create({
  description: "texts",
  sinkSid: made.sid,
  types: [{ type: SENT, schema_version: 4 }, { type: RECEIVED }],
});
const subscribed = events.subscriptions(wish.sid).subscribedEvents;
const listed = await subscribed.list({ pageSize: 1 });
assert.deepEqual(listed.map((one) => [one.type, one.schemaVersion]), [[RECEIVED, 6], [SENT, 4]]);
assert.equal((await subscribed(SENT).update({ schemaVersion: 7 })).schemaVersion, 7);
assert.equal(await subscribed(SENT).remove(), true);
await refused(() => subscribed(SENT).fetch(), 404, 20404);

assert.equal((await events.eventTypes(SENT).fetch()).schemaId, "Messaging.MessageStatus");
assert.ok((await events.eventTypes.list({ pageSize: 5 })).some((one) => one.type === RECEIVED));
assert.equal((await events.schemas("Messaging.MessageStatus").fetch()).latestVersion, 7);
await refused(() => sink.remove(), 409, 20409);
assert.equal(await events.subscriptions(wish.sid).remove(), true);
assert.equal(await sink.remove(), true);
await refused(() => sink.fetch(), 404, 20404);
console.log("events: ok");
