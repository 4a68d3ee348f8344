// SPDX-License-Identifier: Apache-2.0
//
// Asking the server, and reporting errors in a sentence.

// Whether programs can ask the server too.
export const isServed = true;

let key = "";

// The key that a server started with --api-key wants. It lives as long as the page.
export function useKey(text) {
  key = text.trim();
}

export function hasKey() {
  return key !== "";
}

export function keyHeader() {
  return key ? { Authorization: `Bearer ${key}` } : {};
}

// What the server said, or what can be said in its place.
export class ServerError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

// The address of a path, below wherever these pages are: a proxy may have put a prefix before it.
export function addressOf(path) {
  return new URL(path.replace(/^\//, ""), document.baseURI).href;
}

// Sends a request; `data` makes it a POST of JSON. Gives the decoded body and the milliseconds that it took.
export async function ask(path, { data, signal } = {}) {
  const headers = keyHeader();
  if (data !== undefined) headers["Content-Type"] = "application/json";
  const start = performance.now();
  let response, text;
  try {
    response = await fetch(addressOf(path), {
      method: data === undefined ? "GET" : "POST",
      headers,
      body: data === undefined ? undefined : JSON.stringify(data),
      signal,
    });
    text = await response.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerError("The server does not answer. Is it still running?", 0);
  }
  const milliseconds = performance.now() - start;
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!response.ok) {
    const said = typeof body?.error === "string" ? body.error : body?.error?.message;
    throw new ServerError(said ?? `The server answered with status ${response.status}.`, response.status);
  }
  if (body === undefined) throw new ServerError("The server's answer is not JSON.", response.status);
  return { body, milliseconds };
}
