// Calls: create, lifecycle, update, filters, recordings, events, errors.

import assert from "node:assert/strict";
import { NUMBER, PERSON, client, eventually, own, refused, twilio as sdk } from "./house.mjs";

const twilio = client();
const { calls } = twilio;
const address = encodeURIComponent(PERSON);
const phone = (sid, what, parameters = {}) =>
  own("POST", `Phones/${address}/Calls/${sid}/${what}`, parameters);

const document = new sdk.twiml.VoiceResponse();
document.say("Hello");
document.pause({ length: 60 });

const made = await calls.create({ to: PERSON, from: NUMBER, twiml: document });
assert.deepEqual([made.status, made.direction], ["queued", "outbound-api"]);
assert.deepEqual([made.toFormatted, made.duration, made.queueTime], ["(202) 555-0199", null, "0"]);
assert.ok(made.dateCreated instanceof Date);
await eventually("ringing", async () => (await calls(made.sid).fetch()).status === "ringing");
assert.equal((await phone(made.sid, "Answer")).status, "in-progress");

const recording = await calls(made.sid).recordings.create({ recordingChannels: "dual" });
assert.deepEqual([recording.status, recording.channels], ["in-progress", 2]);
await calls(made.sid).recordings("Twilio.CURRENT").update({ status: "stopped" });
await eventually("kept", async () => {
  const found = await twilio.recordings(recording.sid).fetch();
  return found.status === "completed" || found.status === "absent";
});
assert.equal((await twilio.recordings.list({ callSid: made.sid }))[0].sid, recording.sid);
assert.equal(await twilio.recordings(recording.sid).remove(), true);

const ended = await calls(made.sid).update({ status: "completed" });
assert.equal(ended.status, "completed");
assert.ok(ended.endTime instanceof Date);
await refused(() => calls(made.sid).update({ url: "https://app.example/voice" }), 400, 21220);

await own("POST", `Phones/${address}`, { OnCall: "busy" });
const busy = await calls.create({ to: PERSON, from: NUMBER, url: "https://app.example/voice" });
await eventually("busy", async () => (await calls(busy.sid).fetch()).status === "busy");
assert.deepEqual((await calls.list({ status: "busy" })).map((one) => one.sid), [busy.sid]);
const ago = new Date(Date.now() - 3_600_000);
assert.equal((await calls.list({ startTimeAfter: ago })).length, 2);
assert.equal((await calls.list({ endTimeBefore: ago })).length, 0);

await own("POST", `Phones/${address}`, { OnCall: "ring" });
const dialled = await own("POST", `Phones/${address}/Calls`, { To: NUMBER });
const events = await eventually("the demo is asked", async () => {
  const found = await calls(dialled.sid).events.list();
  return found.length > 0 && found;
});
assert.equal(events[0].request.parameters.call_sid, dialled.sid);

await own("POST", `Phones/${encodeURIComponent("client:bob")}`, { OnCall: "answer" });
const talk = await calls.create({ to: "client:bob", from: NUMBER, twiml: document });
await eventually("bob", async () => (await calls(talk.sid).fetch()).status === "in-progress");
const sent = await calls(talk.sid).userDefinedMessages.create({ content: '{"cart":3}' });
assert.deepEqual([sent.sid.slice(0, 2), sent.callSid], ["KX", talk.sid]);
assert.ok(sent.dateCreated instanceof Date);
const { userDefinedMessageSubscriptions: subscriptions } = calls(talk.sid);
const subscribed = await subscriptions.create({ callback: "https://app.example/said" });
assert.deepEqual([subscribed.sid.slice(0, 2), subscribed.callSid], ["ZY", talk.sid]);
assert.equal(await subscriptions(subscribed.sid).remove(), true);
await calls(talk.sid).update({ status: "completed" });
await refused(() => calls(talk.sid).userDefinedMessages.create({ content: "1" }), 400, 21220);

assert.equal(await calls(busy.sid).remove(), true);
await refused(() => calls(busy.sid).fetch(), 404, 20404);
await refused(() => calls.create({ to: PERSON, from: NUMBER }), 400, 21205);
await refused(() => calls(made.sid).streams.create({ url: "wss://app.example/" }), 403, 20403);
console.log("calls: ok");
