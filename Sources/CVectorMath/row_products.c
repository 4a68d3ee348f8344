// SPDX-License-Identifier: Apache-2.0
//
// Source    Cephes library (S. Moshier), expf, as in Exponential.swift

#include "row_products.h"

#include "tiled_product.h"

enum { WIDTH = 16 };

typedef float vector __attribute__((ext_vector_type(16), aligned(4)));
typedef int32_t integers __attribute__((ext_vector_type(16)));
typedef float eight __attribute__((ext_vector_type(8)));
typedef float four __attribute__((ext_vector_type(4)));

#define INLINE static inline __attribute__((always_inline))

/// The sum of sixteen numbers.
INLINE float sum_of(const vector *numbers) {
  const eight halves = numbers->lo + numbers->hi;
  const four quarters = halves.lo + halves.hi;
  return (quarters.x + quarters.z) + (quarters.y + quarters.w);
}

/// The largest of sixteen numbers.
INLINE float largest_of(const vector *numbers) {
  const eight halves = __builtin_elementwise_max(numbers->lo, numbers->hi);
  const four quarters = __builtin_elementwise_max(halves.lo, halves.hi);
  return __builtin_fmaxf(__builtin_fmaxf(quarters.x, quarters.z), __builtin_fmaxf(quarters.y, quarters.w));
}

// MARK: Scores

/// The number of rows that are asked from memory before they are needed.
enum { AHEAD = 8 };

// The scores of ROWS rows for COLUMNS classes: ROWS · COLUMNS sums, which must fit into the registers.
#define SCORES(NAME, TARGET, ROWS, COLUMNS)                                                                          \
  TARGET __attribute__((noinline)) static void NAME##_##ROWS##_##COLUMNS(                                            \
      const float *restrict rows, size_t inputs, const float *restrict weight, float *restrict scores,               \
      size_t outputs) {                                                                                              \
    _Pragma("clang fp contract(fast)") const size_t whole = inputs / WIDTH * WIDTH;                                  \
    vector sum[ROWS][COLUMNS];                                                                                       \
    _Pragma("unroll") for (int r = 0; r < ROWS; r++)                                                                 \
      _Pragma("unroll") for (int c = 0; c < COLUMNS; c++) sum[r][c] = (vector)0.0f;                                  \
    for (size_t k = 0; k < whole; k += WIDTH) {                                                                      \
      vector row[ROWS];                                                                                              \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                             \
        __builtin_prefetch(rows + (r + AHEAD) * inputs + k, 0, 2);                                                   \
        row[r] = *(const vector *)(rows + r * inputs + k);                                                           \
      }                                                                                                              \
      _Pragma("unroll") for (int c = 0; c < COLUMNS; c++) {                                                          \
        const vector factors = *(const vector *)(weight + c * inputs + k);                                           \
        _Pragma("unroll") for (int r = 0; r < ROWS; r++) sum[r][c] += row[r] * factors;                              \
      }                                                                                                              \
    }                                                                                                                \
    _Pragma("unroll") for (int r = 0; r < ROWS; r++) _Pragma("unroll") for (int c = 0; c < COLUMNS; c++) {           \
      float score = sum_of(&sum[r][c]);                                                                              \
      for (size_t k = whole; k < inputs; k++) score += rows[r * inputs + k] * weight[c * inputs + k];                \
      scores[r * outputs + c] = score;                                                                               \
    }                                                                                                                \
  }

// All scores of two rows at a time, and of one where one is left.
#define SCORE_ROWS(NAME, TARGET, COLUMNS)                                                                            \
  SCORES(NAME, TARGET, 2, COLUMNS)                                                                                   \
  SCORES(NAME, TARGET, 2, 1)                                                                                         \
  SCORES(NAME, TARGET, 1, COLUMNS)                                                                                   \
  SCORES(NAME, TARGET, 1, 1)                                                                                         \
  static void NAME##_rows(                                                                                           \
      const float *rows, size_t count, size_t inputs, const float *weight, size_t outputs, float *scores) {          \
    for (size_t row = 0; row < count; row += 2) {                                                                    \
      const float *here = rows + row * inputs;                                                                       \
      float *target = scores + row * outputs;                                                                        \
      const int is_pair = row + 1 < count;                                                                           \
      size_t c = 0;                                                                                                  \
      for (; c + COLUMNS <= outputs; c += COLUMNS)                                                                   \
        (is_pair ? NAME##_2_##COLUMNS : NAME##_1_##COLUMNS)(here, inputs, weight + c * inputs, target + c, outputs); \
      for (; c < outputs; c++)                                                                                       \
        (is_pair ? NAME##_2_1 : NAME##_1_1)(here, inputs, weight + c * inputs, target + c, outputs);                 \
    }                                                                                                                \
  }

// MARK: Softmax

/// e to the power of each of sixteen numbers.
INLINE void exponential(const vector *numbers, vector *powers) {
  const vector x = *numbers;
  const vector clamped = __builtin_elementwise_max(__builtin_elementwise_min(x, (vector)89.0f), (vector)-104.0f);
  // Adding and taking away 1.5 · 2²³ leaves the nearest whole number, and its bits below.
  const vector shifted = clamped * 1.44269504088896341f + 12582912.0f;
  const vector n = shifted - 12582912.0f;
  const vector r = clamped - n * 0.693359375f - n * -2.12194440e-4f;
  vector p = (vector)1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // 2ⁿ in two factors, because n reaches from −150 to 128 and one factor only from −126 to 127.
  const integers exponent = __builtin_bit_cast(integers, shifted) - 0x4B400000;
  const integers half = exponent >> 1;
  p = p * __builtin_bit_cast(vector, (half + 127) << 23) * __builtin_bit_cast(vector, (exponent - half + 127) << 23);
  *powers = x == x ? p : x;
}

#define SOFTMAX(NAME, TARGET)                                                                                        \
  TARGET static void NAME##_softmax(const float *scores, size_t count, size_t classes, float *probabilities) {       \
    const integers lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};                                   \
    const vector none = (vector)-__builtin_inff();                                                                   \
    for (size_t row = 0; row < count; row++, scores += classes, probabilities += classes) {                          \
      vector greatest = none, sum = (vector)0.0f;                                                                    \
      for (size_t k = 0; k < classes; k += WIDTH) {                                                                  \
        const vector found = *(const vector *)(scores + k);                                                          \
        greatest = __builtin_elementwise_max(greatest, lanes < (int32_t)(classes - k) ? found : none);               \
      }                                                                                                              \
      const float largest = largest_of(&greatest);                                                                   \
      for (size_t k = 0; k < classes; k += WIDTH) {                                                                  \
        const vector found = *(const vector *)(scores + k);                                                          \
        const vector distance = (lanes < (int32_t)(classes - k) ? found : none) - largest;                           \
        vector powers;                                                                                               \
        exponential(&distance, &powers);                                                                             \
        sum += powers;                                                                                               \
        *(vector *)(probabilities + k) = powers; /* what is beyond the row, the next row's replaces */               \
      }                                                                                                              \
      const float scale = 1 / sum_of(&sum);                                                                          \
      for (size_t k = 0; k < classes; k++) probabilities[k] *= scale;                                                \
    }                                                                                                                \
  }

SCORE_ROWS(plain, , 3)
SOFTMAX(plain, )
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f,avx512vl")))
SCORE_ROWS(avx2, AVX2, 3)
SOFTMAX(avx2, AVX2)
SCORE_ROWS(avx512, AVX512, 10)
SOFTMAX(avx512, AVX512)
#endif

void swiftlet_score_rows(
    int32_t instructions, const float *rows, size_t count, size_t inputs, const float *weight, size_t outputs,
    float *scores) {
#if defined(__x86_64__)
  if (instructions >= SWIFTLET_AVX512) return avx512_rows(rows, count, inputs, weight, outputs, scores);
  if (instructions == SWIFTLET_AVX2) return avx2_rows(rows, count, inputs, weight, outputs, scores);
#endif
  plain_rows(rows, count, inputs, weight, outputs, scores);
}

void swiftlet_softmax_rows(
    int32_t instructions, const float *scores, size_t count, size_t classes, float *probabilities) {
#if defined(__x86_64__)
  if (instructions >= SWIFTLET_AVX512) return avx512_softmax(scores, count, classes, probabilities);
  if (instructions == SWIFTLET_AVX2) return avx2_softmax(scores, count, classes, probabilities);
#endif
  plain_softmax(scores, count, classes, probabilities);
}
