// SPDX-License-Identifier: Apache-2.0
//
// The page of the interface: the server's OpenAPI document, to be read and to be tried.

import { addressOf, ask } from "./api.js";
import { copyButton, element, find } from "./dom.js";
import { keyForm } from "./key.js";
import { rendered } from "./markdown.js";
import { exampleOf, resolved, schemaList } from "./schema.js";
import { curl, indented } from "./snippets.js";
import { makeTrial } from "./trial.js";

const main = find("routes");
const methods = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

async function start() {
  let openAPI;
  try {
    openAPI = (await ask("/openapi.json")).body;
  } catch (error) {
    main.replaceChildren(element("p", { class: "card failure", role: "alert" }, error.message));
    if (error.status === 401) main.append(keyForm(start));
    return;
  }
  show(openAPI, modelsOf(openAPI)[0]);
  window.addEventListener("hashchange", openNamed);
}

// Each path stands there once: those of models with {model} in it, and one of the models to try them with.
function show(openAPI, chosen) {
  const groups = grouped(openAPI, chosen);
  main.replaceChildren(
    element(
      "header",
      { class: "title" },
      element("h1", {}, openAPI.info?.title ?? "The interface"),
      rendered(openAPI.info?.description ?? ""),
      element("p", {}, "The document behind this page: ", element("a", { href: "openapi.json" }, "/openapi.json"), `, OpenAPI ${openAPI.openapi}.`),
      modelChoice(openAPI, chosen),
    ),
    ...groups.map((group) => section(openAPI, group)),
  );
  find("groups").replaceChildren(
    ...groups.map((group) => element("li", {}, element("a", { href: `#${group.id}` }, group.name))),
  );
  openNamed();
}

// The models that the document's paths name.
function modelsOf(openAPI) {
  const operations = Object.values(openAPI.paths ?? {}).flatMap((item) => methods.map((method) => item[method]).filter(Boolean));
  return [...new Set(operations.map((operation) => operation["x-swiftlet-model"]).filter(Boolean))];
}

function modelChoice(openAPI, chosen) {
  const names = modelsOf(openAPI);
  if (names.length < 2) return null;
  const select = element("select", { id: "model" }, ...names.map((name) => element("option", { value: name }, name)));
  select.value = chosen;
  select.addEventListener("change", () => show(openAPI, select.value));
  return element("p", {}, element("label", { for: "model" }, "Model "), select);
}

// A link to one route opens it.
function openNamed() {
  const named = find(decodeURIComponent(location.hash.slice(1)));
  if (named instanceof HTMLDetailsElement) named.open = true;
  named?.scrollIntoView();
}

// The operations by their first tag, in the order of the document's list of tags.
function grouped(openAPI, chosen) {
  const groups = new Map((openAPI.tags ?? []).map((tag) => [tag.name, { name: tag.name, about: tag.description, routes: [] }]));
  for (const [path, item] of Object.entries(openAPI.paths ?? {})) {
    for (const method of methods.filter((method) => item[method])) {
      const model = item[method]["x-swiftlet-model"];
      if (model !== undefined && model !== chosen) continue;
      const tag = item[method].tags?.[0] ?? "Other";
      if (!groups.has(tag)) groups.set(tag, { name: tag, routes: [] });
      const shown = item[method]["x-swiftlet-route"] ?? path;
      groups.get(tag).routes.push({ path, shown, method, operation: item[method], shared: item.parameters ?? [] });
    }
  }
  const filled = [...groups.values()].filter((group) => group.routes.length > 0);
  filled.forEach((group) => (group.id = `group-${group.name.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`));
  return filled;
}

function section(openAPI, group) {
  return element(
    "section",
    { class: "group", id: group.id, "aria-labelledby": `${group.id}-title` },
    element("h2", { id: `${group.id}-title` }, group.name),
    group.about ? element("p", {}, group.about) : null,
    ...group.routes.map((route) => routeCard(openAPI, route)),
  );
}

function routeCard(openAPI, { path, shown, method, operation, shared }) {
  const card = element(
    "details",
    { class: "card route", id: operation.operationId ?? `${method}-${path}` },
    element(
      "summary",
      {},
      element("span", { class: `method ${method}` }, method.toUpperCase()),
      element("span", { class: "path" }, shown),
      element("span", { class: "about" }, operation.summary ?? ""),
    ),
  );
  // A long document opens at once, because what is inside a route is made when it is opened.
  card.addEventListener("toggle", () => {
    if (card.open && card.children.length === 1) card.append(inside(openAPI, path, method, operation, shared));
  });
  return card;
}

function inside(openAPI, path, method, operation, shared) {
  const parameters = [...shared, ...(operation.parameters ?? [])].map((parameter) => resolved(openAPI, parameter));
  const content = resolved(openAPI, operation.requestBody)?.content ?? {};
  const box = element("div", { class: "inside" });
  if (operation.description) box.append(rendered(operation.description));
  if (parameters.length > 0) {
    box.append(element("h3", {}, "Parameters"), parameterList(openAPI, parameters));
  }
  for (const [type, media] of Object.entries(content)) {
    box.append(element("h3", {}, "Body ", element("span", { class: "hint" }, type)));
    if (media.schema) box.append(schemaList(openAPI, media.schema));
  }
  box.append(element("h3", {}, "Answers"));
  for (const [status, reply] of Object.entries(operation.responses ?? {})) {
    box.append(answer(openAPI, status, resolved(openAPI, reply)));
  }
  const [type, media] = Object.entries(content)[0] ?? [];
  const example = media ? exampleOf(openAPI, media) : undefined;
  if (["get", "post"].includes(method)) {
    box.append(element("h3", {}, "Try it"), makeTrial({ path, method, parameters, type, example }));
  } else {
    const text = curl(addressOf(path), undefined, method.toUpperCase());
    box.append(element("div", { class: "snippet" }, element("pre", {}, element("code", {}, text)), copyButton(() => text)));
  }
  return box;
}

function parameterList(openAPI, parameters) {
  return element(
    "ul",
    { class: "schema" },
    ...parameters.map((parameter) => {
      const schema = resolved(openAPI, parameter.schema) ?? {};
      const values = schema.enum ? ` one of ${schema.enum.map((value) => JSON.stringify(value)).join(", ")}` : "";
      return element(
        "li",
        {},
        element("code", {}, parameter.name),
        element("span", { class: "type" }, ` ${schema.type ?? ""} in ${parameter.in}${values} `),
        parameter.required ? element("span", { class: "required" }, "required ") : null,
        parameter.description ?? "",
      );
    }),
  );
}

function answer(openAPI, status, reply) {
  const box = element("div", { class: "reply" }, element("p", {}, element("code", {}, status), ` ${reply?.description ?? ""}`));
  for (const [type, media] of Object.entries(reply?.content ?? {})) {
    if (!media.schema && media.example === undefined) continue;
    const example = exampleOf(openAPI, media);
    box.append(
      element(
        "details",
        {},
        element("summary", { class: "hint" }, type),
        media.schema ? schemaList(openAPI, media.schema) : "",
        example !== undefined
          ? element("pre", { tabindex: 0 }, element("code", {}, typeof example === "string" ? example : indented(example)))
          : "",
      ),
    );
  }
  return box;
}

start();
