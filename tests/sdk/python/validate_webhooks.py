"""The official RequestValidator accepts every webhook that a small app receives."""

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from house import NUMBER, PERSON, TOKEN, client, equal, text
from twilio.request_validator import RequestValidator

RECEIVED = queue.Queue()
# What the app answers a text with: one reply, whose statuses are told, too.
REPLY = '<Response><Message statusCallback="{}">got it</Message></Response>'


class MultiDict(dict):
    """Repeated values as web frameworks hand them to the validator."""

    def getlist(self, name):
        return self[name]


class App(BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        RECEIVED.put((self.command, self.path, self.headers, body))
        content = b""
        if "/sms" in self.path:
            content = REPLY.format(f"{BASE}/reply-status").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), App)
BASE = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
validator = RequestValidator(TOKEN)


def receive(path_begin, method):
    """The next request at a path; its signature holds, and only with the right token and URL."""
    while True:
        found, path, headers, body = RECEIVED.get(timeout=20)
        signature = headers["X-Twilio-Signature"]
        parameters = MultiDict(parse_qs(body, keep_blank_values=True))
        url = BASE + path
        assert validator.validate(url, parameters, signature), (found, path, body)
        assert not validator.validate(url + "x", parameters, signature), path
        assert not RequestValidator("0" * 32).validate(url, parameters, signature), path
        if path.startswith(path_begin):
            equal(found, method, path)
            return path, parameters


twilio = client()
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
QUERIES = [
    "",
    "?a=b",
    "?a=b&empty=&b=%20%2B+",
    "?tag=one&tag=two&tag=one",
    "?ünï=cødé&q=日本",
    "?x=%E2%82%AC&flag",
    "?Body=mine&url=http://example.com:80/?a=b",
]
BODIES = ["hello", "", "ümläut & = ? + %20 🎉", "line\nbreak\r\n  spaces  "]
for method in ("POST", "GET"):
    for at, query in enumerate(QUERIES):
        path = f"/sms/{method}/{at}"
        number.update(sms_url=BASE + path + query, sms_method=method)
        body = BODIES[at % len(BODIES)] or "x"
        text(body)
        _, parameters = receive(path, method)
        if method == "POST":
            equal(parameters["Body"], [body])
            equal(parameters["FromZip"], [""])
        # The reply's statuses, too.
        equal(receive("/reply-status", "POST")[1]["MessageStatus"], ["sent"])
        equal(receive("/reply-status", "POST")[1]["MessageStatus"], ["delivered"])

for at, query in enumerate(QUERIES):
    path = f"/status/{at}"
    twilio.messages.create(to=PERSON, from_=NUMBER, body="hi", status_callback=BASE + path + query)
    equal(receive(path, "POST")[1]["MessageStatus"], ["sent"])
    equal(receive(path, "POST")[1]["MessageStatus"], ["delivered"])

# What the request line cannot say is not signed: an empty path, an empty query.
for method in ("POST", "GET"):
    for rest in ("", "?", "?a=b", "/none?"):
        number.update(sms_url=BASE + rest, sms_method=method)
        text("hi")
        receive("/none" if rest == "/none?" else "/", method)

# A URL with credentials, a fragment of overrides, and another name for the host.
port = server.server_port
for at, base in enumerate([f"http://user:pass@127.0.0.1:{port}", f"http://localhost:{port}"]):
    number.update(sms_url=f"{base}/last/{at}?a=1#rc=1&ct=2000", sms_method="POST")
    text("hi")
    BASE = base.replace("user:pass@", "")
    receive(f"/last/{at}", "POST")
print("signatures: ok")
