// SPDX-License-Identifier: Apache-2.0
//
// The playground: choose a model, change its inputs, see its answer while you do.
//
// Everything on the page is made from what the server says of its models; nothing here knows any of them.

import { makeAnswer } from "./answer.js";
import { addressOf, ask, hasKey, isServed } from "./api.js";
import { copyButton, element, find, tabs } from "./dom.js";
import { makeForm } from "./form.js";
import { keyForm } from "./key.js";
import { firstParagraph, rendered } from "./markdown.js";
import { makePad } from "./pad.js";
import { inferenceRequest, outputs } from "./payload.js";
import { cellsOf, takesFiles } from "./picture.js";
import { makeList, userEntry } from "./recommend.js";
import { snippets } from "./snippets.js";

const stage = find("stage");
const choices = find("models");
// What is being shown; an answer for another model that comes late is dropped.
let current = null;

async function start() {
  let names;
  try {
    names = (await ask("/v1/models")).body.data.map((model) => model.id);
  } catch (error) {
    return fail(error);
  }
  if (names.length === 0) return say("No model is served. Start the server with one: swiftlet serve Models/iris");
  choices.replaceChildren(
    ...names.map((name) => element("li", {}, element("a", { href: `#${encodeURIComponent(name)}` }, name))),
  );
  const follow = () => {
    const asked = decodeURIComponent(location.hash.slice(1));
    show(names.includes(asked) ? asked : names[0]);
  };
  window.addEventListener("hashchange", follow);
  follow();
}

function say(message) {
  stage.replaceChildren(element("p", { class: "card failure", role: "alert" }, message));
}

// Reports an error. A server that needs a key is given one.
function fail(error) {
  say(error.message);
  if (error.status !== 401) return;
  stage.append(keyForm(start));
  find("key").focus();
}

async function show(name) {
  const token = {};
  current = token;
  for (const link of choices.querySelectorAll("a")) {
    if (link.textContent === name) {
      link.setAttribute("aria-current", "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else {
      link.removeAttribute("aria-current");
    }
  }
  stage.setAttribute("aria-busy", "true");
  const path = `/v2/models/${encodeURIComponent(name)}`;
  try {
    const [description, metadata] = await Promise.all([
      ask(`/playground/models/${encodeURIComponent(name)}`),
      ask(path),
    ]);
    if (current !== token) return;
    document.title = `${name} – Swiftlet`;
    build(token, name, description.body, metadata.body, path);
  } catch (error) {
    if (current === token) fail(error);
  } finally {
    stage.removeAttribute("aria-busy");
  }
}

function build(token, name, model, metadata, modelPath) {
  const path = `${modelPath}/infer`;
  const image = model.inputs.find((input) => input.type === "image");
  const view = image ? imageView(image, model.view) : model.view;
  const code = makeSnippets();
  let timer = 0;
  let flight = null;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(update, 90);
  };
  const entry = model.recommendation
    ? userEntry(model, metadata, changed)
    : view
      ? pictureEntry(model, view, changed)
      : columnEntry(model, changed);
  const answer = model.recommendation ? makeList(model, entry) : makeAnswer(model);

  async function update() {
    if (current !== token) return;
    const values = entry.values();
    const wrong = values.find(([, value]) => value === undefined);
    if (wrong) return answer.fail(`“${wrong[0]}” is not a ${kindOf(model, wrong[0])}.`);
    const request = entry.request?.() ?? inferenceRequest(metadata, model, values);
    code.show(addressOf(path), request);
    flight?.abort();
    if (entry.isBlank()) {
      entry.showMap?.(null);
      return answer.wait(entry.invitation);
    }
    flight = new AbortController();
    const { signal } = flight;
    try {
      const { body, milliseconds } = await ask(path, { data: request, signal });
      if (current !== token) return;
      answer.show(outputs(body), values, milliseconds);
      if (!model.saliency || !entry.showMap) return;
      const map = await ask(`/playground/models/${encodeURIComponent(name)}/saliency`, { data: request, signal });
      if (current === token) entry.showMap(map.body);
    } catch (error) {
      if (error.name !== "AbortError" && current === token) answer.fail(error.message);
    }
  }

  stage.replaceChildren(
    element(
      "header",
      { class: "title" },
      element("h1", {}, name),
      element("p", {}, ...firstParagraph(model.card)),
    ),
    element(
      "div",
      { class: view ? "columns with-picture" : "columns" },
      element(
        "section",
        { class: "card entry", "aria-labelledby": "entry-title" },
        element("div", { class: "card-head" }, element("h2", { id: "entry-title" }, entry.title), ...entry.buttons),
        entry.node,
      ),
      answer.node,
    ),
    tabs("More about the model", [
      ...(isServed ? [["Use it", code.node]] : []),
      ["Model card", element("div", { class: "card" }, model.card.trim() ? rendered(model.card) : "This model has no card.")],
      ["Figures", element("div", { class: "card" }, figures(model))],
    ]),
  );
  entry.begin();
  update();
}

function kindOf(model, name) {
  return model.inputs.find((input) => input.name === name)?.type ?? "number";
}

function imageView(image, view) {
  return { width: image.width, height: image.height, channels: image.channels ?? 1, max: view?.max ?? 255, columns: [] };
}

// A form for columns. It begins with the first training row, or where the bundle holds none, with the middle.
function columnEntry(model, changed) {
  const form = makeForm(model.inputs, changed);
  const fill = (row) => () => {
    form.fill(row);
    changed();
  };
  const hasExample = model.inputs.some((input) => input.example !== undefined);
  const example = model.inputs.map((input) => input.example);
  const typical = model.inputs.map((input) =>
    input.type === "number" ? Number((input.mean ?? input.fill).toPrecision(4)) : (input.fill ?? input.categories?.[0] ?? input.example ?? null),
  );
  return {
    title: "Inputs",
    node: form.node,
    values: form.values,
    isBlank: () => false,
    begin: () => form.fill(hasExample ? example : typical),
    buttons: [
      hasExample ? element("button", { type: "button", class: "quiet", click: fill(example) }, "Example") : null,
      element("button", { type: "button", class: "quiet", click: fill(typical) }, "Means"),
    ],
  };
}

// A pad for what is a picture, and for a model of pictures a way to open one.
function pictureEntry(model, view, changed) {
  const open = async (file) => {
    try {
      pad.fill(await cellsOf(file, view), true);
      changed();
    } catch {
      pad.complain(`“${file.name}” cannot be opened as a picture.`);
    }
  };
  const takes = takesFiles(view);
  const pad = makePad(view, changed, takes ? open : null);
  const chooser = element("input", {
    type: "file", accept: "image/png,image/jpeg", hidden: true, "aria-label": "A picture from a file",
    change: (event) => {
      if (event.target.files[0]) open(event.target.files[0]);
      event.target.value = "";
    },
  });
  // The cells that are inputs, in the order of the model; a cell that the model left out goes nowhere.
  const cells = view.columns.length > 0 ? model.inputs.map((input) => view.columns.indexOf(input.name)) : null;
  const blank = new Array(view.width * view.height * (view.channels ?? 1)).fill(0);
  const example = blank.slice();
  cells?.forEach((cell, i) => (example[cell] = model.inputs[i].example ?? 0));
  const fill = (values) => () => {
    pad.fill(values);
    changed();
  };
  const hasExample = example.some((value) => value > 0);
  return {
    title: "Draw",
    node: pad.node,
    values() {
      const values = pad.values();
      if (!cells) return values.map((value, i) => [`${i}`, value]);
      return cells.map((cell, i) => [model.inputs[i].name, values[cell]]);
    },
    isBlank: () => pad.values().every((value) => value === 0),
    invitation: takes
      ? "Draw something or open a picture, and the model says what it is."
      : "Draw something, and the model says what it is.",
    showMap: pad.showMap,
    begin: () => pad.fill(example),
    buttons: [
      takes ? element("button", { type: "button", class: "quiet", click: () => chooser.click() }, "Open") : null,
      takes ? chooser : null,
      hasExample ? element("button", { type: "button", class: "quiet", click: fill(example) }, "Example") : null,
      element("button", { type: "button", class: "quiet", click: fill(blank) }, "Clear"),
    ],
  };
}

// The request as programs, kept in step with the form.
function makeSnippets() {
  const texts = [];
  const panels = ["curl", "Python", "Swift"].map((language, i) => {
    const code = element("code");
    texts.push(code);
    const pre = element("pre", { tabindex: 0, "aria-label": `The request in ${language}` }, code);
    return [language, element("div", { class: "snippet" }, pre, copyButton(() => code.textContent))];
  });
  return {
    node: element(
      "div",
      { class: "card" },
      element("p", { class: "hint" }, "The same request, for the values above. "),
      tabs("Language", panels),
      element("p", { class: "hint" }, "Every route is described on the ", element("a", { href: "docs" }, "page of the interface"), "."),
    ),
    show(address, request) {
      snippets(address, request, hasKey()).forEach(([, text], i) => (texts[i].textContent = text));
    },
  };
}

// Measures from 0 to 1 of which more is better: these can be drawn.
const shares = /^(accuracy|macro_f1|macro_precision|macro_recall|roc_auc|average_precision|(.*\.)?r2)$/;

// The measures of every split beside the baseline.
function figures(model) {
  const splits = Object.keys(model.metrics);
  if (splits.length === 0) return element("p", {}, "This model has no figures.");
  const last = splits[splits.length - 1];
  const titles = ["measure", ...splits, "baseline"];
  const cell = (value) => element("td", { class: "number" }, value === undefined ? "" : value.toFixed(4));
  const rows = Object.entries(model.metrics[last]).map(([name, value]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      ...splits.map((split) => cell(model.metrics[split][name])),
      cell(model.baseline[name]),
      element("td", { class: "drawn", "aria-hidden": "true" }, shares.test(name) ? figureBar(value, model.baseline[name]) : null),
    ),
  );
  const head = titles.map((title, i) => element("th", { scope: "col", class: i > 0 ? "number" : null }, title));
  const about = `A model that has learned nothing, the baseline, always answers with ${model.labels ? "the most frequent class" : "the mean"}.`;
  return element(
    "div",
    {},
    element("p", { id: "figures-about" }, `${about} The bars show the ${last} rows, the line in them the baseline.`),
    element(
      "div",
      { class: "scroll", tabindex: 0, "aria-label": "Figures" },
      element(
        "table",
        { "aria-describedby": "figures-about" },
        element("thead", {}, element("tr", {}, ...head, element("td", {}))),
        element("tbody", {}, ...rows),
      ),
    ),
    element("p", { class: "hint" }, `The model has ${model.parameters} parameters.`),
  );
}

function figureBar(value, baseline) {
  const fill = element("span", { class: "fill" });
  fill.style.setProperty("--share", String(Math.max(0, Math.min(1, value))));
  const line = element("span", { class: "line" });
  line.style.setProperty("--share", String(Math.max(0, Math.min(1, baseline ?? 0))));
  return element("span", { class: "track chosen" }, fill, line);
}

start();
