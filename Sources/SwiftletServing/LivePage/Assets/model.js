// SPDX-License-Identifier: Apache-2.0
//
// A model in the browser: its columns become features, its layers scores, and its head an answer.
//
// Everything is computed in 64 bits from weights of 32, so an answer agrees with the program's in six decimals.
// A picture is a list of numbers in which the channels of a pixel lie together, as between the program's layers.

// Gives a function from the values of one row, in the order of the columns, to { label, probabilities } or
// { prediction }. A value is a number, a text, a list of pixels, or null where it is missing.
export function makeModel({ description, pipeline, truths, network, weights }) {
  const parameters = readSafetensors(weights);
  const layers = network.map((layer, position) => makeLayer(layer, `${position}`, parameters));
  const columns = pipeline.map((step, position) => prepared({ ...description.inputs[position], ...step, truths }));
  return (values) => {
    const features = columns.flatMap((column, position) => encode(column, values[position]));
    const scores = layers.reduce((x, layer) => layer(x), { data: features });
    return answerOf(description, scores.data);
  };
}

// The tensors of a safetensors file in base64, by name. Eight bytes say how long the header is, which says where each
// tensor lies.
function readSafetensors(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const tensors = {};
  for (const [name, { data_offsets: offsets }] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    tensors[name] = new Float32Array(bytes.slice(8 + length + offsets[0], 8 + length + offsets[1]).buffer);
  }
  return tensors;
}

// MARK: Columns

// Texts are compared without the spaces around them, and an é is the same with its accent in it or behind it.
const plain = (text) => String(text).trim().normalize("NFC");

function prepared(column) {
  return column.categories ? { ...column, categories: column.categories.map(plain) } : column;
}

const scaled = ({ fill, offset, factor }, value) => ((value ?? fill) - offset) * factor;

const encoders = {
  number: (column, value) => [scaled(column, value)],
  boolean({ truths, fill }, value) {
    const word = plain(value).toLowerCase();
    const pair = truths.find((words) => words.includes(word));
    return [pair ? pair.indexOf(word) : fill];
  },
  category({ categories, fill, encode }, value) {
    const position = value === null && fill === undefined ? -1 : categories.indexOf(plain(value ?? fill));
    // The code 0 is every category that training did not know.
    return encode === "embedding" ? [position + 1] : categories.map((_, i) => (i === position ? 1 : 0));
  },
  date(column, value) {
    const date = value === null ? null : new Date(`${value.trim().replace(" ", "T")}${value.includes(":") ? "" : "T00:00"}Z`);
    const day = date && Math.floor(date.getTime() / 86_400_000);
    const own = date && { month: date.getUTCMonth() + 1, weekday: (date.getUTCDay() + 6) % 7, hour: date.getUTCHours() };
    return [
      ...(column.day ? [scaled(column.day, day)] : []),
      ...["month", "weekday", "hour"].flatMap((part) => (column[part] ?? []).map((each) => (each === own?.[part] ? 1 : 0))),
    ];
  },
  image({ scale }, pixels) {
    if (scale === "none") return pixels;
    if (scale === "unit") return pixels.map((value) => value / 255);
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const variance = pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length;
    return pixels.map((value) => (variance > 0 ? (value - mean) / Math.sqrt(variance) : 0));
  },
};

function encode(column, value) {
  return encoders[column.type](column, value ?? null);
}

// MARK: Layers

const activations = {
  identity: (x) => x,
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
};

// Each makes a function from { data, height, width } to the same; a row of numbers has no height and no width.
const layerKinds = {
  linear({ output, activation = "identity" }, { weight, bias }) {
    return ({ data }) => {
      const sums = Array.from(bias);
      for (let i = 0; i < output; i++) for (let j = 0; j < data.length; j++) sums[i] += weight[i * data.length + j] * data[j];
      return { data: sums.map(activations[activation]) };
    };
  },
  dropout: () => (x) => x,
  layer_norm({ epsilon }, { weight, bias }) {
    return (x) => ({ ...x, data: standardized(x.data, epsilon).map((value, i) => value * weight[i] + bias[i]) });
  },
  // The numbers come first, then what was learned of each code.
  embed_columns({ columns }, tables) {
    const positions = columns.map((column) => column.position);
    return ({ data }) => ({
      data: [
        ...data.filter((_, position) => !positions.includes(position)),
        ...columns.flatMap(({ position, size }, i) => Array.from(tables[`${i}.weight`].subarray(data[position] * size, (data[position] + 1) * size))),
      ],
    });
  },
  unflatten({ channels, height, width }) {
    const area = height * width;
    return ({ data }) => ({
      height,
      width,
      data: Array.from({ length: data.length }, (_, i) => data[(i % channels) * area + Math.floor(i / channels)]),
    });
  },
  flatten: () => (x) => {
    if (!x.height) return x;
    const area = x.height * x.width;
    const channels = x.data.length / area;
    return { data: x.data.map((_, i) => x.data[(i % area) * channels + Math.floor(i / area)]) };
  },
  conv2d({ input, output, size, activation = "identity" }, { weight, bias }) {
    const reach = (size - 1) / 2;
    return ({ data, height, width }) => {
      const sums = new Array(height * width * output);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          for (let k = 0; k < output; k++) {
            let sum = bias[k];
            for (let dy = -reach; dy <= reach; dy++) {
              for (let dx = -reach; dx <= reach; dx++) {
                if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) continue;
                const pixel = ((y + dy) * width + x + dx) * input;
                const window = (dy + reach) * size + dx + reach;
                for (let c = 0; c < input; c++) sum += weight[(k * input + c) * size * size + window] * data[pixel + c];
              }
            }
            sums[(y * width + x) * output + k] = activations[activation](sum);
          }
        }
      }
      return { height, width, data: sums };
    };
  },
  group_norm({ groups, channels, epsilon }, { weight, bias }) {
    const members = channels / groups;
    return (x) => {
      const data = new Array(x.data.length);
      for (let group = 0; group < groups; group++) {
        const places = Array.from(data.keys()).filter((i) => Math.floor((i % channels) / members) === group);
        const values = standardized(places.map((i) => x.data[i]), epsilon);
        places.forEach((i, j) => (data[i] = values[j] * weight[i % channels] + bias[i % channels]));
      }
      return { ...x, data };
    };
  },
  max_pool2d: () => ({ data, height, width }) => {
    const channels = data.length / (height * width);
    const [rows, columns] = [Math.floor(height / 2), Math.floor(width / 2)];
    const at = (y, x, c) => data[(y * width + x) * channels + c];
    const pooled = Array.from({ length: rows * columns * channels }, (_, i) => {
      const c = i % channels;
      const x = 2 * (Math.floor(i / channels) % columns);
      const y = 2 * Math.floor(i / channels / columns);
      return Math.max(at(y, x, c), at(y, x + 1, c), at(y + 1, x, c), at(y + 1, x + 1, c));
    });
    return { height: rows, width: columns, data: pooled };
  },
  global_average_pool: () => ({ data, height, width }) => {
    const area = height * width;
    const sums = new Array(data.length / area).fill(0);
    data.forEach((value, i) => (sums[i % sums.length] += value));
    return { data: sums.map((sum) => sum / area) };
  },
};

function makeLayer(layer, path, parameters) {
  if (layer.kind === "sequential") {
    const inner = layer.layers.map((each, position) => makeLayer(each, `${path}.${position}`, parameters));
    return (x) => inner.reduce((value, each) => each(value), x);
  }
  const activation = activations[layer.kind];
  if (activation) return (x) => ({ ...x, data: x.data.map(activation) });
  const own = {};
  for (const [name, tensor] of Object.entries(parameters)) {
    if (name.startsWith(`${path}.`)) own[name.slice(path.length + 1)] = tensor;
  }
  return layerKinds[layer.kind](layer, own);
}

// Numbers with mean 0 and variance 1.
function standardized(values, epsilon) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance + epsilon));
}

// The error function: its Taylor series near 0, and far away the continued fraction of erfc. Abramowitz and Stegun
// (1964), equations 7.1.6 and 7.1.14.
function erf(x) {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction));
}

// MARK: Answers

function answerOf({ labels, targets, threshold }, scores) {
  if (!labels) return { prediction: scores.map((score, i) => score * targets[i].factor + targets[i].offset) };
  const probabilities = labels.length === 2 ? twoClasses(scores[0]) : softmax(scores);
  const best = labels.length === 2 ? Number(probabilities[1] >= threshold) : probabilities.indexOf(Math.max(...probabilities));
  return { label: [labels[best]], probabilities };
}

function twoClasses(score) {
  const p = activations.sigmoid(score);
  return [1 - p, p];
}

function softmax(scores) {
  const largest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((total, each) => total + each, 0);
  return exponentials.map((each) => each / sum);
}
