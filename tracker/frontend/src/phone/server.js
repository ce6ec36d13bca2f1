// Talking to the server over a line that may be cut at any byte, or be somebody else's sign-in page.
import { heard } from "./clock.js";

const PATIENCE = 30_000;

/** No answer of the server: no line, too slow, a portal's page instead of ours, or a server in trouble. */
export class Away extends Error {
  constructor(status = 0) {
    super(`no answer (${status})`);
    this.status = status;
  }
}

/** The server has refused: its status and what it said of the fields. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.title ?? `refused (${status})`);
    this.status = status;
    this.errors = problem?.errors ?? null;
    this.code = problem?.code ?? null;
    this.body = problem;
  }
}

const IN_TROUBLE = (status) => status >= 500 || status === 408 || status === 429;

/** The JSON that our server answered; Away or Refusal otherwise. */
export async function ask(path, options = {}) {
  const headers = { Accept: "application/json", ...options.headers };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  const ends = new AbortController();
  const timer = setTimeout(() => ends.abort(), PATIENCE);
  try {
    // A redirect would be a portal's or the sign-in page's: neither is an answer.
    const settings = { credentials: "same-origin", redirect: "error", cache: "no-store", ...options };
    const response = await fetch(path, { ...settings, headers, signal: ends.signal });
    return await read(response);
  } catch (error) {
    if (error instanceof Refusal || error instanceof Away) throw error;
    throw new Away();
  } finally {
    clearTimeout(timer);
  }
}

async function read(response) {
  const json = /^application\/(problem\+)?json\b/.test(response.headers.get("Content-Type") ?? "");
  if (!json || IN_TROUBLE(response.status)) throw new Away(response.status);
  const body = await response.json();
  heard(response.headers.get("Date"));
  if (!response.ok) throw new Refusal(response.status, body);
  return body;
}

/** Who is signed in and the token that unsafe requests of the session carry; Refusal 401 where nobody is. */
export const session = () => ask("/api/v1/session");

/** POST in the session of who is signed in. */
export async function call(path, body) {
  const { csrf_token } = await session();
  return ask(path, { method: "POST", body: JSON.stringify(body), headers: { "X-CSRFToken": csrf_token } });
}
