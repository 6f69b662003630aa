"""Incoming phone numbers and applications."""

from house import NUMBER, client, equal, refused

twilio = client()
numbers = twilio.incoming_phone_numbers

bought = numbers.create(phone_number="+14155550123", sms_url="https://example.com/sms")
equal(bought.phone_number, "+14155550123")
equal(bought.friendly_name, "(415) 555-0123")
equal(bought.sms_method, "POST")
equal(bought.capabilities, {"voice": True, "sms": True, "mms": True, "fax": False})
by_area = numbers.create(area_code="628")
assert by_area.phone_number.startswith("+1628"), by_area.phone_number
equal({one.phone_number for one in numbers.list()}, {NUMBER, "+14155550123", by_area.phone_number})
equal([one.sid for one in numbers.list(phone_number="415*")], [bought.sid])
free = numbers.toll_free.create(phone_number="+18005550123")
equal([one.sid for one in numbers.toll_free.list()], [free.sid])
equal(len(numbers.local.list()), 3)
equal(len(numbers.mobile.list()), 0)

application = twilio.applications.create(
    friendly_name="Ordering",
    sms_url="https://example.com/app",
    sms_method="GET",
    voice_caller_id_lookup=True,
    message_status_callback="https://example.com/status",
)
updated = numbers(bought.sid).update(
    sms_application_sid=application.sid,
    sms_fallback_url="https://example.com/again",
    friendly_name="Front desk",
)
equal(updated.sms_application_sid, application.sid)
equal(numbers(bought.sid).fetch().friendly_name, "Front desk")
equal(numbers(bought.sid).fetch().sms_url, "https://example.com/sms")
equal(numbers(bought.sid).update(sms_application_sid="").sms_application_sid, None)

changed = twilio.applications(application.sid).update(sms_url="")
equal((changed.sms_url, changed.voice_caller_id_lookup), (None, True))
equal([one.sid for one in twilio.applications.list(friendly_name="Ordering")], [application.sid])
assert twilio.applications(application.sid).delete()
refused(lambda: twilio.applications(application.sid).fetch(), 404, 20404)

sub = twilio.api.accounts.create()
moved = numbers(by_area.sid).update(account_sid=sub.sid)
equal(moved.account_sid, sub.sid)
refused(lambda: numbers(by_area.sid).fetch(), 404, 20404)

assert numbers(bought.sid).delete()
refused(lambda: numbers(bought.sid).fetch(), 404, 20404)
for parameters, code in [
    ({"phone_number": "+15005550000"}, 21422),
    ({"phone_number": "+15005550001"}, 21421),
    ({"area_code": "533"}, 21452),
    ({"area_code": "99"}, 21451),
    ({"area_code": "415", "sms_url": "nope"}, 21402),
    ({"area_code": "415", "sms_method": "PUT"}, 21403),
]:
    refused(lambda: numbers.create(**parameters), 400, code)
equal(numbers.create(phone_number="+15005550006").phone_number, "+15005550006")

# What can be bought is searched, bought, and gone.
available = twilio.available_phone_numbers
equal({one.country_code for one in available.list()} >= {"US", "CA", "GB"}, True)
equal(available("GB").fetch().country, "United Kingdom")
offers = available("US").local.list(area_code=510, sms_enabled=True, limit=3)
equal([one.phone_number for one in offers], [f"+1510555010{line}" for line in range(3)])
equal((offers[0].locality, offers[0].region, offers[0].beta), ("Oakland", "CA", False))
taken = numbers.create(phone_number=offers[0].phone_number)
assert offers[0].phone_number not in {
    one.phone_number for one in available("US").local.list(area_code=510, limit=20)
}
equal(available("US").local.list(contains="STORM", limit=1)[0].phone_number[-5:], "78676")
equal(available("US").toll_free.list(area_code=888, limit=1)[0].phone_number, "+18885550100")
equal(available("GB").mobile.list(limit=1)[0].phone_number, "+447700900000")
refused(lambda: available("US").local.list(area_code=12), 400, 21451)
refused(lambda: available("US").mobile.list(), 404, 20404)
assert taken.delete()
print("numbers and applications: ok")
