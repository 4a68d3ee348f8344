// SPDX-License-Identifier: Apache-2.0
//
// The request on the page as a program would send it. Each runs as it is: nothing needs to be installed.

// JSON on one line, with a space after commas and colons.
export function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`);
  return `{${members.join(", ")}}`;
}

// JSON over several lines, but what holds only plain values on one.
export function indented(value, margin = "") {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value);
  const isFlat = entries.every(([, member]) => member === null || typeof member !== "object");
  if (isFlat) return spaced(value);
  const inner = `${margin}  `;
  const isList = Array.isArray(value);
  const lines = entries.map(([name, member]) => `${inner}${isList ? "" : `${JSON.stringify(name)}: `}${indented(member, inner)}`);
  return `${isList ? "[" : "{"}\n${lines.join(",\n")}\n${margin}${isList ? "]" : "}"}`;
}

// A key is never shown: programs take it from the environment.
export function snippets(address, request, needsKey) {
  const body = spaced(request);
  return [
    ["curl", curl(address, body, "POST", needsKey)],
    ["Python", python(address, body, needsKey)],
    ["Swift", swift(address, body, needsKey)],
  ];
}

// Between single quotes a shell changes nothing, and a quote itself is written '\''.
export function curl(address, body, method = "POST", needsKey = false) {
  const lines = [`curl -s ${method === "POST" || method === "GET" ? "" : `-X ${method} `}${shellQuoted(address)}`];
  if (needsKey) lines.push('-H "Authorization: Bearer $SWIFTLET_API_KEY"');
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d ${shellQuoted(body)}`);
  return lines.join(" \\\n  ");
}

function shellQuoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function python(address, body, needsKey) {
  const key = needsKey ? ', "Authorization": "Bearer " + os.environ["SWIFTLET_API_KEY"]' : "";
  return `import json
${needsKey ? "import os\n" : ""}import urllib.request

body = ${pythonText(body)}
headers = {"Content-Type": "application/json"${key}}
request = urllib.request.Request(${pythonText(address)}, body.encode(), headers)
with urllib.request.urlopen(request) as response:
    for output in json.load(response)["outputs"]:
        print(output["name"], output["data"])
`;
}

// JSON in single quotes, so that its own quotes need no escape.
function pythonText(text) {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function swift(address, body, needsKey) {
  // A raw string ends at a quote with as many signs # as it began with.
  let signs = "#";
  while (body.includes(`"${signs}`) || body.includes(`\\${signs}`)) signs += "#";
  const key = `let key = ProcessInfo.processInfo.environment["SWIFTLET_API_KEY"] ?? ""
request.setValue("Bearer \\(key)", forHTTPHeaderField: "Authorization")
`;
  return `import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

let body = ${signs}"${body}"${signs}
var request = URLRequest(url: URL(string: ${JSON.stringify(address)})!)
request.httpMethod = "POST"
request.setValue("application/json", forHTTPHeaderField: "Content-Type")
${needsKey ? key : ""}request.httpBody = Data(body.utf8)
let (data, _) = try await URLSession.shared.data(for: request)
print(String(decoding: data, as: UTF8.self))
`;
}
