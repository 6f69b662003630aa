"""Verify: services, a code by text and by call, checks, updates, errors."""

from datetime import datetime

from house import PERSON, Phone, advance, client, equal, own, refused, stand_still

twilio = client()
services = twilio.verify.v2.services
stand_still()


def code():
    """The code in the last text of the person's handset."""
    advance()
    return own("GET", f"Phones/{PERSON}/Messages")["messages"][0]["body"].split()[-1]


shop = services.create(friendly_name="Shop", code_length=5, custom_code_enabled=True)
equal((shop.friendly_name, shop.code_length, shop.psd2_enabled), ("Shop", 5, False))
assert isinstance(shop.date_created, datetime), shop.date_created
equal(services(shop.sid).update(do_not_share_warning_enabled=False).code_length, 5)
equal(services(shop.sid).fetch().custom_code_enabled, True)
one = services(shop.sid)

sent = one.verifications.create(to=PERSON, channel="sms")
equal((sent.status, sent.valid, sent.to, len(sent.send_code_attempts)),
      ("pending", False, PERSON, 1))
equal(len(code()), 5)
wrong = one.verification_checks.create(to=PERSON, code="000000")
equal((wrong.status, wrong.valid, wrong.sid), ("pending", False, sent.sid))
right = one.verification_checks.create(verification_sid=sent.sid, code=code())
equal((right.status, right.valid), ("approved", True))
equal(one.verifications(sent.sid).fetch().status, "approved")
again = lambda: one.verification_checks.create(to=PERSON, code=code())
refused(again, 404, 20404)

custom = one.verifications.create(to=PERSON, channel="sms", custom_code="4711", locale="es")
equal(code(), "4711")
equal(one.verifications(custom.sid).update(status="approved").status, "approved")

called = one.verifications.create(to=PERSON, channel="call")
phone = Phone(PERSON)
advance()
phone.does(phone.newest(), "Answer")
advance(60)
assert any("verification code" in line for line in phone.heard(phone.newest()))
equal(one.verifications(called.sid).update(status="canceled").status, "canceled")

for _ in range(5):
    one.verifications.create(to=PERSON, channel="sms")
refused(lambda: one.verifications.create(to=PERSON, channel="sms"), 429, 60203)
for _ in range(5):
    one.verification_checks.create(to=PERSON, code="999999")
refused(again, 429, 60202)
advance(600)
refused(again, 404, 20404)
refused(lambda: one.verifications.create(to="nobody", channel="sms"), 400, 60200)
refused(lambda: one.verifications.create(to=PERSON, channel="email"), 403, 20403)

# A rate limit of two in a minute, by the address of who asks.
limit = one.rate_limits.create(unique_name="ip", description="Browsers")
bucket = one.rate_limits(limit.sid).buckets.create(max=2, interval=60)
equal((bucket.max, bucket.interval, bucket.rate_limit_sid), (2, 60, limit.sid))
equal(one.rate_limits("ip").fetch().sid, limit.sid)
equal(one.rate_limits(limit.sid).update(description="Phones").description, "Phones")
equal([each.sid for each in one.rate_limits.list()], [limit.sid])
equal([each.sid for each in one.rate_limits(limit.sid).buckets.list()], [bucket.sid])
begin = lambda: one.verifications.create(to=PERSON, channel="sms", rate_limits={"ip": "192.0.2.1"})
begin()
begin()
refused(begin, 429, 20429)
equal(one.rate_limits(limit.sid).buckets(bucket.sid).update(max=3).max, 3)
begin()
assert one.rate_limits(limit.sid).buckets(bucket.sid).delete()
begin()
assert one.rate_limits(limit.sid).delete()
refused(begin, 400, 60200)

others = [services.create(friendly_name=f"Shop {n}") for n in "ab"]
equal([two.sid for two in services.list(page_size=1)], [others[1].sid, others[0].sid, shop.sid])
assert one.delete()
refused(lambda: one.fetch(), 404, 20404)
print("verify: ok")
