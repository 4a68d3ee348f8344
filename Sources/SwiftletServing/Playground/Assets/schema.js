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

const shownMembers = 12;

// The members of a schema, nested as they are. A schema that holds itself ends after eight levels.
export function schemaList(openAPI, schema, depth = 0) {
  const whole = resolved(openAPI, schema);
  const members = membersOf(openAPI, whole);
  const list = element("ul", { class: "schema" });
  if (members.length === 0) {
    list.append(element("li", {}, type(openAPI, whole), whole?.description ?? ""));
    return list;
  }
  for (const { name, schema, isRequired } of members.slice(0, shownMembers)) {
    const item = element(
      "li",
      {},
      element("code", {}, name),
      type(openAPI, schema),
      isRequired ? element("span", { class: "required" }, "required ") : null,
      schema?.description ?? "",
    );
    if (depth < 8 && membersOf(openAPI, schema).length > 0) item.append(schemaList(openAPI, schema, depth + 1));
    list.append(item);
  }
  const rest = members.length - shownMembers;
  if (rest > 0) list.append(element("li", { class: "hint" }, `and ${rest} more`));
  return list;
}

// What a schema is made of: members of an object, places of a list, or choices. A list of one kind is as its items.
function membersOf(openAPI, schema) {
  const names = Object.entries(schema?.properties ?? {});
  if (names.length > 0) {
    return names.map(([name, member]) => ({
      name,
      schema: resolved(openAPI, member),
      isRequired: schema.required?.includes(name),
    }));
  }
  const choices = schema?.anyOf ?? schema?.oneOf;
  if (choices) return choices.map((each) => ({ name: "or", schema: resolved(openAPI, each) }));
  if (schema?.prefixItems) {
    return schema.prefixItems.map((each, i) => ({ name: `[${i}]`, schema: resolved(openAPI, each) }));
  }
  return schema?.items ? membersOf(openAPI, resolved(openAPI, schema.items)) : [];
}

function type(openAPI, schema) {
  return element("span", { class: "type" }, ` ${typeOf(openAPI, schema)} `);
}

function typeOf(openAPI, schema) {
  if (!schema || schema === true) return "anything";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf ?? schema.oneOf) {
    return (schema.anyOf ?? schema.oneOf).map((option) => typeOf(openAPI, resolved(openAPI, option))).join(" | ");
  }
  const types = [schema.type ?? "anything"].flat().join(" | ");
  if (types !== "array") return types;
  if (schema.prefixItems) return `list of ${schema.prefixItems.length}`;
  return schema.items ? `list of ${typeOf(openAPI, resolved(openAPI, schema.items))}` : "list";
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
  const kind = [schema.type].flat()[0];
  if (kind === "object" || schema.properties) {
    const members = Object.entries(schema.properties ?? {})
      .filter(([name]) => schema.required?.includes(name))
      .map(([name, member]) => [name, made(openAPI, member, depth + 1)]);
    return Object.fromEntries(members);
  }
  if (kind === "array") {
    const item = made(openAPI, schema.items, depth + 1);
    return item === undefined ? [] : [item];
  }
  return { string: "", number: 0, integer: 0, boolean: false }[kind];
}
