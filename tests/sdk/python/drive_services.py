"""Messaging Services: their senders, sending through them, scheduling, opt-out, errors."""

from datetime import datetime, timedelta, timezone

from house import NUMBER, PERSON, client, equal, eventually, own, refused, text

twilio = client()
services = twilio.messaging.v1.services
messages = twilio.messages

shop = services.create(friendly_name="Shop", sticky_sender=True, validity_period=600)
equal((shop.friendly_name, shop.validity_period, shop.use_inbound_webhook_on_number),
      ("Shop", 600, False))
assert isinstance(shop.date_created, datetime), shop.date_created
equal(services(shop.sid).update(use_inbound_webhook_on_number=True).smart_encoding, True)
equal(services(shop.sid).fetch().use_inbound_webhook_on_number, True)

refused(lambda: messages.create(to=PERSON, messaging_service_sid=shop.sid, body="x"), 400, 21704)
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
joined = services(shop.sid).phone_numbers.create(phone_number_sid=number.sid)
equal((joined.phone_number, joined.country_code, joined.service_sid), (NUMBER, "US", shop.sid))
again = lambda: services(shop.sid).phone_numbers.create(phone_number_sid=number.sid)
refused(again, 409, 21710)
equal([one.sid for one in services(shop.sid).phone_numbers.list()], [number.sid])
name = services(shop.sid).alpha_senders.create(alpha_sender="Bakery")
equal([one.alpha_sender for one in services(shop.sid).alpha_senders.list()], ["Bakery"])
assert services(shop.sid).alpha_senders(name.sid).delete()
equal(services(shop.sid).short_codes.list(), [])

sent = messages.create(to=PERSON, messaging_service_sid=shop.sid, body="“hi”")
equal((sent.status, sent.from_, sent.messaging_service_sid), ("accepted", None, shop.sid))
eventually("delivered", lambda: messages(sent.sid).fetch().status == "delivered")
equal((messages(sent.sid).fetch().from_, messages(sent.sid).fetch().body), (NUMBER, '"hi"'))

at = datetime.now(timezone.utc) + timedelta(hours=1)
later = messages.create(
    to=PERSON, messaging_service_sid=shop.sid, body="x", schedule_type="fixed", send_at=at
)
equal(later.status, "scheduled")
equal(messages(later.sid).update(status="canceled").status, "canceled")
refused(lambda: messages(later.sid).update(status="canceled"), 400, 30409)
for seconds, code in [(10, 35114), (36 * 24 * 3600, 35114)]:
    refused(
        lambda: messages.create(
            to=PERSON,
            messaging_service_sid=shop.sid,
            body="x",
            schedule_type="fixed",
            send_at=datetime.now(timezone.utc) + timedelta(seconds=seconds),
        ),
        400,
        code,
    )

text("STOP")
refused(lambda: messages.create(to=PERSON, messaging_service_sid=shop.sid, body="x"), 400, 21610)
refused(lambda: messages.create(to=PERSON, from_=NUMBER, body="x"), 400, 21610)
equal(own("GET", "Settings")["opt_out_replies"], True)
text("START")
messages.create(to=PERSON, messaging_service_sid=shop.sid, body="x")

others = [services.create(friendly_name=f"Number {n}") for n in range(3)]
equal([one.sid for one in services.list(page_size=1, limit=3)], [one.sid for one in others[::-1]])
equal(len(services.list(page_size=1)), 4)
assert services(shop.sid).phone_numbers(number.sid).delete()
equal(services(shop.sid).phone_numbers.list(), [])
assert services(shop.sid).delete()
refused(lambda: services(shop.sid).fetch(), 404, 20404)
refused(lambda: messages.create(to=PERSON, messaging_service_sid=shop.sid, body="x"), 404, 21701)
refused(lambda: services.create(friendly_name=""), 400, 20002)
print("services: ok")
