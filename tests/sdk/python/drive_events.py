"""Event Streams: sinks, their validation, subscriptions and event types."""

from house import client, equal, refused

twilio = client()
events = twilio.events.v1
SENT = "com.twilio.messaging.message.sent"
RECEIVED = "com.twilio.messaging.inbound-message.received"

made = events.sinks.create(
    description="mine",
    sink_type="webhook",
    sink_configuration={"destination": "https://example.com/in", "method": "POST"},
)
equal((made.status, made.sink_type, made.description), ("initialized", "webhook", "mine"))
equal(made.sink_configuration["destination"], "https://example.com/in")
equal(events.sinks(made.sid).update(description="other").description, "other")
equal(events.sinks(made.sid).sink_test.create().result, "submitted")
refused(lambda: events.sinks(made.sid).sink_validate.create(test_id="x"), 400, 20422)
refused(
    lambda: events.sinks.create(
        description="x", sink_type="kinesis", sink_configuration={"arn": "x"}
    ),
    403,
    20403,
)

wish = events.subscriptions.create(
    description="texts",
    sink_sid=made.sid,
    types=[{"type": SENT, "schema_version": 4}, {"type": RECEIVED}],
)
equal(wish.sink_sid, made.sid)
equal([one.sid for one in events.subscriptions.list(sink_sid=made.sid)], [wish.sid])
subscribed = events.subscriptions(wish.sid).subscribed_events
equal([(one.type, one.schema_version) for one in subscribed.list(page_size=1)],
      [(RECEIVED, 6), (SENT, 4)])
equal(subscribed.create(type="com.twilio.messaging.message.failed").schema_version, 7)
equal(subscribed(SENT).update(schema_version=7).schema_version, 7)
assert subscribed(SENT).delete()
refused(lambda: subscribed(SENT).fetch(), 404, 20404)
refused(lambda: subscribed.create(type="com.twilio.nothing"), 400, 20422)

assert SENT in [one.type for one in events.event_types.list(page_size=5)]
equal(events.event_types(SENT).fetch().schema_id, "Messaging.MessageStatus")
schema = events.schemas("Messaging.MessageStatus")
equal(schema.fetch().latest_version, 7)
equal([one.schema_version for one in schema.versions.list(limit=2)], [7, 6])

equal([one.sid for one in events.sinks.list(in_use=True)], [made.sid])
refused(lambda: events.sinks(made.sid).delete(), 409, 20409)
assert events.subscriptions(wish.sid).delete()
assert events.sinks(made.sid).delete()
refused(lambda: events.sinks(made.sid).fetch(), 404, 20404)
print("events: ok")
