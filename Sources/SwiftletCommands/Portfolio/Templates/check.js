// Whether the figures and the page are those of the model. Needs node and nothing else.
//
//   node tests/check.js               README.md against the models, docs/index.html against tests/answers.json
//   node tests/check.js AGAIN.json    a new training (`swiftlet train --json`) against the intervals in README.md
const { existsSync, readFileSync } = require("fs");
const { join } = require("path");

const root = join(__dirname, "..");
const folder = "models/__NAME__";
const read = (name) => readFileSync(join(root, name), "utf8");
const faults = [];

// The lines of the table that stands between two comments of the README, as cells.
function lines(opening) {
  const [, block = ""] = read("README.md").split(opening);
  const found = block.split("<!-- end -->")[0].split(/\r?\n/).filter((line) => line.startsWith("|"));
  return found.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const table = (opening) => lines(opening).slice(2); // without its head

const judged = (metrics) => Object.entries(metrics).filter(([part]) => ["train", "validation", "test"].includes(part)).pop()[1];
const rounded = (value) => Math.round(value * 10000) / 10000;
const metricsOf = (model) => JSON.parse(read(`${model}/model.json`)).training.metrics;

function compare(what, text, value) {
  const isEqual = Math.abs(parseFloat(text) - rounded(value)) <= 1.001e-4; // false without a number
  if (!isEqual) faults.push(`README.md says ${what} ${text}, and the model ${rounded(value)}`);
}

function checkFigures() {
  const known = judged(metricsOf(folder));
  const rows = table("<!-- swiftlet: metrics -->");
  for (const [name, text] of rows) compare(name, text, known[name]);
  if (rows.length !== Object.keys(known).length) faults.push(`README.md has ${rows.length} figures of ${Object.keys(known).length}`);
  const [head, , ...tried] = lines("<!-- tried -->");
  const models = (head || []).slice(1).map((link) => link.match(/\((.*)\/README\.md\)/)[1]);
  for (const [metric, ...texts] of tried) {
    texts.forEach((text, i) => compare(`${models[i]}: ${metric}`, text, metricsOf(models[i]).validation[metric]));
  }
  console.log(`${rows.length} figures of README.md are the model's`);
}

// Asks the model in the page, which holds its weights and its arithmetic, without a browser.
function checkPage() {
  const html = read("docs/index.html");
  const model = html.match(/<script type="application\/json" id="model">(.*?)<\/script>/s);
  if (!model) return console.log("docs/index.html is the report: this model does not answer in a page");
  const script = html.match(/<script>\n(.*?)<\/script>/s)[1];
  const modules = script.slice(0, script.indexOf("const app_js")); // without the one that needs a window
  global.document = { getElementById: () => ({ textContent: model[1] }) };
  const answer = new Function(`${modules}; return model_js.makeModel`)()(JSON.parse(model[1]));
  const examples = JSON.parse(read("tests/answers.json"));
  // Probabilities to six decimals; other numbers by their own size.
  const agree = (a, b) => (typeof b === "number" ? Math.abs(a - b) <= 1e-6 * Math.max(1, 10 * Math.abs(b)) : String(a) === String(b));
  for (const [position, { row, answer: known }] of examples.entries()) {
    const { label, probabilities, prediction } = answer(row);
    const said = label === undefined ? [].concat(prediction) : [label, ...probabilities];
    if (said.length !== known.length || !said.every((value, i) => agree(value, known[i]))) {
      faults.push(`the page answers row ${position + 1} of tests/answers.json with ${said}, and the model with ${known}`);
    }
  }
  console.log(`docs/index.html answers ${examples.length} rows as the model does`);
}

function checkAgain(file) {
  const again = judged(JSON.parse(readFileSync(file, "utf8")).metrics);
  let count = 0;
  for (const [name, text] of table("<!-- swiftlet: metrics -->")) {
    const [, low, high] = text.match(/\[(\S+), (\S+)\]/) || [];
    if (low === undefined) continue;
    count += 1;
    const isWithin = rounded(again[name]) >= low - 1e-4 && rounded(again[name]) <= Number(high) + 1e-4;
    if (!isWithin) {
      faults.push(`trained again, ${name} is ${again[name]}, and README.md says ${text}`);
    }
  }
  console.log(`trained again, ${count} figures are within their intervals`);
}

if (!existsSync(join(root, folder))) faults.push(`${folder} is not here`);
else if (process.argv[2]) checkAgain(process.argv[2]);
else {
  checkFigures();
  checkPage();
}
faults.forEach((fault) => console.error(`check: ${fault}`));
process.exit(faults.length ? 1 : 0);
