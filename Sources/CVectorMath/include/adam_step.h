// SPDX-License-Identifier: Apache-2.0
//
// One step of Adam over the numbers of a parameter.
//
// A step reads and writes each number of a network, its gradient and its two memories: four arrays, a root and a
// division for every number. It is computed with the widest vectors of the processor. Products and sums are not fused,
// so that every kind of processor gives the same bits.

#ifndef SWIFTLET_ADAM_STEP_H
#define SWIFTLET_ADAM_STEP_H

#include <stddef.h>
#include <stdint.h>

/// The numbers that are the same for all numbers of a step.
typedef struct {
  /// The factors on the two memories, β₁ and β₂.
  float beta1, beta2;
  /// The factors on what is new, 1 − β₁ and 1 − β₂.
  float new1, new2;
  /// What of a weight is added to its gradient.
  float decay;
  /// The factor on a weight before the step.
  float shrink;
  /// The learning rate, corrected for the first steps.
  float step;
  /// The factor on the root of the mean square, which corrects it for the first steps.
  float root_scale;
  /// Added to the root, so that nothing is divided by zero.
  float epsilon;
} swiftlet_adam;

/// Changes `count` weights and the two memories of each against the slopes.
///
///     slope ← slope + decay · weight
///     mean ← β₁ · mean + (1 − β₁) · slope
///     square ← β₂ · square + (1 − β₂) · slope · slope
///     weight ← shrink · weight − step · mean / (√square · root_scale + ε)
void swiftlet_adam_step(
    int32_t instructions, swiftlet_adam adam, size_t count, const float *slopes, float *means, float *squares,
    float *weights);

#endif
