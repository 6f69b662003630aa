// The official validateRequest accepts every webhook that a small app receives.

import assert from "node:assert/strict";
import http from "node:http";
import { NUMBER, PERSON, TOKEN, client, text, twilio as sdk } from "./house.mjs";

const received = [];
let arrived = () => {};

const app = http.createServer(async (request, response) => {
  let body = "";
  for await (const piece of request) body += piece;
  const { method, url, headers } = request;
  received.push({ method, path: url, signature: headers["x-twilio-signature"], body });
  arrived();
  response.setHeader("Content-Type", "text/xml");
  // One reply, whose statuses are told, too.
  const reply = `<Message statusCallback="${base}/reply-status">got it</Message>`;
  response.end(url.includes("/sms") ? `<Response>${reply}</Response>` : "");
});
await new Promise((resolve) => app.listen(0, "127.0.0.1", resolve));
const { port } = app.address();
let base = `http://127.0.0.1:${port}`;

// Parameters as body parsers give them: a text, or a list when a name repeats.
function parse(body) {
  const form = new URLSearchParams(body);
  const names = [...new Set(form.keys())];
  const value = (name) => (form.getAll(name).length > 1 ? form.getAll(name) : form.get(name));
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

// The next request at a path; its signature holds, and only with the right token and URL.
async function receive(begin, method) {
  for (;;) {
    while (received.length === 0) await new Promise((resolve) => (arrived = resolve));
    const got = received.shift();
    const parameters = parse(got.body);
    const url = base + got.path;
    const valid = (token, at) => sdk.validateRequest(token, got.signature, at, parameters);
    assert.ok(valid(TOKEN, url), `${got.method} ${got.path} ${got.body}`);
    assert.ok(!valid(TOKEN, `${url}x`), got.path);
    assert.ok(!valid("0".repeat(32), url), got.path);
    if (got.path.startsWith(begin)) {
      assert.equal(got.method, method, got.path);
      return parameters;
    }
  }
}

const twilio = client();
const [listed] = await twilio.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
// In this SDK an item of a list can't update itself.
const number = twilio.incomingPhoneNumbers(listed.sid);
const queries = [
  "",
  "?a=b",
  "?a=b&empty=&b=%20%2B+",
  "?tag=one&tag=two&tag=one",
  "?ünï=cødé&q=日本",
  "?x=%E2%82%AC&flag",
  "?Body=mine&url=http://example.com:80/?a=b",
];
const bodies = ["hello", "ümläut & = ? + %20 🎉", "line\nbreak\r\n  spaces  "];
for (const method of ["POST", "GET"]) {
  for (const [at, query] of queries.entries()) {
    const path = `/sms/${method}/${at}`;
    await number.update({ smsUrl: base + path + query, smsMethod: method });
    const body = bodies[at % bodies.length];
    await text(body);
    const parameters = await receive(path, method);
    if (method === "POST") {
      assert.equal(parameters.Body, body);
      assert.equal(parameters.FromZip, "");
    }
    for (const status of ["sent", "delivered"]) {
      assert.equal((await receive("/reply-status", "POST")).MessageStatus, status);
    }
  }
}

for (const [at, query] of queries.entries()) {
  const path = `/status/${at}`;
  const statusCallback = base + path + query;
  await twilio.messages.create({ to: PERSON, from: NUMBER, body: "hi", statusCallback });
  for (const status of ["sent", "delivered"]) {
    assert.equal((await receive(path, "POST")).MessageStatus, status);
  }
}

// What the request line cannot say is not signed: an empty path, an empty query.
for (const smsMethod of ["POST", "GET"]) {
  for (const rest of ["", "?", "?a=b", "/none?"]) {
    await number.update({ smsUrl: base + rest, smsMethod });
    await text("hi");
    await receive(rest === "/none?" ? "/none" : "/", smsMethod);
  }
}

// A URL with credentials, a fragment of overrides, and another name for the host.
for (const host of [`user:pass@127.0.0.1:${port}`, `localhost:${port}`]) {
  await number.update({ smsUrl: `http://${host}/last?a=1#rc=1&ct=2000`, smsMethod: "POST" });
  base = `http://${host.replace("user:pass@", "")}`;
  await text("hi");
  await receive("/last", "POST");
}
console.log("signatures: ok");
app.close();
app.closeAllConnections();
