"""Calls: create, lifecycle, update, filters, recordings, events, notifications, errors."""

from datetime import datetime, timedelta, timezone
from urllib.parse import quote
from urllib.request import urlopen

from house import NUMBER, PERSON, URL, client, equal, eventually, own, refused
from twilio.twiml.voice_response import VoiceResponse

twilio = client()
calls = twilio.calls


def phone(sid, what, **parameters):
    """What the person does in a call."""
    return own("POST", f"Phones/{quote(PERSON)}/Calls/{sid}/{what}", **parameters)


def pausing():
    document = VoiceResponse()
    document.say("Hello")
    document.pause(length=60)
    return document


made = calls.create(to=PERSON, from_=NUMBER, twiml=pausing())
equal((made.status, made.direction, made.to_formatted), ("queued", "outbound-api", "(202) 555-0199"))
equal((made.duration, made.price, made.queue_time, made.start_time), (None, None, "0", None))
equal(made.phone_number_sid, twilio.incoming_phone_numbers.list()[0].sid)
assert isinstance(made.date_created, datetime), made.date_created
eventually("ringing", lambda: calls(made.sid).fetch().status == "ringing")
refused(lambda: calls(made.sid).delete(), 409, 20009)
refused(lambda: calls(made.sid).update(twiml=pausing()), 400, 21220)
equal(phone(made.sid, "Answer")["status"], "in-progress")

recording = calls(made.sid).recordings.create(recording_channels="dual")
equal((recording.status, recording.channels), ("in-progress", 2))
equal(recording.source, "StartCallRecordingAPI")
paused = calls(made.sid).recordings("Twilio.CURRENT").update(status="paused")
equal((paused.sid, paused.status), (recording.sid, "paused"))
calls(made.sid).recordings("Twilio.CURRENT").update(status="in-progress")
calls(made.sid).recordings(recording.sid).update(status="stopped")


def kept():
    found = twilio.recordings(recording.sid).fetch()
    return found if found.status in ("completed", "absent") else None


done = eventually("kept", kept)
equal(done.call_sid, made.sid)
if done.status == "completed":
    assert done.media_url.startswith(URL), done.media_url
    equal(urlopen(done.media_url).read(4), b"RIFF")
    equal(urlopen(done.media_url + ".wav").headers["Content-Type"], "audio/x-wav")
equal([one.sid for one in twilio.recordings.list(call_sid=made.sid)], [recording.sid])
equal([one.sid for one in calls(made.sid).recordings.list()], [recording.sid])
equal(twilio.transcriptions.list(), [])
assert twilio.recordings(recording.sid).delete()
refused(lambda: twilio.recordings(recording.sid).fetch(), 404, 20404)

ended = calls(made.sid).update(status="completed")
equal(ended.status, "completed")
assert int(ended.duration) >= 0 and isinstance(ended.end_time, datetime), ended.duration
refused(lambda: calls(made.sid).update(url="https://app.example/voice"), 400, 21220)

own("POST", f"Phones/{quote(PERSON)}", OnCall="busy")
busy = calls.create(to=PERSON, from_=NUMBER, url="https://app.example/voice")
eventually("busy", lambda: calls(busy.sid).fetch().status == "busy")
equal(calls(busy.sid).fetch().duration, "0")
equal([one.sid for one in calls.list(status="busy")], [busy.sid])
equal([one.sid for one in calls.list(to=PERSON)], [busy.sid, made.sid])
equal(len(calls.list(from_=NUMBER, limit=1)), 1)
now = datetime.now(timezone.utc)
equal(len(calls.list(start_time_after=now - timedelta(hours=1))), 2)
equal(len(calls.list(start_time_before=now - timedelta(hours=25))), 0)
equal(len(calls.list(end_time=now.date())), 2)
equal(calls(busy.sid).notifications.list(), [])
equal(twilio.api.v2010.account.notifications.list(log=0), [])

own("POST", f"Phones/{quote(PERSON)}", OnCall="ring")
dialled = own("POST", f"Phones/{quote(PERSON)}/Calls", To=NUMBER)
equal((dialled["way"], calls(dialled["sid"]).fetch().direction), ("outgoing", "inbound"))
events = eventually("the demo is asked", lambda: calls(dialled["sid"]).events.list())
equal(events[0].request["parameters"]["call_sid"], dialled["sid"])
equal(events[0].response["response_code"], 200)

assert calls(busy.sid).delete()
refused(lambda: calls(busy.sid).fetch(), 404, 20404)
for parameters, code in [
    ({"to": "+15005550001", "from_": NUMBER, "url": "https://app.example/"}, 21217),
    ({"to": PERSON, "from_": "+12025550111", "url": "https://app.example/"}, 21210),
    ({"to": PERSON, "from_": NUMBER}, 21205),
    ({"to": PERSON, "from_": NUMBER, "url": "nowhere"}, 21205),
    ({"to": PERSON, "from_": NUMBER, "url": "https://app.example/", "timeout": 601}, 21208),
]:
    refused(lambda: calls.create(**parameters), 400, code)
refused(lambda: calls(made.sid).streams.create(url="wss://app.example/"), 403, 20403)
refused(lambda: calls(made.sid).user_defined_messages.create(content="{}"), 403, 20403)
print("calls: ok")
