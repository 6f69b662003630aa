// The official validateRequest accepts every webhook of a call, whatever its URL and method.
//
// The customer judges each request as it comes: questions, actions, whispers and the fallback, and
// everything that is told. Here it is made sure that all kinds of them come.

import assert from "node:assert/strict";
import { Customer } from "./customer.mjs";
import { NUMBER, PERSON, Phone, advance, client, standStill, twilio as sdk } from "./house.mjs";

const { VoiceResponse } = sdk.twiml;
const twilio = client();
const [listed] = await twilio.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
const customer = await Customer.open();
await standStill();
const person = new Phone(PERSON);
const friend = new Phone("+12025550111");
const answers = await new Phone("+12025550112").set({ OnCall: "answer" });
const queries = [
  "",
  "?a=b&empty=&b=%20%2B+",
  "?tag=one&tag=two&tag=one",
  "?ünï=cødé&q=日本",
  "?x=%E2%82%AC&flag",
  "?CallSid=mine&url=http://example.com:80/?a=b",
];
const asked = "/voice /fallback /action /kept /whisper /dialed /texted /moved".split(" ");
const told = "/partial /recorded /leg /amd /text /ended".split(" ");
const events = ["initiated", "ringing", "answered", "completed"];

function made(build) {
  const document = new VoiceResponse();
  build(document);
  return document;
}

// A call that comes in, and in which everything is asked and told that there is.
async function inbound(url, method) {
  const recorded = {
    recordingStatusCallback: url("/recorded"),
    recordingStatusCallbackMethod: method,
  };
  const documents = {
    "/fallback": made((document) => {
      document.gather({
        input: ["speech", "dtmf"],
        timeout: 5,
        action: url("/action"),
        method,
        partialResultCallback: url("/partial"),
        partialResultCallbackMethod: method,
      });
    }),
    "/action": made((document) => document.record({ action: url("/kept"), method, ...recorded })),
    "/kept": made((document) => {
      const dial = { action: url("/dialed"), method, record: "record-from-answer", ...recorded };
      document.dial(dial).number(
        {
          url: url("/whisper"),
          method,
          statusCallback: url("/leg"),
          statusCallbackMethod: method,
          statusCallbackEvent: events,
          machineDetection: "Enable",
          amdStatusCallback: url("/amd"),
          amdStatusCallbackMethod: method,
        },
        friend.address,
      );
    }),
    "/whisper": new VoiceResponse(),
    "/dialed": made((document) => {
      document.sms({ action: url("/texted"), method, statusCallback: url("/text") }, "hi");
    }),
    "/texted": made((document) => document.redirect({ method }, url("/moved"))),
    "/moved": new VoiceResponse(),
  };
  customer.on("/voice", 500);
  for (const [path, document] of Object.entries(documents)) customer.on(path, document);
  await twilio.incomingPhoneNumbers(listed.sid).update({
    voiceUrl: url("/voice"),
    voiceMethod: method,
    voiceFallbackUrl: url("/fallback"),
    voiceFallbackMethod: method,
    statusCallback: url("/ended"),
    statusCallbackMethod: method,
  });
  const sid = await person.dial();
  await person.does(sid, "Speech", { Text: "good morning" });
  await advance(8);
  await person.does(sid, "Speech", { Text: "after the tone" });
  await person.does(sid, "Digits", { Digits: "#" });
  await friend.does(await friend.newest(), "Answer");
  await advance(10);
  await friend.does(await friend.newest(), "Hangup");
  await advance(10);
  assert.equal((await twilio.calls(sid).fetch()).status, "completed");
}

// A call that is made by REST.
async function outbound(url, method) {
  customer.on("/voice", made((document) => document.pause({ length: 5 })));
  const { sid } = await twilio.calls.create({
    to: answers.address,
    from: NUMBER,
    url: url("/voice"),
    method,
    statusCallback: url("/ended"),
    statusCallbackMethod: method,
    statusCallbackEvent: events,
    record: true,
    recordingStatusCallback: url("/recorded"),
    recordingStatusCallbackMethod: method,
    machineDetection: "Enable",
    asyncAmd: "true",
    asyncAmdStatusCallback: url("/amd"),
    asyncAmdStatusCallbackMethod: method,
  });
  await advance(20);
  assert.equal((await twilio.calls(sid).fetch()).status, "completed");
}

async function came(paths, method, least = 1) {
  for (const path of paths) {
    assert.ok(customer.at(path).length >= least, `nothing came at ${path}`);
    while (customer.at(path).length > 0) {
      // How a text is told has no method of its own.
      await customer.heard(path, path === "/text" ? "POST" : method);
    }
  }
}

for (const method of ["POST", "GET"]) {
  for (const query of queries) {
    await inbound((path) => customer.url(path + query), method);
    await came([...asked, ...told], method);
    await outbound((path) => customer.url(path + query), method);
    await came(["/voice", "/recorded", "/amd"], method);
    await came(["/ended"], method, 4);
  }
}

// Credentials in a URL and a fragment are not signed; a name of the host is, as it is written.
for (const host of [`user:pass@127.0.0.1:${customer.port}`, `localhost:${customer.port}`]) {
  customer.base = `http://${host.replace("user:pass@", "")}`;
  await inbound((path) => `http://${host}${path}?a=1#rc=1&ct=2000`, "POST");
  await came([...asked, ...told], "POST");
}
console.log(`calls' signatures: ok, ${customer.finish()} of them`);
