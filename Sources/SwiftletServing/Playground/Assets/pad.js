// SPDX-License-Identifier: Apache-2.0
//
// A pad to draw on, and beside it what the model sees.
//
// With the keyboard: arrows move the pen, the space bar lowers and lifts it, Delete clears the pad.

import { element } from "./dom.js";
import { countedInk, coveredInk, isCountedInk } from "./ink.js";

const size = 256;
const penWidth = 22;

// Gives { node, values(), fill(cells), hint }; `changed` is called when the drawing has changed.
export function makePad(view, changed) {
  const canvas = element("canvas", {
    width: size,
    height: size,
    class: "pad",
    tabindex: 0,
    role: "application",
    "aria-label":
      "Drawing pad. Draw with a pointer, or with the arrow keys: the space bar lowers and lifts the pen, Delete clears.",
  });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const cursor = element("span", { class: "pen", "aria-hidden": "true", hidden: true });
  // Cells that are few enough are shown with their numbers.
  const isNumbered = view.width <= 16 && view.height <= 16;
  const cellSize = isNumbered ? Math.floor(640 / Math.max(view.width, view.height)) : 1;
  const seen = element("canvas", {
    width: view.width * cellSize,
    height: view.height * cellSize,
    class: isNumbered ? "seen" : "seen pixels",
    role: "img",
    "aria-label": "What the model sees",
  });
  const invitation = element("span", { class: "invitation", "aria-hidden": "true" }, "Draw here");
  let cells = new Array(view.width * view.height).fill(0);
  // An example is shown on the pad but is not ink: the first stroke replaces it.
  let isExample = false;
  let position = null;
  let pending = false;

  function styleOf(name) {
    return getComputedStyle(canvas).getPropertyValue(name).trim();
  }
  function clear() {
    pen.clearRect(0, 0, size, size);
    isExample = false;
  }
  function stroke(from, to) {
    if (isExample) clear();
    pen.lineCap = pen.lineJoin = "round";
    pen.lineWidth = penWidth;
    pen.strokeStyle = styleOf("--ink");
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    invitation.hidden = true;
    if (!pending) {
      pending = true;
      requestAnimationFrame(read);
    }
  }
  function read() {
    pending = false;
    const pixels = pen.getImageData(0, 0, size, size).data;
    const bitmap = new Uint8Array(size * size);
    for (let i = 0; i < bitmap.length; i++) bitmap[i] = pixels[4 * i + 3] > 127 ? 1 : 0;
    cells = isCountedInk(view) ? countedInk(bitmap, size) : coveredInk(bitmap, size, view);
    showSeen();
    changed();
  }
  function showSeen() {
    const context = seen.getContext("2d");
    paint(context, cellSize, cellSize);
    if (!isNumbered) return;
    context.font = `500 ${Math.round(cellSize * 0.3)}px ${getComputedStyle(document.body).fontFamily}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    cells.forEach((value, cell) => {
      context.fillStyle = styleOf(value > view.max / 2 ? "--sunken" : value > 0 ? "--ink" : "--edge");
      const [x, y] = [(cell % view.width) + 0.5, Math.floor(cell / view.width) + 0.53];
      context.fillText(String(value), x * cellSize, y * cellSize);
    });
  }
  // The cells, each `width` by `height` points.
  function paint(context, width, height) {
    context.clearRect(0, 0, view.width * width, view.height * height);
    context.fillStyle = styleOf("--ink");
    cells.forEach((value, cell) => {
      context.globalAlpha = Math.max(0, Math.min(1, value / view.max));
      context.fillRect((cell % view.width) * width, Math.floor(cell / view.width) * height, width, height);
    });
    context.globalAlpha = 1;
  }
  function at(event) {
    const box = canvas.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * size) / box.width, y: ((event.clientY - box.top) * size) / box.height };
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    position = at(event);
    stroke(position, position);
    event.preventDefault();
    canvas.focus({ preventScroll: true });
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!position || !canvas.hasPointerCapture(event.pointerId)) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const next = at(each);
      stroke(position, next);
      position = next;
    }
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (position = null));

  const keyed = { x: size / 2, y: size / 4, isDown: false };
  function showCursor() {
    cursor.style.setProperty("--x", `${(100 * keyed.x) / size}%`);
    cursor.style.setProperty("--y", `${(100 * keyed.y) / size}%`);
    cursor.classList.toggle("down", keyed.isDown);
  }
  canvas.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in moves) {
      const from = { x: keyed.x, y: keyed.y };
      const step = event.shiftKey ? 32 : 8;
      keyed.x = Math.max(12, Math.min(size - 12, keyed.x + moves[event.key][0] * step));
      keyed.y = Math.max(12, Math.min(size - 12, keyed.y + moves[event.key][1] * step));
      if (keyed.isDown) stroke(from, keyed);
    } else if (event.key === " ") {
      keyed.isDown = !keyed.isDown;
      if (keyed.isDown) stroke(keyed, keyed);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      clear();
      read();
    } else {
      return;
    }
    cursor.hidden = false;
    showCursor();
    event.preventDefault();
  });
  canvas.addEventListener("blur", () => {
    cursor.hidden = true;
    keyed.isDown = false;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    // Ink has the color of the text: it is painted over where the ink is.
    pen.globalCompositeOperation = "source-in";
    pen.fillStyle = styleOf("--ink");
    pen.fillRect(0, 0, size, size);
    pen.globalCompositeOperation = "source-over";
    showSeen();
  });

  return {
    node: element(
      "div",
      { class: "drawing" },
      element("figure", {}, element("div", { class: "paper" }, canvas, invitation, cursor), element("figcaption", {}, "Your drawing")),
      element(
        "figure",
        {},
        seen,
        element("figcaption", {}, `What the model sees: ${view.width} × ${view.height}, 0 to ${view.max}`),
      ),
    ),
    // One number for each cell, row by row.
    values: () => cells,
    fill(values) {
      cells = values.map((value) => value ?? 0);
      clear();
      isExample = cells.some((value) => value > 0);
      invitation.hidden = isExample;
      showSeen();
      paint(pen, size / view.width, size / view.height);
    },
  };
}
