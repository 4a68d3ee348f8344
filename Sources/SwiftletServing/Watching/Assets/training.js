// SPDX-License-Identifier: Apache-2.0
//
// The page of `swiftlet train --live`: an event for each epoch, drawn as two lines.
//
// The browser asks again by itself if the connection breaks, and says which epoch it had last; so nothing is drawn twice.
"use strict";
const epochs = [];
const mostPoints = 600;
const byId = (id) => document.getElementById(id);
const short = (number, digits = 4) =>
  typeof number === "number" ? Number(number.toPrecision(digits)).toString() : "";

function draw() {
  const step = Math.max(1, Math.ceil(epochs.length / mostPoints));
  const shown = epochs.filter((_, i) => i % step === 0 || i === epochs.length - 1);
  const losses = shown.flatMap((e) => [e.train, e.validation]).filter((v) => typeof v === "number");
  if (losses.length === 0) return;
  const low = Math.min(...losses);
  const high = Math.max(...losses);
  const last = epochs[epochs.length - 1].epoch;
  // The picture is as wide as the page, so that its letters are as large on a phone.
  const picture = byId("losses");
  const end = Math.max(240, Math.round(picture.clientWidth)) - 10;
  picture.setAttribute("viewBox", `0 0 ${end + 10} 330`);
  byId("axis").setAttribute("x2", end);
  byId("last").setAttribute("x", end);
  const x = (e) => 60 + ((end - 60) * (e.epoch - 1)) / Math.max(1, last - 1);
  const y = (v) => (high > low ? 20 + (270 * (high - v)) / (high - low) : 155);
  for (const name of ["train", "validation"]) {
    const points = shown.filter((e) => typeof e[name] === "number");
    byId(name).setAttribute("points", points.map((e) => `${x(e).toFixed(1)},${y(e[name]).toFixed(1)}`).join(" "));
  }
  byId("high").textContent = short(high, 3);
  byId("low").textContent = short(low, 3);
  byId("last").textContent = `epoch ${last}`;
  const rows = epochs.slice(-20).reverse().map((e) => {
    const row = document.createElement("tr");
    for (const value of [e.epoch, e.train, e.validation]) {
      row.appendChild(document.createElement("td")).textContent = short(value);
    }
    return row;
  });
  byId("rows").replaceChildren(...rows);
}

function tell(findings) {
  byId("findings").replaceChildren(...findings.map((finding) => {
    const item = document.createElement("li");
    item.textContent = `${finding.code}: ${finding.sentence}`;
    return item;
  }));
}

window.addEventListener("resize", draw);
const source = new EventSource("/events");
let isDue = false;
source.addEventListener("begin", (event) => {
  byId("name").textContent = JSON.parse(event.data).name;
});
source.addEventListener("epoch", (event) => {
  const figures = JSON.parse(event.data);
  epochs.push(figures);
  if (figures.findings) tell(figures.findings);
  const metric = figures.metric ? `, ${figures.metric} ${short(figures.value)}` : "";
  byId("state").textContent = `Epoch ${figures.epoch}: loss ${short(figures.train)}${metric}`;
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; draw(); });
});
source.addEventListener("end", (event) => {
  const end = JSON.parse(event.data);
  tell(end.findings);
  byId("state").textContent = end.sentence;
  source.close();
});
