"""A receiver for texts and calls: an echo, a menu, and what became of each answer."""

import os
from urllib.parse import parse_qsl
from wsgiref.simple_server import make_server

from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

BODY_BYTES_MAX = 64 * 1024


def sms(form):
    answer = MessagingResponse()
    answer.message("You said: " + form["Body"], status_callback="/status")
    return answer


def status(form):
    print(form["MessageSid"], "is", form["MessageStatus"], flush=True)


def voice(form):
    answer = VoiceResponse()
    answer.gather(num_digits=1, action="/menu").say("For our hours, press 1.")
    answer.redirect("/voice")
    return answer


def menu(form):
    answer = VoiceResponse()
    if form.get("Digits") == "1":
        answer.say("We are open from nine to five.")
    else:
        answer.say("There is no such choice.")
        answer.redirect("/voice")
    return answer


PAGES = {"/sms": sms, "/status": status, "/voice": voice, "/menu": menu}


def app(request, start):
    # A longer body is cut, and its signature does not fit.
    length = min(int(request.get("CONTENT_LENGTH") or 0), BODY_BYTES_MAX)
    body = request["wsgi.input"].read(length).decode(errors="replace")
    form = dict(parse_qsl(body, keep_blank_values=True))
    path, signature = request["PATH_INFO"], request.get("HTTP_X_TWILIO_SIGNATURE", "")
    good = path in PAGES and validator.validate(public_url + path, form, signature)
    start("200 OK" if good else "403 Forbidden", [("Content-Type", "text/xml")])
    return [str(PAGES[path](form) or "").encode()] if good else []


server = make_server("127.0.0.1", int(os.environ.get("PORT", 8080)), app)
public_url = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{server.server_port}")
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
print("listening for", public_url, flush=True)
server.serve_forever()
