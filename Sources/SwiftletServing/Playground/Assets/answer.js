// SPDX-License-Identifier: Apache-2.0
//
// The answer on the page: probabilities as bars or a number with its unit, and the parts that made it.

import { contributions, explained } from "./contributions.js";
import { element, percent, readable } from "./dom.js";

const shownClasses = 12;
const shownParts = 12;

// Gives { node, show(outputs, values, milliseconds), wait(invitation), fail(message) }.
export function makeAnswer(model) {
  const headline = element("p", { class: "headline" }, "…");
  const detail = element("p", { class: "detail" });
  const bars = element("div", { class: "bars" });
  const why = makeWhy(model);
  const spoken = element("p", { class: "offscreen", role: "status" });
  const failure = element("p", { class: "failure", role: "alert", hidden: true });
  const time = element("span", { class: "hint" });
  // On a narrow page the answer is below the inputs. While it is out of sight, a line at the bottom says it; those who
  // do not see the page hear it already.
  const brief = element("p", { class: "brief", "aria-hidden": "true", hidden: true });
  let speaking = 0;
  // A voice that follows every movement of a slider cannot be listened to: it speaks when the hand rests.
  function say(text) {
    clearTimeout(speaking);
    speaking = setTimeout(() => (spoken.textContent = text), 700);
  }
  function empty() {
    headline.textContent = brief.textContent = "–";
    detail.textContent = time.textContent = "";
    bars.replaceChildren();
    why.node.hidden = true;
    clearTimeout(speaking);
  }
  const card = element(
    "section",
    { class: "card answer", "aria-labelledby": "answer-title" },
    element("div", { class: "card-head" }, element("h2", { id: "answer-title" }, "Answer"), time),
    failure,
    headline,
    detail,
    bars,
    why.node,
    spoken,
    brief,
  );
  new IntersectionObserver(([seen]) => (brief.hidden = seen.isIntersecting || seen.boundingClientRect.top < 0)).observe(
    headline,
  );
  return {
    node: card,
    show(outputs, values, milliseconds) {
      failure.hidden = true;
      time.textContent = `in ${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
      if (model.labels) {
        const probabilities = outputs.probabilities ?? [];
        const label = String(outputs.label?.[0] ?? "");
        const chosen = model.labels.indexOf(label);
        headline.textContent = label;
        detail.textContent = detailOf(model, label, probabilities[chosen]);
        brief.textContent = `${label}, ${percent(probabilities[chosen])}`;
        showBars(bars, model.labels, probabilities, chosen);
        why.show(values, chosen);
        say(`${label}, ${percent(probabilities[chosen])}`);
      } else {
        const numbers = outputs.prediction ?? [];
        headline.replaceChildren(...numbers.map((number, i) => quantity(model.targets[i], number)));
        detail.textContent = "";
        why.show(values, why.chosen() ?? 0);
        const said = numbers.map((number, i) => `${model.targets[i].name} ${readable(number)} ${model.targets[i].unit ?? ""}`);
        brief.textContent = said.join(", ");
        say(said.join(", "));
      }
    },
    // Nothing was asked yet.
    wait(invitation) {
      failure.hidden = true;
      empty();
      detail.textContent = invitation;
    },
    fail(message) {
      empty();
      failure.textContent = brief.textContent = message;
      failure.hidden = false;
    },
  };
}

function quantity(target, number) {
  return element(
    "span",
    { class: "quantity" },
    element("span", { class: "of" }, target.name),
    readable(number),
    target.unit ? element("span", { class: "unit" }, ` ${target.unit}`) : null,
  );
}

function detailOf(model, label, probability) {
  const sure = `${percent(probability)} probable`;
  if (model.labels.length !== 2 || model.threshold === 0.5) return sure;
  return `${sure}; “${model.labels[1]}” is said from ${percent(model.threshold)} on`;
}

function showBars(box, labels, probabilities, chosen) {
  let order = labels.map((_, i) => i);
  if (labels.length > shownClasses) {
    order = order.sort((a, b) => probabilities[b] - probabilities[a]).slice(0, shownClasses);
  }
  const rows = order.map((i) => {
    const fill = element("span", { class: "fill" });
    fill.style.setProperty("--share", String(Math.max(0, Math.min(1, probabilities[i] ?? 0))));
    return element(
      "div",
      { class: i === chosen ? "bar chosen" : "bar", role: "listitem" },
      element("span", { class: "name", title: labels[i] }, labels[i]),
      element("span", { class: "track", "aria-hidden": "true" }, fill),
      element("span", { class: "number" }, percent(probabilities[i])),
    );
  });
  box.setAttribute("role", "list");
  box.setAttribute("aria-label", "Probabilities");
  box.replaceChildren(...rows);
  if (labels.length > shownClasses) {
    box.append(element("p", { class: "hint", role: "listitem" }, `and ${labels.length - shownClasses} less probable`));
  }
}

// The parts of a linear model's score.
function makeWhy(model) {
  const names = explained(model);
  const choice = element("select", { id: "why-of" }, ...names.map((name, i) => element("option", { value: i }, name)));
  const list = element("div", { class: "bars parts", role: "list", "aria-label": "Contributions" });
  const sum = element("p", { class: "hint" });
  const node = element(
    "section",
    { class: "why", "aria-labelledby": "why-title", hidden: true },
    element("h3", { id: "why-title" }, "Why"),
    element("p", { class: "choose" }, element("label", { for: "why-of" }, model.labels ? "What speaks for" : "What makes up"), choice),
    list,
    sum,
  );
  // The parts follow the answer until a person has chosen a class.
  let picked = null;
  let last = null;
  choice.addEventListener("change", () => {
    picked = Number(choice.value);
    if (last) show(last, picked);
  });
  function show(values, position) {
    last = values;
    const current = picked ?? Math.max(0, position);
    node.hidden = names.length === 0 || values.some(([, value]) => value === undefined);
    if (node.hidden) return;
    choice.value = String(current);
    const { base, parts, total } = contributions(model, values, current);
    const sorted = parts.slice().sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
    const largest = Math.max(1e-9, ...sorted.map((part) => Math.abs(part.share)));
    if (model.view) {
      list.replaceChildren(partsMap(model.view, parts, largest));
      sum.textContent = `Each cell speaks for “${names[current]}” or against it. Score: ${readable(total)}.`;
      return;
    }
    const rest = sorted.slice(shownParts).reduce((total, part) => total + part.share, 0);
    list.replaceChildren(...sorted.slice(0, shownParts).map((part) => partRow(part, largest)));
    const others = sorted.length > shownParts ? `, ${signed(rest)} from ${sorted.length - shownParts} other columns` : "";
    sum.textContent = model.labels
      ? `They add up, with ${signed(base)} to begin with${others}, to a score of ${readable(total)}: the higher, the more probable is “${names[current]}”.`
      : `They add up, with ${readable(base)} to begin with${others}, to ${readable(total)}.`;
  }
  return { node, show, chosen: () => picked };
}

// The parts of a picture in its cells: the stronger the color, the larger the part.
function partsMap(view, parts, largest) {
  const map = element("div", { class: "map", role: "listitem", "aria-label": "The parts in the cells of the picture" });
  map.style.setProperty("--columns", view.columns.length / view.height);
  const shares = new Map(parts.map((part) => [part.name, part.share]));
  for (const name of view.columns) {
    const share = shares.get(name) ?? 0;
    const cell = element("span", { class: share < 0 ? "against" : "for", title: `${name} ${signed(share, largest)}` });
    cell.style.setProperty("--share", String(Math.abs(share) / largest));
    map.append(cell);
  }
  return map;
}

function partRow(part, largest) {
  const fill = element("span", { class: part.share < 0 ? "fill against" : "fill" });
  fill.style.setProperty("--share", String(Math.abs(part.share) / largest));
  const value = part.value === null ? "missing" : typeof part.value === "number" ? readable(part.value) : part.value;
  return element(
    "div",
    { class: "bar part", role: "listitem" },
    element("span", { class: "name", title: part.name }, part.name, element("span", { class: "unit" }, ` ${value}`)),
    element("span", { class: "track two-sided", "aria-hidden": "true" }, fill),
    element("span", { class: "number" }, signed(part.share, largest)),
  );
}

// A part with its sign. All have as many decimals as the largest needs, so that they can be compared at a glance.
function signed(number, largest = number) {
  const size = Math.abs(largest);
  const decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
  return `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(decimals)}`;
}
