// SPDX-License-Identifier: Apache-2.0
//
// The server of a page that has none: under the names of api.js it answers from the model that the page holds.

import { makeModel } from "./model.js";

const page = JSON.parse(document.getElementById("model").textContent);
const model = makeModel(page);
const { name, inputs } = page.description;
page.description.saliency = undefined; // the page has no gradients
const routes = `/v2/models/${encodeURIComponent(name)}`;

// Whether programs can ask it too.
export const isServed = false;

export function useKey() {}

export function hasKey() {
  return false;
}

export function keyHeader() {
  return {};
}

export class ServerError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export function addressOf(path) {
  return path;
}

// Answers as the server would, with the decoded body and the milliseconds that it took.
export async function ask(path, { data } = {}) {
  const start = performance.now();
  const body = answer(path, data);
  if (body === undefined) throw new ServerError("This page has no server.", 404);
  return { body, milliseconds: performance.now() - start };
}

function answer(path, data) {
  if (path === "/v1/models") return { data: [{ id: name }] };
  if (path === `/playground/models/${encodeURIComponent(name)}`) return page.description;
  if (path === routes) return { inputs: inputs.map((input) => ({ name: input.name, datatype: "JSON", shape: [1, 1] })) };
  if (path !== `${routes}/infer`) return undefined;
  const values = data.inputs.map((tensor) => (tensor.data.length > 1 ? tensor.data : tensor.data[0]));
  const outputs = model(values);
  return { outputs: Object.entries(outputs).map(([name, data]) => ({ name, data })) };
}
