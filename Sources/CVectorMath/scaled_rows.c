// SPDX-License-Identifier: Apache-2.0
//
// The loop is plain; the compiler makes vectors of it, once for each kind of processor.

#include "scaled_rows.h"

#include "tiled_product.h"

#define SCALE_ROWS(NAME, TARGET)                                                                              \
  TARGET static void NAME(                                                                                    \
      const double *restrict rows, size_t row_count, size_t columns, const double *restrict offsets,          \
      const double *restrict factors, const float *restrict fills, float *restrict features) {                \
    for (size_t row = 0; row < row_count; row++, rows += columns, features += columns)                        \
      for (size_t c = 0; c < columns; c++) {                                                                  \
        const float scaled = (float)((rows[c] - offsets[c]) * factors[c]);                                    \
        features[c] = rows[c] != rows[c] ? fills[c] : scaled;                                                 \
      }                                                                                                       \
  }

#define SCALE_PIXELS(NAME, TARGET)                                                                            \
  TARGET static void NAME(                                                                                    \
      const uint8_t *restrict pixels, size_t count, float factor, float *restrict features) {                 \
    for (size_t i = 0; i < count; i++) features[i] = (float)pixels[i] * factor;                               \
  }

SCALE_ROWS(rows_plain, )
SCALE_PIXELS(pixels_plain, )
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f,avx512vl")))
SCALE_ROWS(rows_avx2, AVX2)
SCALE_ROWS(rows_avx512, AVX512)
SCALE_PIXELS(pixels_avx2, AVX2)
SCALE_PIXELS(pixels_avx512, AVX512)
#endif

void swiftlet_scale_rows(
    int32_t instructions, const double *rows, size_t row_count, size_t columns, const double *offsets,
    const double *factors, const float *fills, float *features) {
#if defined(__x86_64__)
  if (instructions >= SWIFTLET_AVX512) return rows_avx512(rows, row_count, columns, offsets, factors, fills, features);
  if (instructions == SWIFTLET_AVX2) return rows_avx2(rows, row_count, columns, offsets, factors, fills, features);
#endif
  rows_plain(rows, row_count, columns, offsets, factors, fills, features);
}

void swiftlet_scale_pixels(
    int32_t instructions, const uint8_t *pixels, size_t count, float factor, float *features) {
#if defined(__x86_64__)
  if (instructions >= SWIFTLET_AVX512) return pixels_avx512(pixels, count, factor, features);
  if (instructions == SWIFTLET_AVX2) return pixels_avx2(pixels, count, factor, features);
#endif
  pixels_plain(pixels, count, factor, features);
}
