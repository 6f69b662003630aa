"""Calls: create, lifecycle, filters, update, delete, events, notifications, errors."""

from datetime import datetime, timedelta, timezone

from customer import Customer
from house import NUMBER, PERSON, SID, Phone, advance, client, equal, in_order, refused, stand_still
from twilio.twiml.voice_response import VoiceResponse

twilio = client()
calls = twilio.calls
customer = Customer()
stand_still()


def waits(words, seconds=30):
    document = VoiceResponse()
    document.say(words)
    document.pause(length=seconds)
    return document


EVENTS = ["initiated", "ringing", "answered", "completed"]
phone = Phone("+12025550111", OnCall="answer", AnswerAfter="PT4S")
made = calls.create(
    to=phone.address,
    from_=NUMBER,
    url=customer.on("/voice", waits("Hello")),
    method="GET",
    fallback_url=customer.url("/fallback"),
    status_callback=customer.url("/status"),
    status_callback_event=EVENTS,
    status_callback_method="POST",
    timeout=20,
    time_limit=600,
)
equal((made.status, made.direction, made.price_unit), ("queued", "outbound-api", "USD"))
equal((made.to, made._from, made.to_formatted), (phone.address, NUMBER, "(202) 555-0111"))
equal((made.account_sid, made.api_version, made.queue_time), (SID, "2010-04-01", "0"))
for name in ["start_time", "end_time", "duration", "price", "answered_by", "parent_call_sid"]:
    equal(getattr(made, name), None, name)
for name in ["forwarded_from", "caller_name", "group_sid", "trunk_sid", "stir_verstat"]:
    equal(getattr(made, name), None, name)
for name in ["date_created", "date_updated"]:
    assert isinstance(getattr(made, name), datetime), name
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
equal(made.phone_number_sid, number.sid)
equal(made.uri, f"/2010-04-01/Accounts/{SID}/Calls/{made.sid}.json")
equal(made.subresource_uris["events"], made.uri.replace(".json", "/Events.json"))
advance()
equal(calls(made.sid).fetch().status, "ringing")
refused(lambda: calls(made.sid).delete(), 409, 20009)
refused(lambda: calls(made.sid).update(url=customer.url("/voice")), 400, 21220)
advance(10)
live = calls(made.sid).fetch()
equal((live.status, live.end_time, live.duration), ("in-progress", None, None))
assert isinstance(live.start_time, datetime), live.start_time
customer.heard("/voice", "GET", CallSid=made.sid, CallStatus="in-progress", To=phone.address)

# Sent elsewhere while it lives: another URL, a document, and its end.
moved = calls(made.sid).update(url=customer.on("/moved", waits("Moved")), method="POST")
equal((moved.sid, moved.status), (made.sid, "in-progress"))
customer.heard("/moved", CallSid=made.sid, CallStatus="in-progress")
advance(1)
calls(made.sid).update(twiml=waits("Third"))
advance(1)
refused(lambda: calls(made.sid).update(status="ringing"), 400, 20422)
over = calls(made.sid).update(status="completed")
equal((over.status, over.duration), ("completed", "8"))
# It rang for four seconds; a duration counts from the answer on.
equal(over.end_time - over.start_time, timedelta(seconds=12))
for at, (event, status) in enumerate(
    zip(EVENTS, ["initiated", "ringing", "in-progress", "completed"])
):
    more = {"CallDuration": "8", "Duration": "1"} if event == "completed" else {}
    customer.heard("/status", CallSid=made.sid, CallStatus=status, SequenceNumber=str(at), **more)
in_order(phone.heard(made.sid), ['< play say "Hello"', '< play say "Moved"', '< play say "Third"'])
equal(calls(made.sid).update(status="completed").status, "completed")
refused(lambda: calls(made.sid).update(twiml=waits("too late")), 400, 21220)
refused(lambda: calls(made.sid).update(status_callback=customer.url("/other")), 400, 21220)

# What becomes of a call is the handset's.
callee = {
    "busy": Phone("+12025550112", OnCall="busy"),
    "no-answer": Phone("+12025550113", OnCall="no-answer"),
    "failed": Phone("+12025550114", OnCall="unreachable"),
    "canceled": Phone(PERSON),
}
by_status = {"completed": made.sid}
for status, other in callee.items():
    one = calls.create(to=other.address, from_=NUMBER, twiml=waits("Hi"), timeout=10)
    advance()
    if status == "canceled":
        equal(calls(one.sid).update(status="canceled").status, "canceled")
    advance(11)
    found = calls(one.sid).fetch()
    equal((found.status, found.duration), (status, "0"))
    assert isinstance(found.end_time, datetime), found.end_time
    by_status[status] = one.sid

# An application's URL; keys for whoever answers; a number of the house as the callee.
application = twilio.applications.create(
    friendly_name="Menu",
    voice_url=customer.on("/app", waits("From the application")),
    status_callback=customer.url("/app-status"),
)
by_application = calls.create(
    to="client:alice", from_=NUMBER, application_sid=application.sid, send_digits="12w#"
)
alice = Phone("client:alice")
advance()
equal(alice.newest(), by_application.sid)
equal(alice.does(by_application.sid, "Answer")["status"], "in-progress")
# The keys are pressed before the application is asked.
advance(5)
customer.heard("/app", ApplicationSid=application.sid, To="client:alice")
in_order(alice.heard(by_application.sid), ['< play say "From the application"'])
equal(alice.does(by_application.sid, "Hangup")["duration"], 5)
customer.heard("/app-status", CallStatus="completed", CallDuration="5")

# A machine answers: known before the document is asked for, or told meanwhile.
machine = Phone("+12025550115", OnCall="machine")
waited = calls.create(
    to=machine.address,
    from_=NUMBER,
    url=customer.on("/amd", waits("You have mail")),
    machine_detection="DetectMessageEnd",
    machine_detection_timeout=30,
)
advance(12)
customer.heard("/amd", CallSid=waited.sid, AnsweredBy="machine_end_beep")
equal(calls(waited.sid).fetch().answered_by, "machine_end_beep")
calls(waited.sid).update(status="completed")
told = calls.create(
    to=machine.address,
    from_=NUMBER,
    twiml=waits("Hello?"),
    machine_detection="Enable",
    async_amd="true",
    async_amd_status_callback=customer.url("/amd-status"),
    async_amd_status_callback_method="GET",
)
advance(12)
customer.heard("/amd-status", "GET", CallSid=told.sid, AnsweredBy="machine_start")
calls(told.sid).update(status="completed")

# The application and a client's program say something to each other.
talk = calls.create(to="client:alice", from_=NUMBER, twiml=waits("Hello"))
advance()
refused(lambda: calls(talk.sid).user_defined_messages.create(content="{}"), 400, 21220)
alice.does(talk.sid, "Answer")
messages = calls(talk.sid).user_defined_messages
sent = messages.create(content='{"cart": 3}', idempotency_key="one")
equal((sent.account_sid, sent.call_sid, sent.sid[:2]), (SID, talk.sid, "KX"))
assert isinstance(sent.date_created, datetime), sent.date_created
equal(messages.create(content='{"cart": 3}', idempotency_key="one").sid, sent.sid)
refused(lambda: messages.create(content="no JSON"), 400, 20422)
subscriptions = calls(talk.sid).user_defined_message_subscriptions
subscribed = subscriptions.create(customer.on("/udm", 204), idempotency_key="two")
equal((subscribed.account_sid, subscribed.call_sid, subscribed.sid[:2]), (SID, talk.sid, "ZY"))
place = ["UserDefinedMessageSubscriptions", subscribed.sid + ".json"]
equal(subscribed.uri.rsplit("/", 2)[1:], place)
said = alice.does(talk.sid, "UserDefinedMessages", Content='{"hello": "world"}')
customer.heard(
    "/udm",
    AccountSid=SID,
    CallSid=talk.sid,
    Sid=said["sid"],
    Content='{"hello": "world"}',
    ContentType="application/json",
    SequenceNumber="1",
)
in_order(alice.heard(talk.sid), ['< message {"cart": 3}', '> message {"hello": "world"}'])
assert subscriptions(subscribed.sid).delete()
refused(lambda: subscriptions(subscribed.sid).delete(), 404, 20404)
calls(talk.sid).update(status="completed")
refused(lambda: messages.create(content="{}"), 400, 21220)
equal(calls(talk.sid).delete(), True)

# Lists, by every filter that the SDK has.
everything = [one.sid for one in calls.list()]
equal(len(everything), 8)
equal([one.sid for one in calls.list(page_size=1)], everything)
equal([one.sid for one in calls.stream(page_size=3)], everything)
equal([one.sid for one in calls.list(limit=2)], everything[:2])
page = calls.page(page_size=1)
equal([one.sid for one in page], everything[:1])
equal([one.sid for one in page.next_page()], everything[1:2])
equal([one.sid for one in page.next_page().previous_page()], everything[:1])
for status in ["busy", "no-answer", "failed", "canceled"]:
    equal([one.sid for one in calls.list(status=status)], [by_status[status]])
equal(len(calls.list(status="completed")), 4)
equal(calls.list(status="in-progress"), [])
equal([one.sid for one in calls.list(to=phone.address)], [made.sid])
equal([one.sid for one in calls.list(to="client:alice")], [by_application.sid])
equal(len(calls.list(from_=NUMBER)), 8)
equal(calls.list(from_=PERSON), [])
equal(calls.list(parent_call_sid=made.sid), [])
refused(lambda: calls.list(status="initiated"), 400, 20422)
refused(lambda: calls.list(parent_call_sid="CA1"), 400, 20423)
first = calls(made.sid).fetch().start_time
day = timedelta(days=1)
for filters, count in [
    ({"start_time": first.date()}, 8),
    ({"start_time": first.date() - day}, 0),
    ({"start_time": first}, 1),
    ({"start_time_before": first}, 1),
    ({"start_time_before": first - timedelta(seconds=1)}, 0),
    ({"start_time_after": first + timedelta(seconds=1)}, 7),
    ({"start_time_after": first - day, "start_time_before": first + day}, 8),
    ({"end_time": first.date()}, 8),
    ({"end_time_before": first}, 0),
    ({"end_time_after": first}, 8),
    ({"end_time_after": datetime.now(timezone.utc) + day}, 0),
]:
    if first.date() == (first + timedelta(minutes=5)).date() or "date" not in str(filters):
        equal(len(calls.list(**filters)), count, filters)

# Two people talk through a <Dial>: the second leg has a parent.
document = VoiceResponse()
document.dial().number("+12025550116")
number.update(voice_url=customer.on("/dial", document))
person, friend = Phone(PERSON), Phone("+12025550116")
parent = person.dial()
customer.heard("/dial", Direction="inbound", CallStatus="ringing", From=PERSON)
leg = friend.newest()
friend.does(leg, "Answer")
equal([one.sid for one in calls.list(parent_call_sid=parent)], [leg])
shown = calls(leg).fetch()
equal((shown.parent_call_sid, shown.direction), (parent, "outbound-dial"))
equal(calls(parent).fetch().direction, "inbound")
person.does(parent, "Hangup")
equal(calls(leg).fetch().status, "completed")

# The log of a call, and what went wrong in it.
document = VoiceResponse()
document.redirect("/gone")
number.update(voice_url=customer.on("/voice", document), voice_method="POST")
customer.on("/gone", 404)
failed = person.dial()
advance(20)
customer.heard("/voice", CallSid=failed)
customer.heard("/gone", CallSid=failed)
events = calls(failed).events.list()
equal([one.sid for one in calls.list(limit=1)], [failed])
equal(
    sorted((one.request["url"], one.response["response_code"]) for one in events),
    [(customer.url("/gone"), 404), (customer.url("/voice"), 200)],
)
for one in events:
    equal(one.request["method"], "POST")
    equal(one.request["parameters"]["call_sid"], failed)
    assert isinstance(one.response["request_duration"], int), one.response
equal(len(calls(failed).events.list(page_size=1)), 2)
notifications = calls(failed).notifications.list()
equal([(one.error_code, one.log) for one in notifications], [("11200", "0")])
equal(notifications[0].call_sid, failed)
assert isinstance(notifications[0].message_date, datetime), notifications[0].message_date
fetched = calls(failed).notifications(notifications[0].sid).fetch()
equal((fetched.request_url, fetched.request_method), (customer.url("/gone"), "POST"))
assert f"CallSid={failed}" in fetched.request_variables, fetched.request_variables

# What a call has that is not there yet says so.
for call, name in [
    (lambda: calls(failed).streams.create(url="wss://example.com"), "CreateStream"),
    (lambda: calls(failed).siprec.create(), "CreateSiprec"),
    (lambda: calls(failed).payments.create("key", customer.url("/pay")), "CreatePayments"),
]:
    error = refused(call, 403, 20403)
    assert name in error.msg and "docs/compatibility.md" in error.msg, error.msg

assert calls(failed).delete()
refused(lambda: calls(failed).fetch(), 404, 20404)
refused(lambda: calls(failed).events.list(), 404, 20404)
error = refused(lambda: calls("CA" + "0" * 32).update(status="completed"), 404, 20404)
equal(error.uri, f"/Accounts/{SID}/Calls/CA{'0' * 32}.json")

usual = {"to": PERSON, "from_": NUMBER, "url": customer.url("/voice")}
for changed, code in [
    ({"to": ""}, 21201),
    ({"from_": ""}, 21213),
    ({"url": ""}, 21205),
    ({"url": "nowhere"}, 21205),
    ({"to": "12345"}, 21217),
    ({"to": "+15005550001"}, 21217),
    ({"to": "+15005550002"}, 21214),
    ({"to": "+15005550003"}, 21215),
    ({"to": "+15005550004"}, 21216),
    ({"from_": "+15005550001"}, 21212),
    ({"from_": "+12025550111"}, 21210),
    ({"url": "", "twiml": "x" * 4001}, 32018),
    ({"application_sid": "AP" + "0" * 31 + "1"}, 21218),
    ({"method": "PUT"}, 21209),
    ({"status_callback": "nowhere"}, 21609),
    ({"send_digits": "12E"}, 21206),
    ({"timeout": 601}, 21208),
    ({"time_limit": 0}, 20422),
    ({"recording_channels": "3"}, 20422),
    ({"machine_detection": "Sure"}, 21234),
    ({"machine_detection_timeout": 2}, 21263),
    ({"byoc": "BY" + "0" * 31 + "1"}, 20403),
]:
    status = 403 if code == 20403 else 400
    refused(lambda: calls.create(**(usual | changed)), status, code)
equal(calls.create(to=PERSON, from_="+15005550006", url=customer.url("/voice")).status, "queued")
print(f"calls: ok, {customer.finish()} webhooks were signed")
