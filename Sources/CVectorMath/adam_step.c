// SPDX-License-Identifier: Apache-2.0
//
// Source    Kingma, Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1, with the corrections folded into
//           two numbers

#include "adam_step.h"

#include <string.h>

#include "tiled_product.h"

#pragma clang fp contract(off)

enum { WIDTH = 16 };

typedef float vector __attribute__((ext_vector_type(16), aligned(4)));

/// The step for sixteen numbers.
static inline __attribute__((always_inline)) void step(
    const swiftlet_adam *adam, const float *slopes, float *means, float *squares, float *weights) {
  const vector weight = *(const vector *)weights;
  const vector slope = *(const vector *)slopes + adam->decay * weight;
  const vector mean = adam->beta1 * *(vector *)means + adam->new1 * slope;
  const vector square = adam->beta2 * *(vector *)squares + adam->new2 * slope * slope;
  const vector root = __builtin_elementwise_sqrt(square) * adam->root_scale + adam->epsilon;
  *(vector *)means = mean;
  *(vector *)squares = square;
  *(vector *)weights = adam->shrink * weight - adam->step * mean / root;
}

#define ADAM(NAME, TARGET)                                                                                    \
  TARGET static void NAME(                                                                                    \
      const swiftlet_adam *adam, size_t count, const float *restrict slopes, float *restrict means,           \
      float *restrict squares, float *restrict weights) {                                                     \
    const size_t whole = count / WIDTH * WIDTH, left = (count - whole) * sizeof(float);                       \
    for (size_t i = 0; i < whole; i += WIDTH) step(adam, slopes + i, means + i, squares + i, weights + i);    \
    float rest[4][WIDTH] = {{0}};                                                                             \
    memcpy(rest[0], slopes + whole, left);                                                                    \
    memcpy(rest[1], means + whole, left);                                                                     \
    memcpy(rest[2], squares + whole, left);                                                                   \
    memcpy(rest[3], weights + whole, left);                                                                   \
    step(adam, rest[0], rest[1], rest[2], rest[3]);                                                           \
    memcpy(means + whole, rest[1], left);                                                                     \
    memcpy(squares + whole, rest[2], left);                                                                   \
    memcpy(weights + whole, rest[3], left);                                                                   \
  }

ADAM(plain, )
#if defined(__x86_64__)
ADAM(avx2, __attribute__((target("avx2"))))
ADAM(avx512, __attribute__((target("avx512f,avx512vl"))))
#endif

void swiftlet_adam_step(
    int32_t instructions, swiftlet_adam adam, size_t count, const float *slopes, float *means, float *squares,
    float *weights) {
#if defined(__x86_64__)
  if (instructions >= SWIFTLET_AVX512) return avx512(&adam, count, slopes, means, squares, weights);
  if (instructions == SWIFTLET_AVX2) return avx2(&adam, count, slopes, means, squares, weights);
#endif
  plain(&adam, count, slopes, means, squares, weights);
}
