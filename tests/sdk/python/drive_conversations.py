"""Conversations: participants, messages both ways, receipts, webhooks, errors."""

from house import NUMBER, PERSON, advance, client, equal, own, refused, stand_still, text

twilio = client()
conversations = twilio.conversations.v1.conversations
stand_still()

service = twilio.conversations.v1.configuration().fetch().default_chat_service_sid
equal([one.sid for one in twilio.conversations.v1.services.list()], [service])
hooks = twilio.conversations.v1.configuration.webhooks()
equal(hooks.update(filters=["onMessageAdded"], method="POST").filters, ["onMessageAdded"])
equal(hooks.fetch().pre_webhook_url, None)

chat = conversations.create(friendly_name="Order 7", unique_name="order-7")
equal((chat.state, chat.attributes, chat.chat_service_sid), ("active", "{}", service))
equal(conversations("order-7").fetch().sid, chat.sid)
equal(conversations(chat.sid).update(friendly_name="Order 8").unique_name, "order-7")
refused(lambda: conversations.create(unique_name="order-7"), 409, 50353)
one = conversations(chat.sid)

person = one.participants.create(
    messaging_binding_address=PERSON, messaging_binding_proxy_address=NUMBER
)
equal(person.messaging_binding, {"type": "sms", "address": PERSON, "proxy_address": NUMBER})
alice = one.participants.create(identity="alice")
equal([found.sid for found in one.participants.list(page_size=1)], [person.sid, alice.sid])
refused(
    lambda: one.participants.create(
        messaging_binding_address=PERSON, messaging_binding_proxy_address=NUMBER
    ),
    409,
    50416,
)
refused(lambda: one.participants.create(identity="alice"), 409, 50433)

text("Where is it?")
advance()
sent = one.messages.create(author="alice", body="On its way")
advance()
equal([(said.index, said.author, said.body) for said in one.messages.list()],
      [(0, PERSON, "Where is it?"), (1, "alice", "On its way")])
equal(own("GET", f"Phones/{PERSON}/Messages")["messages"][0]["body"], "On its way")
receipts = one.messages(sent.sid).delivery_receipts.list()
equal([(receipt.status, receipt.participant_sid) for receipt in receipts],
      [("delivered", person.sid)])
equal(one.messages(sent.sid).fetch().delivery["delivered"], "all")

hook = one.webhooks.create(
    target="webhook", configuration_url="https://example.com/", configuration_method="POST",
    configuration_filters=["onMessageAdded"],
)
equal(hook.configuration["filters"], ["onMessageAdded"])
assert one.webhooks(hook.sid).delete()
refused(lambda: one.webhooks.create(target="studio"), 403, 20403)
assert one.messages(sent.sid).delete()
assert one.participants(alice.sid).delete()
assert one.delete()
refused(lambda: one.fetch(), 404, 20404)
print("conversations: ok")
