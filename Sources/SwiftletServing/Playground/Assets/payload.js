// SPDX-License-Identifier: Apache-2.0
//
// The request of the Open Inference Protocol for a row of values, and what its answer says.

// A model of numbers takes one tensor, in the order of its columns; any other takes one for each column; an image
// is a tensor by itself. What the server says of its own inputs decides.
export function inferenceRequest(metadata, model, values) {
  const image = model.inputs.find((input) => input.type === "image");
  if (image) {
    const tensor = metadata.inputs[0];
    const shape = [1, ...tensor.shape.slice(1).map(Number)];
    return { inputs: [{ name: tensor.name, datatype: tensor.datatype, shape, data: values.map(([, value]) => value) }] };
  }
  const whole = metadata.inputs.find((tensor) => tensor.name === "features" && Number(tensor.shape[1]) === values.length);
  if (whole && model.inputs.every((input) => input.type === "number")) {
    const data = values.map(([, value]) => value);
    return { inputs: [{ name: whole.name, datatype: whole.datatype, shape: [1, values.length], data }] };
  }
  return {
    inputs: values.map(([name, value], position) => {
      const tensor = metadata.inputs.find((tensor) => tensor.name === name);
      const datatype = tensor?.datatype ?? (model.inputs[position].type === "number" ? "FP32" : "BYTES");
      const isTruth = datatype === "BOOL" && value !== null;
      return { name, datatype, shape: [1, 1], data: [isTruth ? value === model.inputs[position].categories[1] : value] };
    }),
  };
}

// The tensors of an answer by name.
export function outputs(answer) {
  return Object.fromEntries((answer.outputs ?? []).map((tensor) => [tensor.name, tensor.data]));
}
