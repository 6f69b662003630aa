"""A small web app whose answers are the SDK's own documents, and which checks who asks.

Every request must be signed as the official RequestValidator wants it, over GET and POST, and be
refused by it with another token or URL.
"""

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from house import TOKEN, equal
from twilio.request_validator import RequestValidator
from twilio.twiml import TwiML

WRONG_TOKEN = "0" * 32


class Parameters(dict):
    """Repeated values as web frameworks hand them to the validator."""

    def __init__(self, pairs):
        super().__init__()
        self.lists = {}
        for name, value in pairs:
            self.setdefault(name, value)
            self.lists.setdefault(name, []).append(value)

    def getlist(self, name):
        return self.lists[name]


class Customer:
    """Answers at each path with its documents, one after the other, the last again and again."""

    def __init__(self):
        self.documents = {}
        self.requests = {}
        self.unsigned = []
        self.signed = 0
        self.lock = threading.Lock()
        customer = self

        class Door(BaseHTTPRequestHandler):
            def answer(self):
                customer.answer(self)

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.base = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def url(self, path):
        return self.base + path

    def on(self, path, *documents):
        """What is answered at a path: documents of the SDK's builders, a status, or type and file."""
        self.documents[path] = list(documents)
        return self.url(path)

    def answer(self, door):
        path = urlsplit(door.path).path
        body = door.rfile.read(int(door.headers.get("Content-Length") or 0)).decode()
        posted = Parameters(parse_qsl(body, keep_blank_values=True))
        asked = Parameters(parse_qsl(urlsplit(door.path).query, keep_blank_values=True))
        with self.lock:
            self.check(door, posted)
            told = posted if door.command == "POST" else asked
            self.at(path).put((door.command, told))
            documents = self.documents.get(path, [204])
            document = documents.pop(0) if len(documents) > 1 else documents[0]
        is_status = isinstance(document, int)
        kind, content = document if isinstance(document, tuple) else ("text/xml", document)
        content = b"" if is_status else str(content).encode() if isinstance(content, TwiML) else content
        door.send_response(document if is_status else 200)
        door.send_header("Content-Type", kind)
        if content or document != 204:
            door.send_header("Content-Length", str(len(content)))
        door.end_headers()
        door.wfile.write(content)

    def check(self, door, posted):
        signature = door.headers.get("X-Twilio-Signature", "")
        url = self.base + door.path
        right = RequestValidator(TOKEN)
        if (
            right.validate(url, posted, signature)
            and not right.validate(url + "x", posted, signature)
            and not RequestValidator(WRONG_TOKEN).validate(url, posted, signature)
        ):
            self.signed += 1
        else:
            self.unsigned.append((door.command, door.path, dict(posted)))

    def at(self, path):
        return self.requests.setdefault(path, queue.Queue())

    def heard(self, path, method="POST", **expected):
        """The next request at a path, which has these parameters."""
        with self.lock:
            waiting = self.at(path)
        found, told = waiting.get(timeout=20)
        equal(found, method, path)
        equal({name: told.get(name) for name in expected}, expected, f"{path} {dict(told)}")
        equal(self.unsigned, [])
        return told

    def finish(self):
        """Every request was signed, and every one was looked at; how many there were."""
        equal(self.unsigned, [])
        left = {path: one.qsize() for path, one in self.requests.items() if one.qsize()}
        equal(left, {}, "requests nobody expected")
        return self.signed
