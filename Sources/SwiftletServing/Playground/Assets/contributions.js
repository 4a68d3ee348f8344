// SPDX-License-Identifier: Apache-2.0
//
// Why a linear model answers as it does: its score is a sum, and every column has its part in it.
//
//     score = base + Σ weight · feature,   feature = (value − mean of training) / deviation for a number,
//                                                    1 for the category that is there
//
// For a model of classes the score is that of one class (of two classes, of the second); for a regression the
// parts are in the unit of the target.

// Which parts a model's answer can be split into: the names of its classes or targets. None where it is not linear,
// and none for an image, whose points have no meaning one by one.
export function explained(model) {
  if (!model.linear || model.inputs.some((input) => input.type === "image")) return [];
  return model.labels ?? model.targets.map((target) => target.name);
}

// { base, parts: [{ name, value, share }], total } for a class or target by its position.
export function contributions(model, values, position) {
  const isBinary = model.labels?.length === 2;
  const row = isBinary ? 0 : position;
  const sign = isBinary && position === 0 ? -1 : 1;
  const target = model.targets?.[position];
  const scale = sign * (target?.factor ?? 1);
  const weights = model.linear.weights[row];
  const parts = [];
  let start = 0;
  for (const [index, input] of model.inputs.entries()) {
    const value = values[index][1];
    let share = 0;
    if (input.type === "number") {
      share = weights[start] * ((value ?? input.fill) - input.offset) * input.factor;
      start += 1;
    } else if (input.type === "boolean") {
      share = weights[start] * Math.max(0, input.categories.indexOf(value ?? input.fill));
      start += 1;
    } else {
      const category = input.categories.indexOf(value ?? input.fill);
      share = category >= 0 ? weights[start + category] : 0;
      start += input.categories.length;
    }
    parts.push({ name: input.name, value, share: share * scale });
  }
  const base = model.linear.bias[row] * scale + (target?.offset ?? 0);
  return { base, parts, total: parts.reduce((sum, part) => sum + part.share, base) };
}
