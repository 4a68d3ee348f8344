// SPDX-License-Identifier: Apache-2.0
//
// Making elements. Text is only ever set as text, so that no name, label or card can become markup.

// An element with attributes and children: element("p", { class: "hint" }, "Some ", element("em", {}, "text")).
// A function as an attribute listens for the event of that name.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(attribute, value);
    else made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

export function find(id) {
  return document.getElementById(id);
}

// A number as a person reads it: four figures that count, and no exponent where none is needed.
export function readable(number) {
  if (!Number.isFinite(number)) return "–";
  const size = Math.abs(number);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return number.toExponential(3);
  if (Number.isInteger(number)) return String(number);
  return String(Number(number.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4)));
}

// A name that may be broken after its underscores.
export function breakable(name) {
  return name.split(/(?<=_)/).flatMap((part, i) => (i > 0 ? [element("wbr"), part] : [part]));
}

// A probability as a percentage. No model is certain, so none is shown as 0 % or 100 %, which rounding could make.
export function percent(probability) {
  if (!Number.isFinite(probability)) return "–";
  const value = probability * 100;
  if (value < 0.1) return "< 0.1 %";
  if (value > 99.9) return "> 99.9 %";
  return `${value.toFixed(1)} %`;
}

// A button that copies what `text` gives.
export function copyButton(text, label = "Copy") {
  const button = element("button", { type: "button", class: "quiet copy" }, label);
  button.addEventListener("click", async () => {
    button.textContent = (await copy(text())) ? "Copied" : "Select and copy by hand";
    setTimeout(() => (button.textContent = label), 1600);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Only secure pages and loopback have a clipboard; elsewhere the old way still works.
    const area = element("textarea", { class: "offscreen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// Tabs as the ARIA Authoring Practices describe them: one stop for the Tab key, arrows from tab to tab.
// `panels` is a list of [title, element].
export function tabs(label, panels) {
  const list = element("div", { role: "tablist", "aria-label": label, class: "tabs" });
  const box = element("div", { class: "tabbed" }, list);
  const stem = `tab-${label.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  const buttons = panels.map(([title, panel], position) => {
    const button = element(
      "button",
      { type: "button", role: "tab", id: `${stem}-${position}`, "aria-controls": `${stem}-panel-${position}` },
      title,
    );
    panel.id = `${stem}-panel-${position}`;
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    panel.tabIndex = 0;
    button.addEventListener("click", () => choose(position));
    list.append(button);
    box.append(panel);
    return button;
  });
  function choose(chosen) {
    buttons.forEach((button, position) => {
      button.setAttribute("aria-selected", String(position === chosen));
      button.tabIndex = position === chosen ? 0 : -1;
      panels[position][1].hidden = position !== chosen;
    });
  }
  list.addEventListener("keydown", (event) => {
    const current = buttons.indexOf(document.activeElement);
    const steps = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: buttons.length - 1 };
    if (current < 0 || !(event.key in steps)) return;
    event.preventDefault();
    const next = (steps[event.key] + buttons.length) % buttons.length;
    choose(next);
    buttons[next].focus();
  });
  choose(0);
  return box;
}
