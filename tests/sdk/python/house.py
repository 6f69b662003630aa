"""A client of the official SDK for the house that the environment names, and small checks."""

import base64
import faulthandler
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.rest import Client

# A script that hangs says where, and fails.
faulthandler.dump_traceback_later(90, exit=True)

URL = os.environ["OFFHOOK_URL"]
SID = os.environ["OFFHOOK_ACCOUNT_SID"]
TOKEN = os.environ["OFFHOOK_AUTH_TOKEN"]
NUMBER = "+12025550100"
PERSON = "+12025550199"


def client(sid=SID, token=TOKEN, account_sid=None):
    """The SDK's client, pointed at the house: one base URL per product."""
    made = Client(sid, token, account_sid)
    made.api.base_url = URL
    products = "monitor messaging verify lookups events conversations accounts iam"
    for product in products.split():
        getattr(made, product).base_url = URL + "/" + product
    return made


def equal(found, expected, what=""):
    assert found == expected, f"{what}: found {found!r}, expected {expected!r}"


def refused(call, status, code):
    """The call fails with this HTTP status and Twilio's code."""
    try:
        call()
    except TwilioRestException as error:
        equal((error.status, error.code), (status, code), error.msg)
        return error
    except TwilioException as error:
        # A list's page is refused without its parts: ("Unable to fetch page", "HTTP 401 {…}").
        http, found, body = str(error.args[1]).split(" ", 2)
        body = json.loads(body)
        equal((http, int(found), body["code"]), ("HTTP", status, code), body["message"])
        return TwilioRestException(status, "", body["message"], code)
    raise AssertionError(f"not refused with {code}")


def eventually(what, found):
    """The first true value of `found`, within 20 s."""
    for _ in range(1000):
        value = found()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")


def own(method, path, **parameters):
    """A request to the house's own API, which no SDK knows."""
    password = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    password.add_password(None, URL, SID, TOKEN)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(password))
    form = urllib.parse.urlencode(parameters).encode() if method == "POST" else None
    request = urllib.request.Request(f"{URL}/offhook/v1/{path}", form, method=method)
    try:
        return json.load(opener.open(request))
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None


def upload(service, content_type, content):
    """Uploads a file to the media service, which no SDK knows; what it is shown as."""
    authorization = "Basic " + base64.b64encode(f"{SID}:{TOKEN}".encode()).decode()
    request = urllib.request.Request(
        f"{URL}/mcs/v1/Services/{service}/Media", content, method="POST",
        headers={"Authorization": authorization, "Content-Type": content_type},
    )
    return json.load(urllib.request.urlopen(request))


def text(body, to=NUMBER, person=PERSON):
    """A person texts a number of the house; the message's sid."""
    return own("POST", f"Phones/{person}/Messages", To=to, Body=body)["sid"]


def stand_still():
    """House time moves only as ordered from now on: nothing in a script has to wait for it."""
    own("POST", "Clock", Mode="virtual")


def advance(seconds=0):
    """Lets house time pass; then all is done that was due, and the house is quiet."""
    own("POST", "Clock", Advance=f"PT{seconds}S")


class Phone:
    """A handset, and the person who holds it."""

    def __init__(self, address, **behaviour):
        self.address = address
        self.path = "Phones/" + urllib.parse.quote(address, safe="")
        if behaviour:
            own("POST", self.path, **behaviour)

    def dial(self, to=NUMBER, **parameters):
        """Dials, and waits until the house is quiet; the call's sid."""
        sid = own("POST", f"{self.path}/Calls", To=to, **parameters)["sid"]
        advance()
        return sid

    def newest(self):
        """The sid of the newest call of this handset."""
        return own("GET", f"{self.path}/Calls?PageSize=1")["calls"][0]["sid"]

    def does(self, sid, what, **parameters):
        """Answer, Reject, Hangup, Digits or Speech; the call as the handset then sees it."""
        call = own("POST", f"{self.path}/Calls/{sid}/{what}", **parameters)
        advance()
        return call

    def heard(self, sid, after=0, wait=None):
        """The lines of the call's transcript after so many, without their times."""
        query = {"After": after} | ({"Wait": wait} if wait else {})
        path = f"{self.path}/Calls/{sid}/Transcript?{urllib.parse.urlencode(query)}"
        return [line.lstrip(" 0123456789") for line in own("GET", path)["lines"]]


def in_order(lines, expected):
    """All expected lines are there, in this order; each begins as it says."""
    rest = iter(lines)
    for line in expected:
        assert any(found.startswith(line) for found in rest), (line, "not in its place", lines)
