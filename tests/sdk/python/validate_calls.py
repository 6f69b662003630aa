"""The official RequestValidator accepts every webhook of a call, whatever its URL and method.

The customer judges each request as it comes: questions, actions, whispers and the fallback, and
everything that is told. Here it is made sure that all kinds of them come.
"""

from customer import Customer
from house import NUMBER, PERSON, Phone, advance, client, equal, stand_still
from twilio.twiml.voice_response import VoiceResponse

twilio = client()
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
customer = Customer()
stand_still()
person, friend = Phone(PERSON), Phone("+12025550111")
answers = Phone("+12025550112", OnCall="answer")
QUERIES = [
    "",
    "?a=b&empty=&b=%20%2B+",
    "?tag=one&tag=two&tag=one",
    "?ünï=cødé&q=日本",
    "?x=%E2%82%AC&flag",
    "?CallSid=mine&url=http://example.com:80/?a=b",
]
ASKED = ["/voice", "/fallback", "/action", "/kept", "/whisper", "/dialed", "/texted", "/moved"]
TOLD = ["/partial", "/recorded", "/leg", "/amd", "/text", "/ended"]
ALL_EVENTS = "initiated ringing answered completed"


def inbound(url, method):
    """A call that comes in, and in which everything is asked and told that there is."""
    gather, record, dial, text, move = (VoiceResponse() for _ in range(5))
    gather.gather(
        input="speech dtmf",
        timeout=5,
        action=url("/action"),
        method=method,
        partial_result_callback=url("/partial"),
        partial_result_callback_method=method,
    )
    told = {
        "recording_status_callback": url("/recorded"),
        "recording_status_callback_method": method,
    }
    record.record(action=url("/kept"), method=method, **told)
    dial.dial(action=url("/dialed"), method=method, record="record-from-answer", **told).number(
        friend.address,
        url=url("/whisper"),
        method=method,
        status_callback=url("/leg"),
        status_callback_method=method,
        status_callback_event=ALL_EVENTS,
        machine_detection="Enable",
        amd_status_callback=url("/amd"),
        amd_status_callback_method=method,
    )
    text.sms("hi", action=url("/texted"), method=method, status_callback=url("/text"))
    move.redirect(url("/moved"), method=method)
    customer.on("/voice", 500)
    for path, document in {
        "/fallback": gather,
        "/action": record,
        "/kept": dial,
        "/whisper": VoiceResponse(),
        "/dialed": text,
        "/texted": move,
        "/moved": VoiceResponse(),
    }.items():
        customer.on(path, document)
    number.update(
        voice_url=url("/voice"),
        voice_method=method,
        voice_fallback_url=url("/fallback"),
        voice_fallback_method=method,
        status_callback=url("/ended"),
        status_callback_method=method,
    )
    sid = person.dial()
    person.does(sid, "Speech", Text="good morning")
    advance(6)
    advance(2)
    person.does(sid, "Speech", Text="after the tone")
    person.does(sid, "Digits", Digits="#")
    friend.does(friend.newest(), "Answer")
    advance(10)
    friend.does(friend.newest(), "Hangup")
    advance(10)
    equal(twilio.calls(sid).fetch().status, "completed")


def outbound(url, method):
    """A call that is made by REST."""
    document = VoiceResponse()
    document.pause(length=5)
    customer.on("/voice", document)
    made = twilio.calls.create(
        to=answers.address,
        from_=NUMBER,
        url=url("/voice"),
        method=method,
        status_callback=url("/ended"),
        status_callback_method=method,
        status_callback_event=ALL_EVENTS.split(),
        record=True,
        recording_status_callback=url("/recorded"),
        recording_status_callback_method=method,
        machine_detection="Enable",
        async_amd="true",
        async_amd_status_callback=url("/amd"),
        async_amd_status_callback_method=method,
    )
    advance(20)
    equal(twilio.calls(made.sid).fetch().status, "completed")


def came(paths, method, least=1):
    for path in paths:
        assert customer.at(path).qsize() >= least, f"nothing came at {path}"
        while customer.at(path).qsize():
            # How a text is told has no method of its own.
            customer.heard(path, "POST" if path == "/text" else method)


for method in ("POST", "GET"):
    for query in QUERIES:
        inbound(lambda path: customer.url(path + query), method)
        came(ASKED + TOLD, method)
        outbound(lambda path: customer.url(path + query), method)
        came(["/voice", "/recorded", "/amd"], method)
        came(["/ended"], method, least=4)

# Credentials in a URL and a fragment are not signed; a name of the host is, as it is written.
port = customer.base.rsplit(":", 1)[1]
for host in [f"user:pass@127.0.0.1:{port}", f"localhost:{port}"]:
    customer.base = "http://" + host.replace("user:pass@", "")
    inbound(lambda path: f"http://{host}{path}?a=1#rc=1&ct=2000", "POST")
    came(ASKED + TOLD, "POST")
print(f"calls' signatures: ok, {customer.finish()} of them")
