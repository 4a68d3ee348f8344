// SPDX-License-Identifier: Apache-2.0
//
// From a picture file to the numbers that a model takes, as the server makes them of the same file: every pixel is the
// mean of the area that it covers, transparent pixels lie on white, and gray is 0.299 red + 0.587 green + 0.114 blue.

// A larger picture is first made so small by the browser.
const longestSide = 2048;

// Whether a view is one of pictures that can come from a file.
export function takesFiles(view) {
  return view.columns.length === 0 && (view.channels === 1 || view.channels === 3);
}

// The numbers of a PNG or a JPEG, the pixels of one channel after those of another. Throws for any other file.
export async function cellsOf(file, view) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, longestSide / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return planes(resized(context.getImageData(0, 0, width, height).data, { width, height }, view), view.channels);
}

// Red, green and blue of a picture of another size, from bytes of red, green, blue and alpha.
export function resized(bytes, from, to) {
  const columns = coverage(from.width, to.width);
  const lines = coverage(from.height, to.height);
  const result = [];
  for (const line of lines) {
    for (const column of columns) {
      const sums = [0, 0, 0];
      line.shares.forEach((down, y) => {
        column.shares.forEach((across, x) => {
          const start = 4 * ((line.first + y) * from.width + column.first + x);
          for (let channel = 0; channel < 3; channel++) sums[channel] += down * across * bytes[start + channel];
        });
      });
      result.push(sums.map(Math.round));
    }
  }
  return result;
}

// The pixels that each new one covers along one side, with the share of each.
function coverage(old, count) {
  return Array.from({ length: count }, (_, pixel) => {
    const [start, end] = [pixel * old, (pixel + 1) * old];
    const first = Math.floor(start / count);
    const last = Math.floor((end - 1) / count);
    const shares = [];
    for (let each = first; each <= last; each++) {
      shares.push((Math.min(end, (each + 1) * count) - Math.max(start, each * count)) / old);
    }
    return { first, shares };
  });
}

// Pixels of red, green and blue as planes: three of color, or one of gray.
export function planes(pixels, channels) {
  if (channels === 1) return pixels.map(([red, green, blue]) => (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16);
  return [0, 1, 2].flatMap((channel) => pixels.map((pixel) => pixel[channel]));
}
