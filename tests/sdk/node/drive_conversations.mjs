// Conversations: participants, messages both ways, receipts, webhooks, errors.

import assert from "node:assert/strict";
import { NUMBER, PERSON, advance, client, own, refused, standStill, text, upload } from "./house.mjs";

const { conversations, configuration } = client().conversations.v1;
await standStill();

const service = (await configuration().fetch()).defaultChatServiceSid;
assert.equal((await configuration.webhooks().update({ filters: ["onMessageAdded"] })).method, "POST");

const chat = await conversations.create({ friendlyName: "Order 7", uniqueName: "order-7" });
assert.deepEqual([chat.state, chat.chatServiceSid], ["active", service]);
await refused(() => conversations.create({ uniqueName: "order-7" }), 409, 50353);
const one = conversations(chat.sid);

const binding = {
  "messagingBinding.address": PERSON,
  "messagingBinding.proxyAddress": NUMBER,
};
const person = await one.participants.create(binding);
assert.equal(person.messagingBinding.address, PERSON);
await refused(() => one.participants.create(binding), 409, 50416);
await one.participants.create({ identity: "alice" });
assert.equal((await one.participants.list({ pageSize: 1 })).length, 2);

await text("Where is it?");
await advance();
const sent = await one.messages.create({ author: "alice", body: "On its way" });
await advance();
const said = await one.messages.list({ pageSize: 1 });
assert.deepEqual(said.map((message) => [message.author, message.body]), [
  [PERSON, "Where is it?"],
  ["alice", "On its way"],
]);
assert.equal((await own("GET", `Phones/${PERSON}/Messages`)).messages[0].body, "On its way");
const [receipt] = await one.messages(sent.sid).deliveryReceipts.list();
assert.deepEqual([receipt.status, receipt.participantSid], ["delivered", person.sid]);

const png = Buffer.from("\x89PNG\r\n\x1a\n as good as any", "latin1");
const medium = await upload(service, "image/png", png);
const pictured = await one.messages.create({ author: "alice", mediaSid: medium.sid });
assert.deepEqual([pictured.media[0].sid, pictured.media[0].size], [medium.sid, png.length]);
await refused(() => one.messages.create({ mediaSid: `ME${"0".repeat(32)}` }), 400, 20422);
await advance();
const [seen] = (await own("GET", `Phones/${PERSON}/Messages`)).messages[0].media;
for (const url of [seen.url, medium.links.content_direct_temporary]) {
  assert.deepEqual(Buffer.from(await (await fetch(url)).arrayBuffer()), png);
}

const hook = await one.webhooks.create({
  target: "webhook",
  "configuration.url": "https://example.com/",
  "configuration.filters": ["onMessageAdded"],
});
assert.equal(await one.webhooks(hook.sid).remove(), true);
assert.equal(await one.remove(), true);

const { services } = client().conversations.v1;
const support = await services.create({ friendlyName: "Support" });
const here = services(support.sid);
const told = await here.configuration.webhooks().update({
  preWebhookUrl: "https://example.com/",
  filters: ["onMessageAdd"],
});
assert.deepEqual([told.preWebhookUrl, told.filters], ["https://example.com/", ["onMessageAdd"]]);
const other = await here.conversations.create({ uniqueName: "order-7" });
assert.equal(other.chatServiceSid, support.sid);
const bob = await here.conversations(other.sid).participants.create({ identity: "bob" });
const spoke = await here.conversations("order-7").messages.create({ author: "bob", body: "hi" });
assert.deepEqual([spoke.chatServiceSid, spoke.participantSid], [support.sid, bob.sid]);
assert.equal((await here.conversations.list({ pageSize: 1 })).length, 1);
assert.equal(await here.remove(), true);
await refused(() => here.fetch(), 404, 20404);
await refused(() => one.fetch(), 404, 20404);
console.log("conversations: ok");
