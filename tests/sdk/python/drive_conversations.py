"""Conversations: participants, messages both ways, receipts, webhooks, errors."""

import urllib.request

from house import NUMBER, PERSON, advance, client, equal, own, refused, stand_still, text, upload

twilio = client()
conversations = twilio.conversations.v1.conversations
stand_still()

service = twilio.conversations.v1.configuration().fetch().default_chat_service_sid
equal([one.sid for one in twilio.conversations.v1.services.list()], [service])
hooks = twilio.conversations.v1.configuration.webhooks()
equal(hooks.update(filters=["onMessageAdded"], method="POST").filters, ["onMessageAdded"])
equal(hooks.fetch().pre_webhook_url, None)

equal(hooks.update(pre_webhook_url="https://example.com/").filters, ["onMessageAdded"])
equal(hooks.update(pre_webhook_url="", filters=["onMessageAdd"]).filters, ["onMessageAdd"])

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

png = b"\x89PNG\r\n\x1a\n as good as any"
medium = upload(service, "image/png", png)
content = medium["links"]["content_direct_temporary"]
equal(urllib.request.urlopen(content).read(), png)
pictured = one.messages.create(author="alice", media_sid=medium["sid"])
equal(pictured.media, [{"sid": medium["sid"], "category": "media", "content_type": "image/png",
                        "filename": None, "size": len(png)}])
refused(lambda: one.messages.create(media_sid="ME" + "0" * 32), 400, 20422)
advance()
shown = own("GET", f"Phones/{PERSON}/Messages")["messages"][0]["media"][0]
equal((shown["content_type"], urllib.request.urlopen(shown["url"]).read()), ("image/png", png))
assert one.messages(pictured.sid).delete()

hook = one.webhooks.create(
    target="webhook", configuration_url="https://example.com/", configuration_method="POST",
    configuration_filters=["onMessageAdded"],
)
equal(hook.configuration["filters"], ["onMessageAdded"])
assert one.webhooks(hook.sid).delete()
refused(lambda: one.webhooks.create(target="studio"), 403, 20403)
assert one.messages(sent.sid).delete()
assert one.participants(alice.sid).delete()
by = twilio.conversations.v1.participant_conversations.list(address=PERSON)
equal([(found.conversation_sid, found.participant_sid) for found in by], [(chat.sid, person.sid)])
assert one.delete()

support = twilio.conversations.v1.services.create(friendly_name="Support")
here = twilio.conversations.v1.services(support.sid)
equal(here.fetch().friendly_name, "Support")
told = here.configuration.webhooks().update(
    post_webhook_url="https://example.com/", filters=["onConversationAdded"], method="POST"
)
equal((told.filters, told.chat_service_sid), (["onConversationAdded"], support.sid))
equal(here.configuration().fetch().chat_service_sid, support.sid)
other = here.conversations.create(unique_name="order-7")
equal((other.chat_service_sid, here.conversations("order-7").fetch().sid), (support.sid, other.sid))
bob = here.conversations(other.sid).participants.create(identity="bob")
equal((bob.chat_service_sid, bob.identity), (support.sid, "bob"))
said = here.conversations(other.sid).messages.create(author="bob", body="hi")
equal((said.chat_service_sid, said.participant_sid), (support.sid, bob.sid))
equal([found.sid for found in here.conversations.list()], [other.sid])
settings = twilio.conversations.v1.configuration()
equal(settings.update(default_chat_service_sid=support.sid).default_chat_service_sid, support.sid)
equal(conversations("order-7").fetch().sid, other.sid)
settings.update(default_chat_service_sid=service)
assert here.delete()
refused(lambda: one.fetch(), 404, 20404)
print("conversations: ok")
