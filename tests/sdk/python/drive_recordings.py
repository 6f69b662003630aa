"""Recordings: of a create, begun and changed live, of a verb; listed, downloaded, deleted."""

import io
import urllib.error
import urllib.request
import wave
from datetime import datetime, timedelta

from customer import Customer
from house import NUMBER, SID, Phone, advance, client, equal, refused, stand_still
from twilio.twiml.voice_response import VoiceResponse

twilio = client()
calls = twilio.calls
customer = Customer()
stand_still()
phone = Phone("+12025550111", OnCall="answer")


def sound(url):
    """Channels, samples per second and seconds of a WAV file."""
    with urllib.request.urlopen(url) as answer:
        equal(answer.headers["Content-Type"], "audio/x-wav")
        content = answer.read()
    equal((content[:4], content[8:12]), (b"RIFF", b"WAVE"))
    equal(int.from_bytes(content[4:8], "little"), len(content) - 8)
    with wave.open(io.BytesIO(content)) as file:
        return file.getnchannels(), file.getframerate(), file.getnframes() / file.getframerate()


quiet = VoiceResponse()
quiet.pause(length=600)

# A call that is recorded from its beginning, and told of it.
call = calls.create(
    to=phone.address,
    from_=NUMBER,
    twiml=quiet,
    record=True,
    recording_channels="dual",
    recording_status_callback=customer.url("/recorded"),
    recording_status_callback_event=["in-progress", "completed"],
    recording_status_callback_method="GET",
    trim="do-not-trim",
)
advance(7)
begun = calls(call.sid).recordings.list()[0]
equal((begun.status, begun.duration, begun.channels), ("in-progress", None, 2))
customer.heard("/recorded", "GET", RecordingSid=begun.sid, RecordingStatus="in-progress")
calls(call.sid).update(status="completed")
advance()
told = customer.heard(
    "/recorded",
    "GET",
    CallSid=call.sid,
    RecordingSid=begun.sid,
    RecordingStatus="completed",
    RecordingDuration="7",
    RecordingChannels="2",
    RecordingSource="OutboundAPI",
)
kept = twilio.recordings(begun.sid).fetch()
for name, value in {
    "account_sid": SID,
    "api_version": "2010-04-01",
    "call_sid": call.sid,
    "channels": 2,
    "conference_sid": None,
    "duration": "7",
    "encryption_details": None,
    "error_code": None,
    "media_url": told["RecordingUrl"],
    "price": None,
    "price_unit": "USD",
    "sid": begun.sid,
    "source": "OutboundAPI",
    "status": "completed",
    "uri": f"/2010-04-01/Accounts/{SID}/Recordings/{begun.sid}.json",
}.items():
    equal(getattr(kept, name), value, name)
for name in ["date_created", "date_updated", "start_time"]:
    assert isinstance(getattr(kept, name), datetime), name
equal(sound(kept.media_url + ".wav"), (2, 8000, 7.0))
equal(sound(kept.media_url), (2, 8000, 7.0))
equal(sound(kept.media_url + ".wav?RequestedChannels=1"), (1, 8000, 7.0))

# Begun, paused, gone on with and stopped while the call lives.
call = calls.create(to=phone.address, from_=NUMBER, twiml=quiet)
refused(lambda: calls(call.sid).recordings("Twilio.CURRENT").fetch(), 404, 20404)
advance(1)
recordings = calls(call.sid).recordings
live = recordings.create(
    recording_status_callback=customer.url("/live"),
    recording_status_callback_event=["in-progress completed absent"],
    recording_channels="mono",
    recording_track="both",
    trim="do-not-trim",
)
equal((live.status, live.source, live.channels), ("in-progress", "StartCallRecordingAPI", 1))
equal((live.duration, live.price, live.error_code, live.track), (None, None, None, "both"))
assert isinstance(live.start_time, datetime), live.start_time
customer.heard("/live", RecordingSid=live.sid, RecordingStatus="in-progress")
current = recordings("Twilio.CURRENT")
equal(current.fetch().sid, live.sid)
advance(3)
refused(lambda: current.update(status="completed"), 400, 20422)
equal(current.update(status="paused", pause_behavior="skip").status, "paused")
advance(10)
equal(current.update(status="in-progress").status, "in-progress")
advance(2)
equal(current.update(status="paused").status, "paused")
advance(4)
equal(recordings(live.sid).update(status="in-progress").status, "in-progress")
refused(lambda: recordings(live.sid).delete(), 409, 20009)
stopped = recordings(live.sid).update(status="stopped")
equal(stopped.sid, live.sid)
customer.heard("/live", RecordingSid=live.sid, RecordingStatus="completed", RecordingDuration="9")
# What was skipped is not in it, what was silent is.
equal(recordings(live.sid).fetch().duration, "9")
equal(sound(twilio.recordings(live.sid).fetch().media_url + ".wav"), (1, 8000, 9.0))
refused(lambda: current.fetch(), 404, 20404)
refused(lambda: current.update(status="paused"), 404, 20404)
second = recordings.create()
advance(1)
calls(call.sid).update(status="completed")
advance()
equal([one.sid for one in recordings.list()], [second.sid, live.sid])
equal([one.sid for one in recordings.list(page_size=1)], [second.sid, live.sid])
refused(lambda: recordings.create(), 400, 21220)
refused(lambda: recordings(live.sid).update(status="paused"), 400, 21220)

# Lists and their filters, pages of one, and what can't be had.
everything = [second.sid, live.sid, kept.sid]
equal([one.sid for one in twilio.recordings.list()], everything)
equal([one.sid for one in twilio.recordings.list(page_size=1)], everything)
equal([one.sid for one in twilio.recordings.list(limit=1)], everything[:1])
equal([one.sid for one in twilio.recordings.list(call_sid=call.sid)], everything[:2])
equal(twilio.recordings.list(conference_sid="CF" + "0" * 32), [])
hour = timedelta(hours=1)
for filters, count in [
    ({"date_created_after": kept.date_created}, 3),
    ({"date_created_before": kept.date_created}, 1),
    ({"date_created": kept.date_created}, 1),
    ({"date_created_after": kept.date_created + hour}, 0),
]:
    equal(len(twilio.recordings.list(**filters)), count, filters)
equal(twilio.recordings(kept.sid).transcriptions.list(), [])
equal(twilio.transcriptions.list(), [])
for channels in ["three", "2"]:
    refused(lambda: twilio.recordings.list(call_sid=channels), 400, 20423)

assert recordings(second.sid).delete()
assert twilio.recordings(kept.sid).delete()
equal([one.sid for one in twilio.recordings.list()], [live.sid])
refused(lambda: twilio.recordings(kept.sid).fetch(), 404, 20404)
try:
    urllib.request.urlopen(kept.media_url + ".wav")
    raise AssertionError("the sound of a deleted recording is still there")
except urllib.error.HTTPError as error:
    equal(error.code, 404)
print(f"recordings: ok, {customer.finish()} webhooks were signed")
