// SPDX-License-Identifier: Apache-2.0
//
// Schemas of an OpenAPI document as lists, and examples for them.

import { element } from "./dom.js";

// What a reference points at, or the value itself.
export function resolved(openAPI, value) {
  let steps = 0;
  while (value?.$ref && steps++ < 16) {
    value = value.$ref
      .replace(/^#\//, "")
      .split("/")
      .reduce((part, name) => part?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], openAPI);
  }
  return value;
}

// The members of a schema, nested as they are. A schema that holds itself ends after eight levels.
export function schemaList(openAPI, schema, depth = 0) {
  const list = element("ul", { class: "schema" });
  const whole = resolved(openAPI, schema);
  const members = whole?.properties ? whole : resolved(openAPI, whole?.items);
  if (whole?.anyOf ?? whole?.oneOf) {
    for (const option of whole.anyOf ?? whole.oneOf) {
      const shown = resolved(openAPI, option);
      const item = element("li", {}, element("span", { class: "type" }, `either ${shown?.title ?? typeOf(openAPI, shown)} `), shown?.description ?? "");
      if (depth < 8 && hasMembers(openAPI, shown)) item.append(schemaList(openAPI, shown, depth + 1));
      list.append(item);
    }
    return list;
  }
  if (!members?.properties) {
    list.append(element("li", {}, element("span", { class: "type" }, `${typeOf(openAPI, whole)} `), whole?.description ?? ""));
    return list;
  }
  for (const [name, member] of Object.entries(members.properties)) {
    const shown = resolved(openAPI, member);
    const item = element(
      "li",
      {},
      element("code", {}, name),
      element("span", { class: "type" }, ` ${typeOf(openAPI, shown)} `),
      members.required?.includes(name) ? element("span", { class: "required" }, "required ") : null,
      shown?.description ?? "",
    );
    if (depth < 8 && hasMembers(openAPI, shown)) item.append(schemaList(openAPI, shown, depth + 1));
    list.append(item);
  }
  return list;
}

function hasMembers(openAPI, schema) {
  if (!schema) return false;
  if (schema.properties || schema.anyOf || schema.oneOf) return true;
  return Boolean(resolved(openAPI, schema.items)?.properties);
}

function typeOf(openAPI, schema) {
  if (!schema || schema === true) return "anything";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf ?? schema.oneOf) {
    return (schema.anyOf ?? schema.oneOf).map((option) => typeOf(openAPI, resolved(openAPI, option))).join(" | ");
  }
  const type = [schema.type ?? "anything"].flat().join(" | ");
  return type === "array" && schema.items ? `list of ${typeOf(openAPI, resolved(openAPI, schema.items))}` : type;
}

// The example that a body names, or the first of several, or one made from its schema.
export function exampleOf(openAPI, media) {
  if (media.example !== undefined) return media.example;
  const named = Object.values(media.examples ?? {})[0];
  if (named) return resolved(openAPI, named)?.value;
  return made(openAPI, media.schema, 0);
}

function made(openAPI, given, depth) {
  const schema = resolved(openAPI, given);
  if (!schema || depth > 6) return undefined;
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.length) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.anyOf ?? schema.oneOf) return made(openAPI, (schema.anyOf ?? schema.oneOf)[0], depth + 1);
  const type = [schema.type].flat()[0];
  if (type === "object" || schema.properties) {
    const members = Object.entries(schema.properties ?? {})
      .filter(([name]) => schema.required?.includes(name))
      .map(([name, member]) => [name, made(openAPI, member, depth + 1)]);
    return Object.fromEntries(members);
  }
  if (type === "array") {
    const item = made(openAPI, schema.items, depth + 1);
    return item === undefined ? [] : [item];
  }
  return { string: "", number: 0, integer: 0, boolean: false }[type];
}
