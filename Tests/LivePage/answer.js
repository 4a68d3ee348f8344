// SPDX-License-Identifier: Apache-2.0
//
// Asks the model in a page without a browser:  node answer.js PAGE <ROWS >ANSWERS
//
// ROWS is a list of rows as JSON, each a list of values in the order of the model's columns; ANSWERS is the list of
// what the model says to them.

const { readFileSync, writeSync } = require("fs");

const html = readFileSync(process.argv[2], "utf8");
const model = html.match(/<script type="application\/json" id="model">(.*?)<\/script>/s)[1];
const script = html.match(/<script>\n(.*?)<\/script>/s)[1];
// All modules but the one that begins, which needs a window.
const modules = script.slice(0, script.indexOf("const app_js"));
global.document = { getElementById: () => ({ textContent: model }) };
const answer = new Function(`${modules}; return model_js.makeModel`)()(JSON.parse(model));
const rows = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(rows.map(answer)));
