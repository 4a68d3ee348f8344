// SPDX-License-Identifier: Apache-2.0
//
// Trying a route: its parameters and body to fill in, the same as curl, and what came back.

import { addressOf, hasKey, keyHeader } from "./api.js";
import { copyButton, element } from "./dom.js";
import { curl, indented, spaced } from "./snippets.js";

let count = 0;

export function makeTrial({ path, method, parameters, type, example }) {
  const stem = `trial-${count++}`;
  const shown = parameters.filter((parameter) => ["path", "query"].includes(parameter.in));
  const fields = shown.map((parameter) => parameterField(parameter));
  const text = example === undefined ? "" : typeof example === "string" ? example : spaced(example);
  const body = type ? element("textarea", { id: `${stem}-body`, spellcheck: "false" }) : null;
  if (body) body.value = text;
  const code = element("code");
  const status = element("p", { class: "status", role: "status" });
  const reply = element("code");
  const replyBox = element("pre", { tabindex: 0, hidden: true, "aria-label": "What the server answered" }, reply);

  function address() {
    let full = path;
    const query = new URLSearchParams();
    shown.forEach((parameter, i) => {
      const value = fields[i].value;
      // Everything that a name may hold, except the slash, stays as it is: ":" is part of some routes.
      if (parameter.in === "path") full = full.replace(`{${parameter.name}}`, encodeURIComponent(value));
      else if (value !== "") query.set(parameter.name, value);
    });
    return full + (query.size > 0 ? `?${query}` : "");
  }
  function told() {
    const header = type && type !== "application/json" ? type : undefined;
    const command = curl(addressOf(address()), body?.value, method.toUpperCase(), hasKey());
    code.textContent = header ? command.replace("application/json", header) : command;
  }
  async function send() {
    status.textContent = "…";
    const start = performance.now();
    try {
      const response = await fetch(addressOf(address()), {
        method: method.toUpperCase(),
        headers: { ...keyHeader(), ...(type ? { "Content-Type": type } : {}) },
        body: body && method === "post" ? body.value : undefined,
      });
      const answer = await response.text();
      const time = performance.now() - start;
      status.textContent = `${response.status} ${response.statusText} in ${time.toFixed(time < 10 ? 1 : 0)} ms`;
      reply.textContent = pretty(answer);
    } catch {
      status.textContent = "The server does not answer. Is it still running?";
      reply.textContent = "";
    }
    replyBox.hidden = reply.textContent === "";
  }
  const form = element(
    "form",
    { class: "try", novalidate: true },
    ...shown.map((parameter, i) => element("label", {}, parameter.name, fields[i])),
    body ? element("label", { for: `${stem}-body` }, "Body") : null,
    body,
    element("div", { class: "snippet" }, element("pre", { tabindex: 0, "aria-label": "The request with curl" }, code), copyButton(() => code.textContent)),
    element("div", {}, element("button", { type: "submit" }, "Send")),
    status,
    replyBox,
  );
  form.addEventListener("input", told);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  told();
  return form;
}

function parameterField(parameter) {
  const schema = parameter.schema ?? {};
  const value = parameter.example ?? schema.example ?? schema.default ?? schema.enum?.[0] ?? "";
  if (!schema.enum) return element("input", { type: "text", value: String(value), autocomplete: "off", spellcheck: "false" });
  const select = element("select", {}, ...schema.enum.map((each) => element("option", { value: String(each) }, String(each))));
  select.value = String(value);
  return select;
}

function pretty(text) {
  if (text.length > 100_000) return `${text.slice(0, 100_000)}\n…`;
  try {
    return indented(JSON.parse(text));
  } catch {
    return text;
  }
}
