"""Accounts, subaccounts, keys and signing keys."""

from house import SID, client, equal, refused

twilio = client()

account = twilio.api.accounts(SID).fetch()
equal(account.sid, SID)
equal(account.status, "active")
assert account.date_created.year >= 2020, account.date_created

sub = twilio.api.accounts.create(friendly_name="Branch")
equal(sub.owner_account_sid, SID)
equal([one.sid for one in twilio.api.accounts.list()], [SID, sub.sid])
equal([one.sid for one in twilio.api.accounts.list(friendly_name="Branch")], [sub.sid])
equal(twilio.api.accounts(sub.sid).update(friendly_name="Branch 2").friendly_name, "Branch 2")

# The parent acts on the subaccount, by the client's account sid.
inside = client(account_sid=sub.sid)
application = inside.applications.create(friendly_name="of the branch")
equal(application.account_sid, sub.sid)
equal(len(twilio.applications.list()), 0)

equal(twilio.api.accounts(sub.sid).update(status="suspended").status, "suspended")
refused(lambda: client(sub.sid, sub.auth_token).messages.list(), 403, 20005)
equal(twilio.api.accounts(sub.sid).update(status="closed").status, "closed")
refused(lambda: twilio.api.accounts(sub.sid).update(status="active"), 400, 21479)

key = twilio.new_keys.create(friendly_name="laptop")
with_key = client(key.sid, key.secret, SID)
equal(len(with_key.messages.list()), 0)
refused(lambda: with_key.api.accounts(SID).fetch(), 403, 20003)
refused(lambda: with_key.keys.list(), 403, 20003)
equal([one.sid for one in twilio.keys.list()], [key.sid])
equal(twilio.keys(key.sid).update(friendly_name="desktop").friendly_name, "desktop")
signing = twilio.new_signing_keys.create()
equal({one.sid for one in twilio.signing_keys.list()}, {key.sid, signing.sid})
assert twilio.keys(key.sid).delete()
refused(lambda: with_key.messages.list(), 401, 20003)
refused(lambda: twilio.keys(key.sid).fetch(), 404, 20404)
print("accounts and keys: ok")
