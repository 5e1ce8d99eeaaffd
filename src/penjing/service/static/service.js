// Talking to the service: one file at a time, again when it is busy, with the token if it asks.

export class Refusal extends Error {
  constructor(code, message, status) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const ATTEMPTS = 8;

// The answer of /api/v1/ocr. `waiting(seconds)` is called before each new attempt.
export async function read(file, options, waiting) {
  for (let attempt = 1; ; attempt++) {
    const form = new FormData();
    form.append("image", file, "picture");
    form.append("options", JSON.stringify(options));
    const token = sessionStorage.getItem("token");
    const headers = token ? { Authorization: `Bearer ${token}` } : {};
    let response;
    try {
      response = await fetch("/api/v1/ocr", { method: "POST", body: form, headers });
    } catch {
      throw new Refusal("unreachable", "", 0);
    }
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return answer;
    if ((response.status === 429 || response.status === 503) && attempt < ATTEMPTS) {
      const seconds = Number(response.headers.get("Retry-After") || 1) * attempt;
      waiting(seconds);
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      continue;
    }
    const error = answer?.error ?? { code: "internal", message: response.statusText };
    throw new Refusal(error.code, error.message, response.status);
  }
}
