// Accounts, subaccounts, keys and signing keys.

import assert from "node:assert/strict";
import { SID, client, refused } from "./house.mjs";

const twilio = client();
const sids = (list) => list.map((one) => one.sid);

const account = await twilio.api.accounts(SID).fetch();
assert.equal(account.status, "active");
assert.ok(account.dateCreated.getUTCFullYear() >= 2020);

const sub = await twilio.api.accounts.create({ friendlyName: "Branch" });
assert.equal(sub.ownerAccountSid, SID);
assert.deepEqual(sids(await twilio.api.accounts.list()), [SID, sub.sid]);
assert.deepEqual(sids(await twilio.api.accounts.list({ friendlyName: "Branch" })), [sub.sid]);

// The parent acts on the subaccount, by the client's account sid.
const inside = client(undefined, undefined, sub.sid);
assert.equal((await inside.applications.create({})).accountSid, sub.sid);
assert.deepEqual(await twilio.applications.list(), []);

await twilio.api.accounts(sub.sid).update({ status: "suspended" });
await refused(() => client(sub.sid, sub.authToken).messages.list(), 403, 20005);
await twilio.api.accounts(sub.sid).update({ status: "closed" });
await refused(() => twilio.api.accounts(sub.sid).update({ status: "active" }), 400, 21479);

const key = await twilio.newKeys.create({ friendlyName: "laptop" });
const withKey = client(key.sid, key.secret, SID);
assert.deepEqual(await withKey.messages.list(), []);
await refused(() => withKey.api.accounts(SID).fetch(), 403, 20003);
await refused(() => withKey.keys.list(), 403, 20003);
const renamed = await twilio.keys(key.sid).update({ friendlyName: "desktop" });
assert.equal(renamed.friendlyName, "desktop");
const signing = await twilio.newSigningKeys.create();
assert.deepEqual(sids(await twilio.signingKeys.list()), [signing.sid, key.sid]);
assert.equal(await twilio.keys(key.sid).remove(), true);
await refused(() => withKey.messages.list(), 401, 20003);
console.log("accounts and keys: ok");
