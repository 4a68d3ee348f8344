// SPDX-License-Identifier: Apache-2.0
//
// The field for the key of a server that wants one.

import { hasKey, useKey } from "./api.js";
import { element } from "./dom.js";

// A form that takes a key and then calls `retry`.
export function keyForm(retry) {
  const field = element("input", { type: "password", id: "key", autocomplete: "off" });
  const form = element(
    "form",
    { class: "card key" },
    element("label", { for: "key" }, hasKey() ? "That key was refused. API key" : "API key"),
    field,
    element("button", { type: "submit" }, "Go on"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(field.value);
    retry();
  });
  return form;
}
