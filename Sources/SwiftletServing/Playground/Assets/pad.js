// SPDX-License-Identifier: Apache-2.0
//
// A pad to draw on, and beside it what the model sees.
//
// With the keyboard: arrows move the pen, the space bar lowers and lifts it, Delete clears the pad. A picture that is
// dropped on it takes the place of the drawing.

import { element } from "./dom.js";
import { countedInk, coveredInk, isCountedInk } from "./ink.js";

const size = 256;
const penWidth = 22;

// Gives { node, values(), fill(cells, isPicture), showMap(map), complain(message) }; `changed` is called when the drawing
// has changed, and `open` with a file that was dropped.
export function makePad(view, changed, open) {
  const channels = view.channels ?? 1;
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
  // Cells of columns that are few enough are shown with their numbers.
  const isNumbered = !view.channels && view.width <= 16 && view.height <= 16;
  const cellSize = isNumbered ? Math.floor(640 / Math.max(view.width, view.height)) : 1;
  const seen = element("canvas", {
    width: view.width * cellSize,
    height: view.height * cellSize,
    class: isNumbered ? "seen" : "seen pixels",
    role: "img",
    "aria-label": "What the model sees",
  });
  const invitation = element("span", { class: "invitation", "aria-hidden": "true" }, open ? "Draw here, or drop a picture" : "Draw here");
  const complaint = element("p", { class: "failure", role: "alert", hidden: true });
  const map = element("canvas", { width: view.width, height: view.height, class: "seen pixels", role: "img" });
  const mapFigure = element("figure", { class: "looks", hidden: true }, map, element("figcaption", {}, "What it looks at"));
  let cells = new Array(view.width * view.height * channels).fill(0);
  // Whether the cells are a picture, which keeps its own colors. Ink has that of the text.
  let isPicture = channels > 1;
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
    const ink = isCountedInk(view) ? countedInk(bitmap, size) : coveredInk(bitmap, size, view);
    cells = new Array(channels).fill(ink).flat();
    isPicture = channels > 1;
    complaint.hidden = true;
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
    const count = view.width * view.height;
    cells.slice(0, count).forEach((value, cell) => {
      if (isPicture) context.fillStyle = colorOf(cell);
      else context.globalAlpha = Math.max(0, Math.min(1, value / view.max));
      context.fillRect((cell % view.width) * width, Math.floor(cell / view.width) * height, width, height);
    });
    context.globalAlpha = 1;
  }
  // The color of a cell of a picture: of its three channels, or gray.
  function colorOf(cell) {
    const count = view.width * view.height;
    const value = (channel) => Math.round((255 * cells[cell + (channels === 3 ? channel * count : 0)]) / view.max);
    return `rgb(${value(0)}, ${value(1)}, ${value(2)})`;
  }
  // The map of a model's answer: the more orange, the more it depends on a pixel.
  function showMap(found) {
    mapFigure.hidden = !found;
    if (!found) return;
    const context = map.getContext("2d");
    const pixels = context.createImageData(view.width, view.height);
    found.values.forEach((share, cell) => pixels.data.set([230, 110, 0, Math.round(255 * share)], 4 * cell));
    context.putImageData(pixels, 0, 0);
    map.setAttribute("aria-label", `The pixels on which the answer ${found.subject} depends most`);
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

  if (open) {
    canvas.addEventListener("dragover", (event) => event.preventDefault());
    canvas.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files[0]) open(event.dataTransfer.files[0]);
    });
  }

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
      mapFigure,
      complaint,
    ),
    // One number for each cell, row by row.
    values: () => cells,
    fill(values, isFile = false) {
      cells = values.map((value) => value ?? 0);
      isPicture = isFile || channels > 1;
      complaint.hidden = true;
      showMap(null);
      clear();
      isExample = cells.some((value) => value > 0);
      invitation.hidden = isExample;
      showSeen();
      if (isExample) paint(pen, size / view.width, size / view.height);
    },
    showMap,
    complain(message) {
      complaint.textContent = message;
      complaint.hidden = false;
    },
  };
}
