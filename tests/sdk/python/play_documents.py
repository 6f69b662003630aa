"""Documents of the SDK's own builder, played through by people at handsets: what each verb does."""

from customer import Customer
from house import NUMBER, PERSON, Phone, advance, client, equal, in_order, stand_still
from twilio.twiml.voice_response import Dial, Gather, Start, VoiceResponse

twilio = client()
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
customer = Customer()
stand_still()
number.update(
    voice_url=customer.url("/voice"),
    voice_fallback_url=customer.url("/fallback"),
    status_callback=customer.url("/ended"),
)
person = Phone(PERSON)
friend, other = Phone("+12025550111"), Phone("+12025550112")


def calls_in(document):
    """A person calls, and this is what the application answers first."""
    customer.on("/voice", document)
    sid = person.dial()
    customer.heard("/voice", CallSid=sid, CallStatus="ringing")
    return sid


def ended(sid, status="completed", **expected):
    customer.heard("/ended", CallSid=sid, CallStatus=status, **expected)


def goes_by(sid, expected, seconds=60, status="completed"):
    """The call comes to its end by itself, and was heard like this."""
    advance(seconds)
    in_order(person.heard(sid), [*expected, f"< ended {status}"])
    ended(sid, status)


# Say with SSML in voices and languages, Play, Pause, Hangup.
document = VoiceResponse()
say = document.say(voice="Polly.Joanna", loop=2)
say.append("Hello ")
say.emphasis("dear", level="strong")
say.break_(strength="weak", time="500ms")
say.prosody("caller", pitch="-10%", rate="85%", volume="-6dB")
say.say_as("12345", interpret_as="digits")
say.s("A sentence.")
say.phoneme("pecan", alphabet="ipa", ph="pɪˈkɑːn")
say.sub("World Wide Web Consortium", alias="W3C")
say.w("read", role="amazon:VB")
say.p("A paragraph.")
document.say("¿Qué tal? <&> \"ü\" 日本", voice="woman", language="es-MX")
document.play(digits="ww12#")
document.pause(length=3)
document.hangup()
document.say("never heard")
sid = calls_in(document)
advance(60)
lines = person.heard(sid)
spoken = next(line for line in lines if line.startswith("< play say"))
for word in ["Hello", "dear", "caller", "12345", "A sentence.", "pecan", "read", "A paragraph."]:
    assert word in spoken, (word, spoken)
assert "voice=Polly.Joanna" in spoken, spoken
equal(lines.count(spoken), 2)
in_order(
    lines,
    [
        "< answer",
        spoken,
        spoken,
        '< play say "¿Qué tal? <&> "ü" 日本" voice=woman language=es-MX',
        "< play keys ww12#",
        "< hang up",
        "< ended completed",
    ],
)
assert not any("< play say \"never heard" in line for line in lines), lines
equal([line for line in lines if "remark" in line], [])
ended(sid)

# A menu of keys: the wrong one first, then none, then one that leads on.
menu = VoiceResponse()
gather = Gather(
    input="dtmf",
    num_digits=1,
    timeout=5,
    action=customer.url("/menu"),
    method="GET",
    finish_on_key="#",
)
gather.say("Press 1 for hours")
gather.pause(length=1)
gather.play(digits="1")
menu.append(gather)
menu.say("No key")
menu.redirect(customer.url("/again"), method="POST")
wrong, hours = VoiceResponse(), VoiceResponse()
wrong.say("Wrong key")
wrong.redirect("/again")
hours.say("Nine to five")
customer.on("/menu", wrong, hours)
customer.on("/again", menu)
sid = calls_in(menu)
advance(1)
person.does(sid, "Digits", Digits="7")
customer.heard("/menu", "GET", Digits="7", CallSid=sid)
advance(2)
customer.heard("/again", CallStatus="in-progress")
advance(12)
customer.heard("/again")
person.does(sid, "Digits", Digits="1")
customer.heard("/menu", "GET", Digits="1")
goes_by(
    sid,
    [
        '< play say "Press 1 for hours"',
        "> digit 7",
        '< play say "Wrong key"',
        '< play say "Press 1 for hours"',
        '< play say "No key"',
        '< play say "Press 1 for hours"',
        "> digit 1",
        '< play say "Nine to five"',
    ],
)

# Speech, with partial results; then speech and keys; then an empty result.
document = VoiceResponse()
gather = document.gather(
    input="speech",
    language="en-GB",
    hints="yes,no",
    speech_timeout="1",
    speech_model="phone_call",
    profanity_filter=False,
    partial_result_callback=customer.url("/partial"),
    action=customer.url("/said"),
)
gather.say("Say yes or no", language="en-GB")
second, third = VoiceResponse(), VoiceResponse()
second.gather(
    input="dtmf speech", timeout=3, finish_on_key="*", barge_in=True, action=customer.url("/said")
).say("Your number, then the star")
third.gather(
    input="speech dtmf", timeout=2, action_on_empty_result=True, action=customer.url("/said")
)
goodbye = VoiceResponse()
goodbye.say("Goodbye")
customer.on("/said", second, third, goodbye)
sid = calls_in(document)
person.does(sid, "Speech", Text="yes please", Confidence="0.87")
advance(3)
customer.heard("/said", SpeechResult="yes please", Confidence="0.87")
assert customer.heard("/partial")["UnstableSpeechResult"].startswith("yes"), "a partial result"
while customer.at("/partial").qsize():
    customer.heard("/partial", CallSid=sid)
person.does(sid, "Digits", Digits="42*")
customer.heard("/said", Digits="42")
advance(5)
customer.heard("/said", Digits="", SpeechResult="")
goes_by(
    sid,
    [
        '< play say "Say yes or no" language=en-GB',
        '> speech "yes please"',
        '< play say "Your number, then the star"',
        "> digit *",
        '< play say "Goodbye"',
    ],
)

# Voicemail: a recording, its action and its callback; then the caller hangs up in another.
document = VoiceResponse()
document.say("Leave a message")
document.record(
    action=customer.url("/kept"),
    method="GET",
    max_length=30,
    timeout=3,
    finish_on_key="#",
    play_beep=True,
    trim="do-not-trim",
    recording_status_callback=customer.url("/recorded"),
    recording_status_callback_method="POST",
    recording_status_callback_event="in-progress completed",
    transcribe=False,
)
customer.on("/kept", goodbye)
sid = calls_in(document)
advance(3)
customer.heard("/recorded", RecordingStatus="in-progress", RecordingSource="RecordVerb")
person.does(sid, "Speech", Text="please call back")
advance(4)
person.does(sid, "Digits", Digits="#")
told = customer.heard("/recorded", RecordingStatus="completed", CallSid=sid)
asked = customer.heard("/kept", "GET", Digits="#", RecordingUrl=told["RecordingUrl"])
equal(asked["RecordingDuration"], told["RecordingDuration"])
recording = twilio.recordings(told["RecordingSid"]).fetch()
equal((recording.source, recording.duration), ("RecordVerb", told["RecordingDuration"]))
goes_by(sid, ['< play say "Leave a message"', "< play beep", "< record", "> digit #"])
sid = calls_in(document)
advance(3)
person.does(sid, "Hangup")
customer.heard("/recorded", RecordingStatus="in-progress")
customer.heard("/recorded", RecordingStatus="completed", CallSid=sid)
customer.heard("/kept", "GET", Digits="hangup", CallStatus="completed")
ended(sid)

# A number, with a whisper, status callbacks, keys and a recording of both.
document = VoiceResponse()
dial = Dial(
    action=customer.url("/dialed"),
    method="GET",
    timeout=15,
    time_limit=120,
    caller_id=NUMBER,
    answer_on_bridge=True,
    hangup_on_star=True,
    ring_tone="uk",
    record="record-from-answer-dual",
    recording_status_callback=customer.url("/recorded"),
)
dial.number(
    friend.address,
    url=customer.url("/whisper"),
    method="GET",
    send_digits="wwww1",
    status_callback=customer.url("/leg"),
    status_callback_event="initiated ringing answered completed",
    status_callback_method="POST",
)
document.append(dial)
whisper = VoiceResponse()
whisper.say("A call for you")
customer.on("/whisper", whisper)
customer.on("/dialed", goodbye)
sid = calls_in(document)
leg = friend.newest()
advance(2)
friend.does(leg, "Answer")
advance(10)
customer.heard("/whisper", "GET", CallSid=leg, ParentCallSid=sid, Direction="outbound-dial")
person.does(sid, "Speech", Text="hello friend")
friend.does(leg, "Speech", Text="hello caller")
advance(5)
friend.does(leg, "Hangup")
for at, status in enumerate(["initiated", "ringing", "in-progress", "completed"]):
    customer.heard("/leg", CallSid=leg, CallStatus=status, SequenceNumber=str(at), From=NUMBER)
told = customer.heard("/recorded", RecordingStatus="completed", RecordingSource="DialVerb")
equal(told["RecordingChannels"], "2")
customer.heard(
    "/dialed",
    "GET",
    DialCallStatus="completed",
    DialCallSid=leg,
    DialBridged="true",
    RecordingUrl=told["RecordingUrl"],
)
in_order(friend.heard(leg), ['< play say "A call for you"', '< speech "hello friend"'])
spoken = ['> speech "hello friend"', '< speech "hello caller"']
goes_by(sid, ["< dial", *spoken, "< fetch GET /dialed", '< play say "Goodbye"'])

# A client with parameters, a SIP address, and a simple number at once: the first answer wins.
document = VoiceResponse()
dial = document.dial(action=customer.url("/dialed"))
alice = Phone("client:alice")
called = dial.client(url=customer.url("/whisper"), status_callback=customer.url("/leg"))
called.identity("alice")
called.parameter(name="team", value="red")
dial.sip("sip:bob@example.com?x-order=7", username="u", password="p")
dial.number(friend.address)
customer.on("/dialed", goodbye)
sid = calls_in(document)
legs = twilio.calls.list(parent_call_sid=sid)
equal(sorted(one.to for one in legs)[:2], [friend.address, "client:alice"])
assert any(one.to.startswith("sip:bob@example.com") for one in legs), [one.to for one in legs]
leg = alice.newest()
alice.does(leg, "Answer")
advance(3)
customer.heard("/whisper", CallSid=leg, team="red")
equal(
    sorted(one.status for one in twilio.calls.list(parent_call_sid=sid)),
    ["canceled", "canceled", "in-progress"],
)
alice.does(leg, "Hangup")
customer.heard("/leg", CallSid=leg, CallStatus="completed")
customer.heard("/dialed", DialCallStatus="completed", DialCallSid=leg)
goes_by(sid, ["< dial", "< fetch POST /dialed", '< play say "Goodbye"'])

# One after the other: busy, then nobody, then somebody.
Phone("+12025550113", OnCall="busy")
document = VoiceResponse()
dial = document.dial(sequential=True, timeout=5, action=customer.url("/dialed"))
for address in ["+12025550113", friend.address, other.address]:
    dial.number(address)
sid = calls_in(document)
advance(11)
other.does(other.newest(), "Answer")
statuses = [(one.to, one.status) for one in reversed(twilio.calls.list(parent_call_sid=sid))]
equal(
    statuses,
    [
        ("+12025550113", "busy"),
        (friend.address, "no-answer"),
        (other.address, "in-progress"),
    ],
)
other.does(other.newest(), "Hangup")
customer.heard("/dialed", DialCallStatus="completed", DialBridged="true")
goes_by(sid, ["< dial", "< fetch POST /dialed", '< play say "Goodbye"'])

# The plain Dial, whose text is a number; nobody answers, and the next verb runs.
document = VoiceResponse()
document.dial(friend.address, timeout=5)
document.say("Nobody is there")
sid = calls_in(document)
goes_by(sid, ["< dial", '< play say "Nobody is there"'])

# Reject, in both ways.
for reason, status in [("busy", "busy"), ("rejected", "no-answer")]:
    document = VoiceResponse()
    document.reject(reason=reason)
    sid = calls_in(document)
    goes_by(sid, [f"< reject {reason}"], status=status)

# A text from a call, and a transfer, which needs SIP.
document = VoiceResponse()
document.sms(
    "On its way ✓",
    to=PERSON,
    from_=NUMBER,
    action=customer.url("/texted"),
    status_callback=customer.url("/text"),
)
goes_on = VoiceResponse()
goes_on.refer(action=customer.url("/referred"), method="POST").sip("sip:carol@example.com")
customer.on("/texted", goes_on)
customer.on("/referred", goodbye)
sid = calls_in(document)
text = customer.heard("/texted", SmsStatus="sending")
equal(twilio.messages(text["SmsSid"]).fetch().body, "On its way ✓")
while customer.at("/text").qsize():
    customer.heard("/text", SmsSid=text["SmsSid"])
advance(1)
customer.heard("/referred", ReferCallStatus="failed")
goes_by(sid, ["< send", "< fetch POST /referred", '< play say "Goodbye"'])

# A recording beside the documents, begun and stopped by name.
document = VoiceResponse()
document.start().recording(
    name="whole",
    channels="dual",
    track="both",
    recording_status_callback=customer.url("/recorded"),
    recording_status_callback_event="in-progress completed",
)
document.say("This call is recorded")
document.pause(length=4)
# This SDK's Stop has no Recording of its own.
Start.recording(document.stop(), name="whole")
document.pause(length=2)
sid = calls_in(document)
customer.heard("/recorded", RecordingStatus="in-progress")
goes_by(sid, ["< start recording", '< play say "This', "< stop recording"])
told = customer.heard("/recorded", RecordingStatus="completed", RecordingChannels="2")
equal(told["CallSid"], sid)

# A verb by its name: what the builder can make beyond its methods.
document = VoiceResponse()
document.add_child("Say", "By name", voice="alice")
sid = calls_in(document)
goes_by(sid, ['< play say "By name"'])

# The application fails, and its fallback takes over.
customer.on("/fallback", goodbye)
sid = calls_in(500)
customer.heard("/fallback", ErrorCode="11200", ErrorUrl=customer.url("/voice"))
goes_by(sid, ["> no document, 11200", '< play say "Goodbye"'])

# What is not carried out yet says so and goes on.
document = VoiceResponse()
document.dial().conference("Room")
document.enqueue("queue")
document.connect().stream(url="wss://example.com/stream")
document.say("Still here")
sid = calls_in(document)
goes_by(sid, ["< remark 13750", '< play say "Still here"'])

# A transcript is waited for.
document = VoiceResponse()
document.gather(num_digits=1, timeout=60)
sid = calls_in(document)
known = len(person.heard(sid))
person.does(sid, "Hangup")
assert "> hung up" in person.heard(sid, after=known, wait="PT20S")
ended(sid)
print(f"documents: ok, {customer.finish()} webhooks were signed")
