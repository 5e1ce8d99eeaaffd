// Talking to the service: one file at a time, again when it is busy, with the token if it asks.

import { session } from "./storage.js";

export class Refusal extends Error {
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const ATTEMPTS = 8;
let token = session?.getItem("token");

export function useToken(given) {
  token = given;
  session?.setItem("token", given);
}

// The answer of /api/v1/ocr. `waiting(seconds)` is called before each new attempt. To abort by
// `signal` closes the connection, by which the server knows that nobody waits any longer.
export async function read(file, options, signal, waiting) {
  for (let attempt = 1; ; attempt++) {
    const form = new FormData();
    form.append("image", file, "picture");
    form.append("options", JSON.stringify(options));
    let response;
    try {
      response = await ask("/api/v1/ocr", { method: "POST", body: form, signal });
    } catch {
      signal.throwIfAborted();
      throw await whyNot(file);
    }
    const answer = await response.json().catch(() => null);
    signal.throwIfAborted();
    if (response.ok && answer) return answer;
    if ((response.status === 429 || response.status === 503) && attempt < ATTEMPTS) {
      const seconds = Number(response.headers.get("Retry-After") || 1) * attempt;
      waiting(seconds);
      await new Promise((resolve) => {
        setTimeout(resolve, seconds * 1000);
        signal.addEventListener("abort", resolve);
      });
      signal.throwIfAborted();
      continue;
    }
    const { code, message } = answer?.error ?? byOthers(response);
    throw new Refusal(code, message, response.status);
  }
}

// What a proxy between us and the server means.
function byOthers({ status }) {
  if (status === 413) return { code: "body_too_large", message: "the file is too large for this server" };
  return { code: "internal", message: `the server, or a proxy before it, answers ${status}` };
}

function ask(path, request = {}) {
  const headers = token ? { Authorization: `Bearer ${inLatin1(token)}` } : {};
  return fetch(path, { ...request, headers });
}

// A header holds bytes; scripts may only give them as characters of Latin-1.
function inLatin1(text) {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

// Why there was no answer at all.
async function whyNot(file) {
  const found = (code, message, status = 0) => new Refusal(code, message, status);
  if (!(await isReadable(file))) return found("unreadable", "the browser cannot open it; folders are not read");
  if (await isTooLarge(file)) return found("body_too_large", "the file is too large for this server", 413);
  return found("unreachable", "the server cannot be reached");
}

// A folder that was dropped is not.
const isReadable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

// A server that refuses a body while it is being sent looks to a browser like one that is gone.
async function isTooLarge(file) {
  try {
    const { limits } = await (await ask("/api/v1/options")).json();
    return file.size > limits.picture_bytes;
  } catch {
    return false;
  }
}
