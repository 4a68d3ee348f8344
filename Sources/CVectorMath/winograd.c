// SPDX-License-Identifier: Apache-2.0
//
// The loops over channels are plain; the compiler makes vectors of them, once for each kind of processor.

#include "winograd.h"

#include "tiled_product.h"

// No iteration of a loop over channels reads what another one writes.
#define EACH_CHANNEL(C, COUNT) \
  _Pragma("clang loop vectorize(assume_safety)") for (size_t C = 0; C < (COUNT); C++)

#define INPUTS(NAME, TARGET)                                                                               \
  TARGET static void NAME(const float *pixels, size_t row_step, swiftlet_tile_row row, float *places) {    \
    const size_t step = row.place_step;                                                                    \
    for (size_t t = 0; t < row.tiles; t++, pixels += 2 * row.channels, places += row.channels)             \
      EACH_CHANNEL(c, row.channels) {                                                                      \
        float d[4][4];                                                                                     \
        for (int i = 0; i < 4; i++) {                                                                      \
          const float *x = pixels + i * row_step + c;                                                      \
          const float x0 = x[0], x1 = x[row.channels], x2 = x[2 * row.channels], x3 = x[3 * row.channels]; \
          d[i][0] = x0 - x2;                                                                               \
          d[i][1] = x1 + x2;                                                                               \
          d[i][2] = x2 - x1;                                                                               \
          d[i][3] = x1 - x3;                                                                               \
        }                                                                                                  \
        float *place = places + c;                                                                         \
        for (int j = 0; j < 4; j++) {                                                                      \
          place[j * step] = d[0][j] - d[2][j];                                                             \
          place[(4 + j) * step] = d[1][j] + d[2][j];                                                       \
          place[(8 + j) * step] = d[2][j] - d[1][j];                                                       \
          place[(12 + j) * step] = d[1][j] - d[3][j];                                                      \
        }                                                                                                  \
      }                                                                                                    \
  }

// The four results of a tile at channel c, in y[row][column].
#define FOUR_RESULTS(Y)                                                                                \
  float m[2][4], Y[2][2];                                                                              \
  for (int j = 0; j < 4; j++) {                                                                        \
    const float m0 = place[j * step], m1 = place[(4 + j) * step], m2 = place[(8 + j) * step];          \
    m[0][j] = m0 + m1 + m2;                                                                            \
    m[1][j] = m1 - m2 - place[(12 + j) * step];                                                        \
  }                                                                                                    \
  for (int i = 0; i < 2; i++) {                                                                        \
    Y[i][0] = m[i][0] + m[i][1] + m[i][2];                                                             \
    Y[i][1] = m[i][1] - m[i][2] - m[i][3];                                                             \
  }

#define OUTPUTS(NAME, TARGET)                                                                            \
  TARGET static void NAME(const float *places, swiftlet_tile_row row, float *pixels, size_t row_step) {  \
    const size_t step = row.place_step;                                                                  \
    for (size_t t = 0; t < row.tiles; t++, places += row.channels, pixels += 2 * row.channels)           \
      EACH_CHANNEL(c, row.channels) {                                                                    \
        const float *place = places + c;                                                                 \
        FOUR_RESULTS(y)                                                                                  \
        pixels[c] = y[0][0];                                                                             \
        pixels[row.channels + c] = y[0][1];                                                              \
        pixels[row_step + c] = y[1][0];                                                                  \
        pixels[row_step + row.channels + c] = y[1][1];                                                   \
      }                                                                                                  \
  }

#define LARGEST_OUTPUTS(NAME, TARGET)                                                  \
  TARGET static void NAME(const float *places, swiftlet_tile_row row, float *pixels) { \
    const size_t step = row.place_step;                                                \
    for (size_t t = 0; t < row.tiles; t++, places += row.channels, pixels += row.channels) \
      EACH_CHANNEL(c, row.channels) {                                                  \
        const float *place = places + c;                                               \
        FOUR_RESULTS(y)                                                                \
        const float upper = y[0][1] > y[0][0] ? y[0][1] : y[0][0];                     \
        const float lower = y[1][1] > y[1][0] ? y[1][1] : y[1][0];                     \
        pixels[c] = lower > upper ? lower : upper;                                     \
      }                                                                                \
  }

#define ALL(NAME, TARGET)          \
  INPUTS(inputs_##NAME, TARGET)    \
  OUTPUTS(outputs_##NAME, TARGET)  \
  LARGEST_OUTPUTS(largest_##NAME, TARGET)

ALL(plain, )
#if defined(__x86_64__)
ALL(avx2, __attribute__((target("avx2"))))
ALL(avx512, __attribute__((target("avx512f,avx512vl"))))
#define CHOOSE(NAME, ...)                                                     \
  if (instructions >= SWIFTLET_AVX512) return NAME##_avx512(__VA_ARGS__);     \
  if (instructions == SWIFTLET_AVX2) return NAME##_avx2(__VA_ARGS__);         \
  NAME##_plain(__VA_ARGS__)
#else
#define CHOOSE(NAME, ...) NAME##_plain(__VA_ARGS__)
#endif

void swiftlet_winograd_inputs(
    int32_t instructions, const float *pixels, size_t row_step, swiftlet_tile_row row, float *places) {
  CHOOSE(inputs, pixels, row_step, row, places);
}

void swiftlet_winograd_outputs(
    int32_t instructions, const float *places, swiftlet_tile_row row, float *pixels, size_t row_step) {
  CHOOSE(outputs, places, row, pixels, row_step);
}

void swiftlet_winograd_largest_outputs(
    int32_t instructions, const float *places, swiftlet_tile_row row, float *pixels) {
  CHOOSE(largest, places, row, pixels);
}
