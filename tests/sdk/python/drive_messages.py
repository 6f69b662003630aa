"""Messages: create, lifecycle, media, filters, redaction, feedback, delete, errors."""

import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

from customer import Customer
from house import NUMBER, PERSON, URL, client, equal, eventually, own, refused, text

twilio = client()
messages = twilio.messages

sent = messages.create(to=PERSON, from_=NUMBER, body="héllo 👋", provide_feedback=True)
equal((sent.status, sent.direction, sent.num_media), ("queued", "outbound-api", "0"))
equal((sent.body, sent.error_code, sent.date_sent), ("héllo 👋", None, None))


def delivered():
    found = messages(sent.sid).fetch()
    return found if found.status == "delivered" else None


done = eventually("delivered", delivered)
assert isinstance(done.date_sent, datetime), done.date_sent
equal(messages(sent.sid).feedback.create(outcome="confirmed").outcome, "confirmed")

customer = Customer()
png, pdf = b"\x89PNG\r\n\x1a\n.", b"%PDF-1.7 ."
media_urls = [
    customer.on("/cat.png", ("image/png", png)),
    customer.on("/b.pdf", ("application/pdf", pdf)),
]
with_media = messages.create(to=PERSON, from_=NUMBER, media_url=media_urls)
equal((with_media.sid[:2], with_media.num_media), ("MM", "2"))
eventually("media", lambda: messages(with_media.sid).fetch().status == "delivered")
customer.heard("/cat.png", "GET")
customer.heard("/b.pdf", "GET")
equal(customer.finish(), 2)
media = messages(with_media.sid).media.list()
equal([one.content_type for one in media], ["image/png", "application/pdf"])
content = urllib.request.urlopen(URL + media[0].uri.removesuffix(".json"))
equal((content.headers["Content-Type"], content.read()), ("image/png", png))
equal(messages(with_media.sid).media(media[0].sid).fetch().parent_sid, with_media.sid)
assert messages(with_media.sid).media(media[0].sid).delete()
equal(len(messages(with_media.sid).media.list()), 1)

came_in = text("from a person")
equal(messages(came_in).fetch().direction, "inbound")
equal(messages(came_in).fetch().status, "received")
eventually("the demo's answer", lambda: len(messages.list(to=PERSON)) >= 3)
equal([one.sid for one in messages.list(to=NUMBER)], [came_in])
now = datetime.now(timezone.utc)
equal(len(messages.list(to=NUMBER, date_sent=now.date())), 1)
equal(len(messages.list(to=NUMBER, date_sent_after=now - timedelta(hours=1))), 1)
equal(len(messages.list(to=NUMBER, date_sent_before=now - timedelta(hours=1))), 0)

equal(messages(sent.sid).update(body="").body, "")
refused(lambda: messages(sent.sid).update(body="other"), 400, 20422)
refused(lambda: messages(sent.sid).update(status="canceled"), 400, 30409)
assert messages(sent.sid).delete()
refused(lambda: messages(sent.sid).fetch(), 404, 20404)

own("POST", "Phones/+12025550188", OnMessage="undelivered", ErrorCode="30003")
lost = messages.create(to="+12025550188", from_=NUMBER, body="hello?")
eventually("undelivered", lambda: messages(lost.sid).fetch().status == "undelivered")
equal(messages(lost.sid).fetch().error_code, 30003)

WHATSAPP = "whatsapp:" + PERSON
PHONE = "Phones/" + urllib.parse.quote(WHATSAPP, safe="")
status = customer.url("/status")
written = own("POST", PHONE + "/Messages", To=NUMBER, Body="by WhatsApp")["sid"]
equal(messages(written).fetch().from_, WHATSAPP)
own("POST", PHONE, ReadAfter="PT0S")
read = messages.create(
    to=WHATSAPP, from_="whatsapp:" + NUMBER, body="x" * 400, status_callback=status
)
equal((read.num_segments, read.from_), ("1", "whatsapp:" + NUMBER))
eventually("read", lambda: messages(read.sid).fetch().status == "read")
for state in ("sent", "delivered", "read"):
    customer.heard("/status", MessageStatus=state, ChannelPrefix="whatsapp")
customer.finish()

for parameters, code in [
    ({"to": WHATSAPP, "from_": NUMBER, "body": "x"}, 21910),
    ({"to": WHATSAPP, "from_": "whatsapp:+12025550111", "body": "x"}, 63007),
    ({"to": "+15005550001", "from_": NUMBER, "body": "x"}, 21211),
    ({"to": "+15005550009", "from_": NUMBER, "body": "x"}, 21614),
    ({"to": PERSON, "from_": "+12025550111", "body": "x"}, 21606),
    ({"to": PERSON, "from_": NUMBER}, 21602),
    ({"to": PERSON, "from_": NUMBER, "body": "x" * 1601}, 21617),
    ({"to": PERSON, "from_": NUMBER, "body": "x", "status_callback": "nope"}, 21609),
]:
    refused(lambda: messages.create(**parameters), 400, code)
print("messages: ok")
