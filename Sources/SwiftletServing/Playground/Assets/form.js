// SPDX-License-Identifier: Apache-2.0
//
// The form of a model with columns: a number with a slider over the range of training, a list for categories, and a
// field of text for dates.
//
// An empty field is a missing value. The model fills it as it did in training, so it is not a mistake.

import { breakable, element, readable } from "./dom.js";

// Gives { node, values(), fill(row) }; `changed` is called when a person has changed a value.
export function makeForm(inputs, changed) {
  const fields = inputs.map((input, position) => fieldOf(input)(input, position, changed));
  return {
    node: element("div", { class: "fields" }, ...fields.map((field) => field.node)),
    // Names and values in the order of the columns, null where one is missing.
    values: () => fields.map((field, position) => [inputs[position].name, field.value()]),
    fill: (row) => fields.forEach((field, position) => field.show(row[position])),
  };
}

function fieldOf(input) {
  if (input.type === "number") return numberField;
  return input.categories ? choiceField : textField;
}

function numberField(input, position, changed) {
  const id = `field-${position}`;
  const low = input.minimum ?? 0;
  const high = input.maximum ?? 1;
  const isWhole = [low, high, input.example ?? low].every(Number.isInteger);
  const step = isWhole && high - low >= 2 ? 1 : stepFor(high - low);
  const unit = input.unit ? ` ${input.unit}` : "";
  // Many columns have their unit in their name.
  const shownUnit = input.unit && !input.name.endsWith(`_${input.unit}`) ? element("span", { class: "unit" }, unit) : null;
  const number = element("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    id,
    placeholder: "missing",
    "aria-describedby": `${id}-hint`,
  });
  const slider = element("input", {
    type: "range",
    min: low,
    max: high,
    step,
    "aria-label": `${input.name}, slider`,
  });
  const hint = element("span", { class: "hint", id: `${id}-hint` });
  const range = `${readable(low)} to ${readable(high)}${unit} in training`;
  // The range stands at the ends of the slider; in words it is there for those who do not see them.
  const end = (value) => element("span", { class: "end", "aria-hidden": "true" }, readable(value));

  // The text of the field as a number: null where it is empty, undefined where it is none.
  function read() {
    const text = number.value.trim().replace(",", ".");
    if (text === "") return null;
    return Number.isFinite(Number(text)) ? Number(text) : undefined;
  }
  function tell() {
    const value = read();
    const isNumber = value !== undefined;
    number.setAttribute("aria-invalid", String(!isNumber));
    slider.classList.toggle("missing", value === null || !isNumber);
    if (!isNumber) hint.textContent = "This is not a number.";
    else if (value === null) hint.textContent = `Missing: the model takes ${readable(input.fill)}${unit}`;
    else if (value < low || value > high) hint.textContent = `Outside what it has seen: ${range}`;
    else hint.textContent = range;
    hint.classList.toggle("warning", !isNumber || (value !== null && (value < low || value > high)));
    hint.classList.toggle("offscreen", isNumber && value !== null && value >= low && value <= high);
    slider.style.setProperty("--at", `${high > low ? (100 * (Number(slider.value) - low)) / (high - low) : 0}%`);
  }
  number.addEventListener("input", () => {
    const value = read();
    if (typeof value === "number") slider.value = value;
    tell();
    changed();
  });
  slider.addEventListener("input", () => {
    number.value = String(Number(Number(slider.value).toPrecision(6)));
    tell();
    changed();
  });
  return {
    node: element(
      "div",
      { class: "field" },
      element("label", { for: id }, ...breakable(input.name), shownUnit),
      element("div", { class: "slide" }, end(low), slider, end(high)),
      number,
      hint,
    ),
    value: read,
    show(value) {
      number.value = typeof value === "number" ? String(value) : "";
      slider.value = typeof value === "number" ? value : (input.mean ?? low);
      tell();
    },
  };
}

// A step that divides a range into about 200.
function stepFor(range) {
  if (!(range > 0)) return "any";
  return Number(Math.pow(10, Math.floor(Math.log10(range / 100))).toPrecision(1));
}

function choiceField(input, position, changed) {
  const id = `field-${position}`;
  const select = element(
    "select",
    { id },
    element("option", { value: "" }, "missing"),
    ...input.categories.map((category, index) => element("option", { value: String(index) }, category)),
  );
  // A category of the example that training left out, for it came too seldom.
  const other = typeof input.example === "string" && !input.categories.includes(input.example) ? input.example : null;
  if (other !== null) select.append(element("option", { value: "other" }, other));
  select.addEventListener("change", changed);
  return {
    node: element("div", { class: "field choice" }, element("label", { for: id }, ...breakable(input.name)), select),
    value() {
      if (select.value === "") return null;
      return select.value === "other" ? other : input.categories[Number(select.value)];
    },
    show(value) {
      const index = input.categories.indexOf(value);
      select.value = index >= 0 ? String(index) : value !== null && value === other ? "other" : "";
    },
  };
}

function textField(input, position, changed) {
  const id = `field-${position}`;
  const text = element("input", {
    type: "text",
    autocomplete: "off",
    spellcheck: "false",
    id,
    placeholder: "missing",
    "aria-describedby": `${id}-hint`,
  });
  const hint = element("span", { class: "hint", id: `${id}-hint` }, input.type === "date" ? "as 2024-03-31 or 2024-03-31 18:30" : "");
  const isDate = () => input.type !== "date" || /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?)?$/.test(text.value.trim());
  function read() {
    if (text.value.trim() === "") return null;
    return isDate() ? text.value.trim() : undefined;
  }
  text.addEventListener("input", () => {
    text.setAttribute("aria-invalid", String(read() === undefined));
    changed();
  });
  return {
    node: element("div", { class: "field choice" }, element("label", { for: id }, ...breakable(input.name)), text, hint),
    value: read,
    show(value) {
      text.value = value ?? "";
      text.setAttribute("aria-invalid", "false");
    },
  };
}
