"""Alerts of monitor/v1: a webhook fails, and the debugger knows."""

from datetime import datetime, timedelta, timezone

from house import NUMBER, client, equal, eventually, refused, text

twilio = client()
alerts = twilio.monitor.v1.alerts
number = twilio.incoming_phone_numbers.list(phone_number=NUMBER)[0]
number.update(sms_url="http://127.0.0.1:1/nobody-listens")

for count in range(1, 4):
    resource = text("anyone?")
    eventually("an alert", lambda: len(alerts.list()) == count)
newest = alerts.list(limit=1)[0]
equal((newest.error_code, newest.log_level), ("11202", "error"))
equal(newest.resource_sid, resource)
fetched = alerts(newest.sid).fetch()
equal(fetched.request_url, "http://127.0.0.1:1/nobody-listens")
assert "Body=anyone" in fetched.request_variables, fetched.request_variables
assert isinstance(fetched.date_generated, datetime), fetched.date_generated

now = datetime.now(timezone.utc)
equal(len(alerts.list(log_level="error")), 3)
equal(len(alerts.list(log_level="warning")), 0)
equal(len(alerts.list(start_date=now - timedelta(hours=1), end_date=now + timedelta(hours=1))), 3)
equal(len(alerts.list(start_date=now + timedelta(hours=1))), 0)
# The v1 links lead back here, not to Twilio.
equal(len([one.sid for one in alerts.stream(page_size=1)]), 3)
refused(lambda: alerts("NO" + "0" * 32).fetch(), 404, 20404)
print("alerts: ok")
