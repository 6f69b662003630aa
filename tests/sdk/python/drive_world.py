"""Credentials, caller ids, addresses, usage, the audit log and lookups."""

from house import NUMBER, PERSON, SID, TOKEN, Phone, advance, client, equal, own, refused, stand_still

twilio = client()
stand_still()

# A second token, promoted: both work until then, the new one alone after.
second = twilio.accounts.v1.secondary_auth_token().create()
equal(len(client(SID, second.secondary_auth_token).messages.list()), 0)
refused(lambda: twilio.accounts.v1.secondary_auth_token().create(), 409, 20409)
assert twilio.accounts.v1.secondary_auth_token().delete()
refused(lambda: twilio.accounts.v1.auth_token_promotion().update(), 400, 20001)

# Keys of every kind.
policy = {"allow": ["/twilio/messaging/messages/list"]}
key = twilio.iam.v1.new_api_key.create(account_sid=SID, key_type="restricted", policy=policy)
equal(key.policy, policy)
limited = client(key.sid, key.secret, SID)
equal(len(limited.messages.list()), 0)
refused(lambda: limited.calls.list(), 403, 70051)
equal(twilio.iam.v1.api_key(key.sid).fetch().policy, policy)
equal([one.sid for one in twilio.iam.v1.get_api_keys.list(account_sid=SID)], [key.sid])
assert twilio.iam.v1.api_key(key.sid).delete()

# Test credentials check, and keep nothing.
made = own("POST", "TestCredentials")
test = client(made["sid"], made["auth_token"])
sent = test.messages.create(to=PERSON, from_="+15005550006", body="hi")
equal((sent.status, sent.account_sid), ("queued", made["sid"]))
refused(lambda: test.messages.create(to="+15005550001", from_="+15005550006", body="x"), 400, 21211)
refused(lambda: test.messages.list(), 403, 20008)
equal(twilio.messages.list(), [])

token = twilio.tokens.create(ttl=3600)
equal((token.ttl, token.ice_servers), ("3600", []))

# A caller id: whoever has the phone types the code.
asked = twilio.validation_requests.create(phone_number="+12025550188", friendly_name="Home")
phone = Phone("+12025550188")
advance()
phone.does(asked.call_sid, "Answer")
phone.does(asked.call_sid, "Digits", Digits=asked.validation_code)
verified = twilio.outgoing_caller_ids.list(phone_number="+12025550188")
equal([one.friendly_name for one in verified], ["Home"])
one = twilio.outgoing_caller_ids(verified[0].sid)
equal(one.update(friendly_name="Flat").friendly_name, "Flat")
refused(lambda: twilio.validation_requests.create(phone_number="+12025550188"), 400, 21450)
assert one.delete()

address = twilio.addresses.create(
    customer_name="Ann", street="1 Main St", city="Reno", region="NV", postal_code="89501",
    iso_country="US",
)
equal(twilio.addresses(address.sid).update(city="Elko").city, "Elko")
equal([one.sid for one in twilio.addresses.list(customer_name="Ann")], [address.sid])
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
number.update(address_sid=address.sid)
equal([n.sid for n in twilio.addresses(address.sid).dependent_phone_numbers.list()], [number.sid])
refused(lambda: twilio.addresses(address.sid).delete(), 400, 21630)
refused(lambda: number.update(address_sid="AD" + 32 * "0"), 400, 21631)
number.update(address_sid="")
assert twilio.addresses(address.sid).delete()

equal(twilio.balance.fetch().balance, "0.00")
equal(twilio.short_codes.list(), [])

# What was used.
twilio.messages.create(to=PERSON, from_=NUMBER, body="counted")
advance(1)
records = twilio.usage.records
for listed in (records, records.today, records.this_month, records.all_time, records.daily):
    equal([one.count for one in listed.list(category="sms-outbound", limit=1)], ["1"])
equal(records.yesterday.list(category="sms", limit=1)[0].count, "0")
assert len(records.list()) > 50, "more than a page"
refused(lambda: records.list(category="spoons"), 400, 20422)
triggers = twilio.usage.triggers
trigger = triggers.create(
    callback_url="https://app.example/used", trigger_value="+10", usage_category="sms",
    recurring="monthly",
)
equal((trigger.trigger_value, trigger.current_value, trigger.recurring), ("11", "1", "monthly"))
equal(triggers(trigger.sid).update(friendly_name="ten").friendly_name, "ten")
equal([one.sid for one in triggers.list(recurring="monthly")], [trigger.sid])
assert triggers(trigger.sid).delete()

# Who changed what.
events = twilio.monitor.v1.events.list(event_type="phone-number.updated")
equal(len(events), 2)
equal(twilio.monitor.v1.events(events[0].sid).fetch().resource_sid, number.sid)

found = twilio.lookups.v2.phone_numbers("+442079460018").fetch(fields="line_type_intelligence")
equal((found.valid, found.country_code, found.national_format), (True, "GB", "020 7946 0018"))
equal(found.line_type_intelligence["type"], "landline")
equal(twilio.lookups.v2.phone_numbers("+1415").fetch().validation_errors, ["TOO_SHORT"])

# Promotion comes last: the house's other checks use the first token.
second = twilio.accounts.v1.secondary_auth_token().create()
promoted = twilio.accounts.v1.auth_token_promotion().update()
equal(promoted.auth_token, second.secondary_auth_token)
refused(lambda: client(SID, TOKEN).messages.list(), 401, 20003)
equal(client(SID, promoted.auth_token).api.accounts(SID).fetch().auth_token, promoted.auth_token)
print("the rest of an account's world: ok")
