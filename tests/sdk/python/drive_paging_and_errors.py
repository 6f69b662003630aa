"""Pages of lists, and errors as the SDK raises them."""

from house import SID, client, equal, refused

twilio = client()
made = [twilio.applications.create(friendly_name=str(n)).sid for n in range(7)]
newest_first = made[::-1]

equal([one.sid for one in twilio.applications.list()], newest_first)
equal([one.sid for one in twilio.applications.list(page_size=1)], newest_first)
equal([one.sid for one in twilio.applications.list(page_size=3)], newest_first)
equal([one.sid for one in twilio.applications.list(limit=2)], newest_first[:2])
# The SDK asks for PageSize=5000 here, which is clamped.
equal([one.sid for one in twilio.applications.list(limit=5000)], newest_first)
first = twilio.applications.page(page_size=4)
equal(len(list(first)), 4)
second = first.next_page()
equal([one.sid for one in second], newest_first[4:])
equal(second.next_page(), None)
equal(len(list(second.previous_page())), 4)
by_url = twilio.applications.get_page(first.next_page_url)
equal([one.sid for one in by_url], newest_first[4:])

error = refused(lambda: twilio.messages("SM" + "0" * 32).fetch(), 404, 20404)
equal(error.uri, f"/Accounts/{SID}/Messages/SM{'0' * 32}.json")
assert "was not found" in error.msg, error.msg
refused(lambda: client(token="0" * 32).messages.list(), 401, 20003)
refused(lambda: client("AC" + "0" * 32).messages.list(), 401, 20003)
# What is known and not there yet says so.
for call, name in [
    (lambda: twilio.conferences.list(), "ListConference"),
    (
        lambda: twilio.messaging.v1.services("MG1").short_codes.create(short_code_sid="SC1"),
        "CreateShortCode",
    ),
    (lambda: twilio.verify.v2.forms("form-push").fetch(), "FetchForm"),
]:
    error = refused(call, 403, 20403)
    assert name in error.msg and "docs/compatibility.md" in error.msg, error.msg
print("paging and errors: ok")
