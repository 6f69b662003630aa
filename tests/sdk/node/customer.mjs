// A small web app whose answers are the SDK's own documents, and which checks who asks.
//
// Every request must be signed as the official validateRequest wants it, over GET and POST, and be
// refused by it with another token or URL.

import assert from "node:assert/strict";
import http from "node:http";
import { TOKEN, twilio as sdk } from "./house.mjs";

// Parameters as body parsers give them: a text, or a list when a name repeats.
function parse(text) {
  const form = new URLSearchParams(text);
  const names = [...new Set(form.keys())];
  const value = (name) => (form.getAll(name).length > 1 ? form.getAll(name) : form.get(name));
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

export class Customer {
  #documents = new Map();
  #requests = new Map();
  #unsigned = [];
  #signed = 0;
  #arrived = () => {};

  /** Listens, and answers at each path with its documents in turn, the last again and again. */
  static async open() {
    const customer = new Customer();
    customer.app = http.createServer((request, response) => customer.#answer(request, response));
    await new Promise((resolve) => customer.app.listen(0, "127.0.0.1", resolve));
    customer.port = customer.app.address().port;
    customer.base = `http://127.0.0.1:${customer.port}`;
    return customer;
  }

  url(path) {
    return this.base + path;
  }

  /** What is answered at a path: documents of the SDK's builders, a status, or type and file. */
  on(path, ...documents) {
    this.#documents.set(path, documents);
    return this.url(path);
  }

  async #answer(request, response) {
    let body = "";
    for await (const piece of request) body += piece;
    const { method, url, headers } = request;
    const [path] = url.split("?", 1);
    this.#check(method, url, headers["x-twilio-signature"] ?? "", parse(body));
    const told = method === "POST" ? parse(body) : parse(url.slice(path.length + 1));
    this.at(path).push({ method, told });
    const documents = this.#documents.get(path) ?? [204];
    const document = documents.length > 1 ? documents.shift() : documents[0];
    const [kind, file] = Array.isArray(document) ? document : ["text/xml", `${document}`];
    response.setHeader("Content-Type", kind);
    if (typeof document === "number") response.statusCode = document;
    response.end(typeof document === "number" ? "" : file);
    this.#arrived();
  }

  #check(method, path, signature, posted) {
    const url = this.base + path;
    const valid = (token, at) => sdk.validateRequest(token, signature, at, posted);
    if (valid(TOKEN, url) && !valid(TOKEN, `${url}x`) && !valid("0".repeat(32), url)) {
      this.#signed += 1;
    } else {
      this.#unsigned.push({ method, path, posted });
    }
  }

  /** The requests at a path that nobody has looked at. */
  at(path) {
    if (!this.#requests.has(path)) this.#requests.set(path, []);
    return this.#requests.get(path);
  }

  /** The next request at a path, which has these parameters. */
  async heard(path, method = "POST", expected = {}) {
    while (this.at(path).length === 0) await new Promise((resolve) => (this.#arrived = resolve));
    const { method: found, told } = this.at(path).shift();
    assert.equal(found, method, path);
    for (const [name, value] of Object.entries(expected)) {
      assert.equal(told[name], value, `${name} at ${path}: ${JSON.stringify(told)}`);
    }
    assert.deepEqual(this.#unsigned, []);
    return told;
  }

  /** Every request was signed, and every one was looked at; how many there were. */
  finish() {
    assert.deepEqual(this.#unsigned, []);
    const left = [...this.#requests].filter(([, waiting]) => waiting.length > 0);
    assert.deepEqual(left, [], "requests nobody expected");
    this.app.close();
    this.app.closeAllConnections();
    return this.#signed;
  }
}
