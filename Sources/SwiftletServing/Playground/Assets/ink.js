// SPDX-License-Identifier: Apache-2.0
//
// From ink on a pad to the numbers of a picture.
//
// A model reads a drawing well only where it was made ready like the pictures of its training. The digits were
// prepared by the public programs of NIST, so this goes the same way: the black points are cut out and scaled to
// 20 by 32, whatever their shape; strokes are thinned or thickened until between 256 and 412 points are black;
// the picture is sheared until it stands upright; and the points of each block of 4 by 4 are counted.
//
// Source   Garris et al. (1994), NIST Form-Based Handprint Recognition System, NISTIR 5469, and its programs
//          norm_2nd_gen, morphchr and shear; Alpaydin, Kaynak (1998), Optical Recognition of Handwritten Digits

const side = 32;
const charWidth = 20;

// Whether a view is that of these digits: counts from 0 to 16 in 8 by 8 blocks.
export function isCountedInk(view) {
  return view.width === 8 && view.height === 8 && view.max === 16;
}

// The 64 counts for a square bitmap of 0 and 1 with `size` points a side; all zero where nothing is drawn.
export function countedInk(bitmap, size) {
  return countBlocks(normalizedInk(bitmap, size));
}

// The 32 by 32 points that the counts are made of.
export function normalizedInk(bitmap, size) {
  const box = bounds(bitmap, size);
  if (!box) return new Uint8Array(side * side);
  return sheared(withEvenStrokes(scaled(bitmap, size, box)));
}

// The rectangle around the ink.
function bounds(bitmap, size) {
  let [left, right, top, bottom] = [size, -1, size, -1];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!bitmap[y * size + x]) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

// The rectangle, scaled to 20 by 32 points in the middle of 32 by 32.
function scaled(bitmap, size, box) {
  const points = new Uint8Array(side * side);
  const margin = (side - charWidth) / 2;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < charWidth; x++) {
      const fromX = box.left + Math.floor(((x + 0.5) * box.width) / charWidth);
      const fromY = box.top + Math.floor(((y + 0.5) * box.height) / side);
      points[y * side + margin + x] = bitmap[fromY * size + fromX];
    }
  }
  return points;
}

// Thick pens and thin ones leave about the same ink.
function withEvenStrokes(points) {
  const count = points.reduce((sum, point) => sum + point, 0);
  if (count > 560) return eroded(eroded(points));
  if (count > 412) return eroded(points);
  if (count < 108) return dilated(dilated(points));
  if (count < 256) return dilated(points);
  return points;
}

// A point stays where its four neighbors are ink too.
function eroded(points) {
  return points.map((point, i) => (point && neighbors(points, i).every(Boolean) ? 1 : 0));
}

// A point becomes ink where one of its four neighbors is.
function dilated(points) {
  return points.map((point, i) => (point || neighbors(points, i).some(Boolean) ? 1 : 0));
}

// Left, right, above and below; outside there is no ink.
function neighbors(points, i) {
  const x = i % side;
  return [
    x > 0 ? points[i - 1] : 0,
    x < side - 1 ? points[i + 1] : 0,
    i >= side ? points[i - side] : 0,
    i < side * (side - 1) ? points[i + side] : 0,
  ];
}

// Rows are shifted until the left ends of the strokes near the top and near the bottom are above each other.
function sheared(points) {
  const rows = Array.from({ length: side }, (_, y) => points.slice(y * side, (y + 1) * side));
  const inked = rows.flatMap((row, y) => (row.includes(1) ? [y] : []));
  const [first, last] = [inked[0], inked[inked.length - 1]];
  if (inked.length === 0 || last - first < 5) return points;
  // The outermost two rows may be the noise of an edge.
  const [top, bottom] = [first + 2, last - 2];
  const [topLeft, bottomLeft] = [rows[top].indexOf(1), rows[bottom].indexOf(1)];
  if (topLeft < 0 || bottomLeft < 0 || topLeft === bottomLeft) return points;
  const slope = (topLeft - bottomLeft) / (bottom - top);
  const upright = new Uint8Array(side * side);
  rows.forEach((row, y) => {
    const shift = Math.round((y - side / 2) * slope);
    row.forEach((point, x) => {
      if (point && x + shift >= 0 && x + shift < side) upright[y * side + x + shift] = 1;
    });
  });
  return upright;
}

function countBlocks(points) {
  const counts = new Array(64).fill(0);
  points.forEach((point, i) => {
    counts[Math.floor(i / side / 4) * 8 + Math.floor((i % side) / 4)] += point;
  });
  return counts;
}

// For any other picture: how much of each cell is ink, times the number of full ink.
export function coveredInk(bitmap, size, view) {
  const sums = new Array(view.width * view.height).fill(0);
  const areas = sums.slice();
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = Math.floor((y * view.height) / size) * view.width + Math.floor((x * view.width) / size);
      sums[cell] += bitmap[y * size + x];
      areas[cell] += 1;
    }
  }
  return sums.map((sum, cell) => Math.round((view.max * sum) / Math.max(areas[cell], 1)));
}
