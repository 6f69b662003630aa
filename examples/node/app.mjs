// A receiver for texts and calls: an echo, a menu, and what became of each answer.

import http from "node:http";
import { createRequire } from "node:module";

const twilio = createRequire(import.meta.url)("twilio");
const { MessagingResponse, VoiceResponse } = twilio.twiml;
const BODY_BYTES_MAX = 64 * 1024;

const pages = {
  "/sms": (form) => {
    const answer = new MessagingResponse();
    answer.message({ statusCallback: "/status" }, `You said: ${form.Body}`);
    return answer;
  },
  "/status": (form) => console.log(form.MessageSid, "is", form.MessageStatus),
  "/voice": () => {
    const answer = new VoiceResponse();
    answer.gather({ numDigits: 1, action: "/menu" }).say("For our hours, press 1.");
    answer.redirect("/voice");
    return answer;
  },
  "/menu": (form) => {
    const answer = new VoiceResponse();
    if (form.Digits === "1") {
      answer.say("We are open from nine to five.");
    } else {
      answer.say("There is no such choice.");
      answer.redirect("/voice");
    }
    return answer;
  },
};

const app = http.createServer(async (request, response) => {
  const end = (status, body) => response.writeHead(status, { "Content-Type": "text/xml" }).end(body);
  let body = "";
  for await (const piece of request.setEncoding("utf8")) {
    body += piece;
    if (body.length > BODY_BYTES_MAX) return end(413);
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  const signature = request.headers["x-twilio-signature"] ?? "";
  const url = publicUrl + request.url;
  if (!twilio.validateRequest(process.env.TWILIO_AUTH_TOKEN, signature, url, form)) return end(403);
  if (!Object.hasOwn(pages, request.url)) return end(404);
  const answer = pages[request.url](form);
  return answer ? end(200, answer.toString()) : end(204);
});

let publicUrl = process.env.PUBLIC_URL;
app.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  publicUrl ??= `http://127.0.0.1:${app.address().port}`;
  console.log("listening for", publicUrl);
});
