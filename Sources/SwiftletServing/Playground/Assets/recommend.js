// SPDX-License-Identifier: Apache-2.0
//
// The page of a model that recommends: a user and a length, and the list of items.

import { element, readable } from "./dom.js";

// More users are not offered while one types.
const offeredUsers = 1000;

// The form. Gives what columnEntry in app.js gives, and the request itself.
export function userEntry(model, metadata, changed) {
  const { user: column, item, top } = model.recommendation;
  const words = (name) => model.inputs.find((input) => input.name === name)?.categories ?? [];
  const known = words(column);
  const longest = Math.min(1000, Math.max(1, words(item).length));
  const user = element("input", {
    type: "text", id: "user", list: "users", autocomplete: "off", spellcheck: "false", "aria-describedby": "user-hint",
    input: () => {
      tell();
      changed();
    },
  });
  const length = element("input", { type: "number", id: "top", min: 1, max: longest, step: 1, input: changed });
  const hint = element("span", { class: "hint", id: "user-hint" });
  function tell() {
    const name = user.value.trim();
    hint.textContent = name === "" || known.includes(name) ? `${known.length} users are known` : "Not among the users of the training";
  }
  const count = () => (/^\d+$/.test(length.value.trim()) ? Number(length.value) : undefined);
  return {
    title: "For whom",
    node: element(
      "div",
      { class: "fields" },
      element(
        "div",
        { class: "field" },
        element("label", { for: "user" }, column),
        user,
        hint,
        element("datalist", { id: "users" }, ...known.slice(0, offeredUsers).map((name) => element("option", { value: name }))),
      ),
      element("div", { class: "field" }, element("label", { for: "top" }, "Number of items"), length),
    ),
    values: () => [
      [column, user.value.trim()],
      ["Number of items", count()],
    ],
    isBlank: () => user.value.trim() === "",
    invitation: "Name a user, and the model lists items.",
    begin() {
      user.value = known[0] ?? "";
      length.value = String(Math.min(top, longest));
      tell();
    },
    request() {
      const datatype = metadata.inputs.find((tensor) => tensor.name === column)?.datatype ?? "BYTES";
      const inputs = [{ name: column, datatype, shape: [1, 1], data: [user.value.trim()] }];
      return { inputs, parameters: { top: count() ?? top } };
    },
    isKnown: () => known.includes(user.value.trim()),
    buttons: [],
  };
}

// The list. Gives what makeAnswer gives.
export function makeList(model, entry) {
  const headline = element("p", { class: "headline" }, "…");
  const detail = element("p", { class: "detail" });
  const list = element("ol", { class: "ranking", "aria-label": "Recommended items" });
  const failure = element("p", { class: "failure", role: "alert", hidden: true });
  const spoken = element("p", { class: "offscreen", role: "status" });
  const time = element("span", { class: "hint" });
  let speaking = 0;
  function empty() {
    clearTimeout(speaking);
    headline.textContent = "–";
    detail.textContent = time.textContent = "";
    list.replaceChildren();
  }
  return {
    node: element(
      "section",
      { class: "card answer", "aria-labelledby": "answer-title" },
      element("div", { class: "card-head" }, element("h2", { id: "answer-title" }, "Answer"), time),
      failure,
      headline,
      detail,
      list,
      spoken,
    ),
    show(outputs, values, milliseconds) {
      failure.hidden = true;
      time.textContent = `in ${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
      const items = outputs.items ?? [];
      const scores = outputs.scores ?? [];
      headline.textContent = items[0] ?? "–";
      detail.textContent = entry.isKnown()
        ? `the first of ${items.length} for ${values[0][1]}, by score`
        : `The model does not know ${values[0][1]}: these are the most rated items.`;
      list.replaceChildren(
        ...items.map((item, i) =>
          element("li", {}, element("span", { class: "name" }, item), element("span", { class: "number" }, readable(scores[i]))),
        ),
      );
      clearTimeout(speaking);
      speaking = setTimeout(() => (spoken.textContent = `${items.length} items, first ${items[0]}`), 700);
    },
    wait(invitation) {
      failure.hidden = true;
      empty();
      detail.textContent = invitation;
    },
    fail(message) {
      empty();
      failure.textContent = message;
      failure.hidden = false;
    },
  };
}
