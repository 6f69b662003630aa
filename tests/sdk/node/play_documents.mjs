// Documents of the SDK's own builder, played through by people at handsets: what each verb does.

import assert from "node:assert/strict";
import { Customer } from "./customer.mjs";
import { NUMBER, PERSON, Phone, advance, client, inOrder, standStill } from "./house.mjs";
import { twilio as sdk } from "./house.mjs";

const { VoiceResponse } = sdk.twiml;
const twilio = client();
const [listed] = await twilio.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
const customer = await Customer.open();
await standStill();
await twilio.incomingPhoneNumbers(listed.sid).update({
  voiceUrl: customer.url("/voice"),
  voiceFallbackUrl: customer.url("/fallback"),
  statusCallback: customer.url("/ended"),
});
const person = new Phone(PERSON);
const friend = new Phone("+12025550111");
const other = new Phone("+12025550112");

// A person calls, and this is what the application answers first.
async function callsIn(document) {
  customer.on("/voice", document);
  const sid = await person.dial();
  await customer.heard("/voice", "POST", { CallSid: sid, CallStatus: "ringing" });
  return sid;
}

const ended = (sid, status = "completed") =>
  customer.heard("/ended", "POST", { CallSid: sid, CallStatus: status });

// The call comes to its end by itself, and was heard like this.
async function goesBy(sid, expected, status = "completed") {
  await advance(60);
  inOrder(await person.heard(sid), [...expected, `< ended ${status}`]);
  await ended(sid, status);
}

// A document made in one go.
function made(build) {
  const document = new VoiceResponse();
  build(document);
  return document;
}

const goodbye = made((document) => document.say("Goodbye"));

// Say with SSML in voices and languages, Play, Pause, Hangup.
let sid = await callsIn(
  made((document) => {
    const say = document.say({ voice: "Polly.Joanna", loop: 2 });
    say.addText("Hello ");
    say.emphasis({ level: "strong" }, "dear");
    say.break({ strength: "weak", time: "500ms" });
    say.prosody({ pitch: "-10%", rate: "85%", volume: "-6dB" }, "caller");
    say.sayAs({ interpretAs: "digits", "interpret-as": "digits" }, "12345");
    say.s("A sentence.");
    say.phoneme({ alphabet: "ipa", ph: "pɪˈkɑːn" }, "pecan");
    say.sub({ alias: "W3C" }, "World Wide Web Consortium");
    say.w({ role: "amazon:VB" }, "read");
    say.p("A paragraph.");
    document.say({ voice: "woman", language: "es-MX" }, '¿Qué tal? <&> "ü" 日本');
    document.play({ digits: "ww12#" });
    document.pause({ length: 3 });
    document.hangup();
    document.say("never heard");
  }),
);
await advance(60);
const lines = await person.heard(sid);
const spoken = lines.find((line) => line.startsWith("< play say"));
for (const word of ["Hello", "dear", "caller", "12345", "A sentence.", "pecan", "A paragraph."]) {
  assert.ok(spoken.includes(word), `${word}: ${spoken}`);
}
inOrder(lines, [
  spoken,
  spoken,
  '< play say "¿Qué tal? <&> "ü" 日本" voice=woman language=es-MX',
  "< play keys ww12#",
  "< hang up",
]);
assert.ok(!lines.some((line) => line.startsWith('< play say "never')), lines.join("\n"));
await ended(sid);

// A menu of keys: the wrong one first, then none, then one that leads on.
const menu = made((document) => {
  const gather = document.gather({
    input: ["dtmf"],
    numDigits: 1,
    timeout: 5,
    action: customer.url("/menu"),
    method: "GET",
  });
  gather.say("Press 1 for hours");
  gather.pause({ length: 1 });
  document.say("No key");
  document.redirect({ method: "POST" }, customer.url("/again"));
});
const wrong = made((document) => {
  document.say("Wrong key");
  document.redirect("/again");
});
customer.on("/menu", wrong, made((document) => document.say("Nine to five")));
customer.on("/again", menu);
sid = await callsIn(menu);
await advance(1);
await person.does(sid, "Digits", { Digits: "7" });
await customer.heard("/menu", "GET", { Digits: "7", CallSid: sid });
await advance(2);
await customer.heard("/again", "POST", { CallStatus: "in-progress" });
await advance(12);
await customer.heard("/again");
await person.does(sid, "Digits", { Digits: "1" });
await customer.heard("/menu", "GET", { Digits: "1" });
await goesBy(sid, [
  '< play say "Press 1 for hours"',
  "> digit 7",
  '< play say "Wrong key"',
  '< play say "No key"',
  "> digit 1",
  '< play say "Nine to five"',
]);

// Speech with partial results; then both, and keys; then nothing, which is asked for, too.
const said = customer.url("/said");
customer.on(
  "/said",
  made((document) => {
    const gather = document.gather({ input: ["dtmf", "speech"], finishOnKey: "*", action: said });
    gather.say("Your number, then the star");
  }),
  made((document) => {
    document.gather({ input: ["speech"], timeout: 2, actionOnEmptyResult: true, action: said });
  }),
  goodbye,
);
sid = await callsIn(
  made((document) => {
    const gather = document.gather({
      input: ["speech"],
      language: "en-GB",
      hints: "yes,no",
      speechTimeout: "auto",
      profanityFilter: false,
      partialResultCallback: customer.url("/partial"),
      action: said,
    });
    gather.say("Say yes or no");
  }),
);
await person.does(sid, "Speech", { Text: "yes please", Confidence: "0.87" });
await advance(3);
await customer.heard("/said", "POST", { SpeechResult: "yes please", Confidence: "0.87" });
do await customer.heard("/partial", "POST", { CallSid: sid });
while (customer.at("/partial").length > 0);
await person.does(sid, "Digits", { Digits: "42*" });
await customer.heard("/said", "POST", { Digits: "42" });
await advance(5);
await customer.heard("/said", "POST", { SpeechResult: "" });
await goesBy(sid, ['> speech "yes please"', "> digit *", '< play say "Goodbye"']);

// Voicemail: a recording, its action and its callback.
customer.on("/kept", goodbye);
sid = await callsIn(
  made((document) => {
    document.say("Leave a message");
    document.record({
      action: customer.url("/kept"),
      method: "GET",
      maxLength: 30,
      timeout: 3,
      finishOnKey: "#",
      playBeep: true,
      trim: "do-not-trim",
      recordingStatusCallback: customer.url("/recorded"),
      recordingStatusCallbackEvent: ["in-progress", "completed"],
    });
  }),
);
await advance(3);
await customer.heard("/recorded", "POST", { RecordingStatus: "in-progress" });
await person.does(sid, "Speech", { Text: "please call back" });
await advance(4);
await person.does(sid, "Digits", { Digits: "#" });
const told = await customer.heard("/recorded", "POST", { RecordingStatus: "completed" });
const { RecordingUrl } = told;
await customer.heard("/kept", "GET", { Digits: "#", RecordingUrl });
const recording = await twilio.recordings(told.RecordingSid).fetch();
assert.deepEqual([recording.source, recording.callSid], ["RecordVerb", sid]);
const bytes = Buffer.from(await (await fetch(`${recording.mediaUrl}.wav`)).arrayBuffer());
assert.equal(bytes.subarray(0, 4).toString(), "RIFF");
// 8000 samples of two bytes are a second; a duration is rounded up.
assert.equal(Math.ceil((bytes.length - 44) / 16_000), Number(recording.duration));
await goesBy(sid, ['< play say "Leave a message"', "< play beep", "> digit #"]);

// A number with a whisper and status callbacks; a client and a SIP address ring with it.
customer.on("/whisper", made((document) => document.say("A call for you")));
customer.on("/dialed", goodbye);
sid = await callsIn(
  made((document) => {
    const dial = document.dial({
      action: customer.url("/dialed"),
      method: "GET",
      timeout: 15,
      callerId: NUMBER,
      answerOnBridge: true,
      record: "record-from-answer-dual",
      recordingStatusCallback: customer.url("/recorded"),
      recordingStatusCallbackEvent: ["completed"],
    });
    dial.number(
      {
        url: customer.url("/whisper"),
        statusCallback: customer.url("/leg"),
        statusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
      },
      friend.address,
    );
    const alice = dial.client({});
    alice.identity("alice");
    alice.parameter({ name: "team", value: "red" });
    dial.sip({ username: "u", password: "p" }, "sip:bob@example.com?x-order=7");
  }),
);
let leg = await friend.newest();
await friend.does(leg, "Answer");
await customer.heard("/whisper", "POST", { CallSid: leg, ParentCallSid: sid });
await advance(5);
await person.does(sid, "Speech", { Text: "hello friend" });
await advance(5);
const legs = await twilio.calls.list({ parentCallSid: sid });
const states = legs.map((one) => one.status).sort();
assert.deepEqual(states, ["canceled", "canceled", "in-progress"]);
await friend.does(leg, "Hangup");
for (const CallStatus of ["initiated", "ringing", "in-progress", "completed"]) {
  await customer.heard("/leg", "POST", { CallSid: leg, CallStatus, From: NUMBER });
}
await customer.heard("/recorded", "POST", { RecordingChannels: "2", RecordingSource: "DialVerb" });
const DialCallStatus = "completed";
await customer.heard("/dialed", "GET", { DialCallStatus, DialCallSid: leg, DialBridged: "true" });
inOrder(await friend.heard(leg), ['< play say "A call for you"', '< speech "hello friend"']);
await goesBy(sid, ["< dial", '> speech "hello friend"', '< play say "Goodbye"']);

// One after the other: busy, then nobody, then somebody.
await new Phone("+12025550113").set({ OnCall: "busy" });
sid = await callsIn(
  made((document) => {
    const dial = document.dial({ sequential: true, timeout: 5, action: customer.url("/dialed") });
    for (const address of ["+12025550113", friend.address, other.address]) dial.number(address);
  }),
);
await advance(11);
leg = await other.newest();
await other.does(leg, "Answer");
const statuses = (await twilio.calls.list({ parentCallSid: sid })).map((one) => one.status);
assert.deepEqual(statuses, ["in-progress", "no-answer", "busy"]);
await other.does(leg, "Hangup");
await customer.heard("/dialed", "POST", { DialCallStatus, DialCallSid: leg });
await goesBy(sid, ["< dial", "< fetch POST /dialed", '< play say "Goodbye"']);

// Reject, in both ways.
for (const [reason, status] of [["busy", "busy"], ["rejected", "no-answer"]]) {
  sid = await callsIn(made((document) => document.reject({ reason })));
  await goesBy(sid, [`< reject ${reason}`], status);
}

// A text from a call, and a transfer, which needs SIP.
customer.on(
  "/texted",
  made((document) => {
    document.refer({ action: customer.url("/referred") }).sip("sip:carol@example.com");
  }),
);
customer.on("/referred", goodbye);
sid = await callsIn(
  made((document) => {
    document.sms({ to: PERSON, from: NUMBER, action: customer.url("/texted") }, "On its way ✓");
  }),
);
const { SmsSid } = await customer.heard("/texted", "POST", { SmsStatus: "sending" });
assert.equal((await twilio.messages(SmsSid).fetch()).body, "On its way ✓");
await customer.heard("/referred", "POST", { ReferCallStatus: "failed" });
await goesBy(sid, ["< send", '< play say "Goodbye"']);

// A recording beside the documents, begun and stopped by name.
sid = await callsIn(
  made((document) => {
    document.start().recording({
      name: "whole",
      channels: "dual",
      recordingStatusCallback: customer.url("/recorded"),
      recordingStatusCallbackEvent: "in-progress completed",
    });
    document.say("This call is recorded");
    document.pause({ length: 4 });
    // This SDK's Stop has no Recording of its own.
    document.stop().addChild("Recording", { name: "whole" });
  }),
);
await customer.heard("/recorded", "POST", { RecordingStatus: "in-progress" });
await goesBy(sid, ["< start recording", '< play say "This', "< stop recording"]);
await customer.heard("/recorded", "POST", { RecordingStatus: "completed", CallSid: sid });

// The application fails, and its fallback takes over.
customer.on("/fallback", goodbye);
sid = await callsIn(500);
await customer.heard("/fallback", "POST", { ErrorCode: "11200", ErrorUrl: customer.url("/voice") });
await goesBy(sid, ["> no document, 11200", '< play say "Goodbye"']);

// A transcript is waited for.
sid = await callsIn(made((document) => document.gather({ numDigits: 1, timeout: 60 })));
const known = (await person.heard(sid)).length;
const waiting = person.heard(sid, known, "PT20S");
await person.does(sid, "Hangup");
inOrder(await waiting, ["> hung up"]);
await ended(sid);
console.log(`documents: ok, ${customer.finish()} webhooks were signed`);
