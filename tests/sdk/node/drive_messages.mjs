// Messages: create, lifecycle, media, filters, redaction, feedback, delete, errors.

import assert from "node:assert/strict";
import { Customer } from "./customer.mjs";
import { NUMBER, PERSON, URL_BASE, client, eventually, own, refused, text } from "./house.mjs";

const twilio = client();
const { messages } = twilio;

const sent = await messages.create({
  to: PERSON,
  from: NUMBER,
  body: "héllo 👋",
  provideFeedback: true,
});
assert.deepEqual([sent.status, sent.direction, sent.numMedia], ["queued", "outbound-api", "0"]);
assert.equal(sent.body, "héllo 👋");
const done = await eventually("delivered", async () => {
  const found = await messages(sent.sid).fetch();
  return found.status === "delivered" && found;
});
assert.ok(done.dateSent instanceof Date);
const feedback = await messages(sent.sid).feedback.create({ outcome: "confirmed" });
assert.equal(feedback.outcome, "confirmed");

const customer = await Customer.open();
const png = Buffer.from("89504e470d0a1a0a2e", "hex");
const mediaUrl = [
  customer.on("/cat.png", ["image/png", png]),
  customer.on("/b.pdf", ["application/pdf", "%PDF-1.7 ."]),
];
const withMedia = await messages.create({ to: PERSON, from: NUMBER, mediaUrl });
assert.equal(withMedia.numMedia, "2");
await eventually("media", async () => {
  return (await messages(withMedia.sid).fetch()).status === "delivered";
});
await customer.heard("/cat.png", "GET");
await customer.heard("/b.pdf", "GET");
const media = await messages(withMedia.sid).media.list();
assert.deepEqual(media.map((one) => one.contentType), ["image/png", "application/pdf"]);
const content = await fetch(URL_BASE + media[0].uri.replace(/\.json$/, ""));
assert.equal(content.headers.get("content-type"), "image/png");
assert.deepEqual(Buffer.from(await content.arrayBuffer()), png);
assert.equal((await messages(withMedia.sid).media(media[0].sid).fetch()).parentSid, withMedia.sid);
assert.equal(await messages(withMedia.sid).media(media[0].sid).remove(), true);
assert.equal((await messages(withMedia.sid).media.list()).length, 1);

const cameIn = await text("from a person");
assert.equal((await messages(cameIn).fetch()).direction, "inbound");
assert.deepEqual((await messages.list({ to: NUMBER })).map((one) => one.sid), [cameIn]);
const hour = 3_600_000;
const ago = new Date(Date.now() - hour);
assert.equal((await messages.list({ to: NUMBER, dateSentAfter: ago })).length, 1);
assert.equal((await messages.list({ to: NUMBER, dateSentBefore: ago })).length, 0);

assert.equal((await messages(sent.sid).update({ body: "" })).body, "");
await refused(() => messages(sent.sid).update({ body: "other" }), 400, 20422);
await refused(() => messages(sent.sid).update({ status: "canceled" }), 400, 30409);
assert.equal(await messages(sent.sid).remove(), true);
await refused(() => messages(sent.sid).fetch(), 404, 20404);

await own("POST", "Phones/+12025550188", { OnMessage: "undelivered", ErrorCode: "30003" });
const lost = await messages.create({ to: "+12025550188", from: NUMBER, body: "hello?" });
const failed = await eventually("undelivered", async () => {
  const found = await messages(lost.sid).fetch();
  return found.status === "undelivered" && found;
});
assert.equal(failed.errorCode, 30003);

const whatsapp = `whatsapp:${PERSON}`;
const phone = `Phones/${encodeURIComponent(whatsapp)}`;
const written = await own("POST", `${phone}/Messages`, { To: NUMBER, Body: "by WhatsApp" });
assert.equal((await messages(written.sid).fetch()).from, whatsapp);
await own("POST", phone, { ReadAfter: "PT0S" });
const read = await messages.create({
  to: whatsapp,
  from: `whatsapp:${NUMBER}`,
  body: "x".repeat(400),
  statusCallback: customer.url("/status"),
});
assert.equal(read.numSegments, "1");
await eventually("read", async () => (await messages(read.sid).fetch()).status === "read");
for (const MessageStatus of ["sent", "delivered", "read"]) {
  await customer.heard("/status", "POST", { MessageStatus, ChannelPrefix: "whatsapp" });
}
assert.equal(customer.finish(), 5);

for (const [parameters, code] of [
  [{ to: whatsapp, from: NUMBER, body: "x" }, 21910],
  [{ to: whatsapp, from: "whatsapp:+12025550111", body: "x" }, 63007],
  [{ to: "+15005550001", from: NUMBER, body: "x" }, 21211],
  [{ to: "+15005550009", from: NUMBER, body: "x" }, 21614],
  [{ to: PERSON, from: "+12025550111", body: "x" }, 21606],
  [{ to: PERSON, from: NUMBER }, 21602],
  [{ to: PERSON, from: NUMBER, body: "x".repeat(1601) }, 21617],
  [{ to: PERSON, from: NUMBER, body: "x", statusCallback: "nope" }, 21609],
]) {
  await refused(() => messages.create(parameters), 400, code);
}
console.log("messages: ok");
