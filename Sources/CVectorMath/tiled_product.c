// SPDX-License-Identifier: Apache-2.0
//
// Source    Van Zee, van de Geijn, "BLIS: A Framework for Rapidly Instantiating BLAS Functionality" (2015), section 5.2,
//           for the innermost kernel: one number of the left against a vector of the right, the sums in registers

#include "tiled_product.h"

#include <string.h>

// One order of summing up for all tiles asks for one way of multiplying and adding: fused where the processor has it.
#pragma clang fp contract(fast)

enum { WIDTH = SWIFTLET_PANEL_WIDTH };

/// Sixteen numbers, wherever they begin in memory.
typedef float vector __attribute__((ext_vector_type(SWIFTLET_PANEL_WIDTH), aligned(4)));

/// Where a tile reads and writes.
struct place {
  swiftlet_scalars a;
  swiftlet_panels b;
  size_t inner;
  float *result;
  size_t columns;
  /// Number of columns of the result from the tile's first on.
  size_t left;
  int adds;
};

/// Computes a tile of the result.
typedef void tile_function(const struct place *place);

// A tile of ROWS rows and PANELS panels: ROWS · PANELS sums, which must fit into the registers.
#define TILE(NAME, TARGET, ROWS, PANELS)                                                                        \
  TARGET __attribute__((noinline)) static void NAME(const struct place *place) {                                \
    const swiftlet_scalars a = place->a;                                                                        \
    const swiftlet_panels b = place->b;                                                                         \
    const float *restrict scalars = a.numbers, *restrict panels = b.numbers;                                    \
    vector sum[ROWS][PANELS];                                                                                   \
    _Pragma("unroll") for (int r = 0; r < ROWS; r++)                                                            \
      _Pragma("unroll") for (int p = 0; p < PANELS; p++) sum[r][p] = (vector)0.0f;                              \
    for (size_t k = 0; k < place->inner; k++) {                                                                 \
      vector row[PANELS];                                                                                       \
      _Pragma("unroll") for (int p = 0; p < PANELS; p++) row[p] = *(const vector *)(panels + p * b.panel_step); \
      _Pragma("unroll") for (int r = 0; r < ROWS; r++) {                                                        \
        vector scalar = (vector)scalars[r * a.row_step];                                                        \
        _Pragma("unroll") for (int p = 0; p < PANELS; p++) sum[r][p] += scalar * row[p];                        \
      }                                                                                                         \
      scalars += a.step;                                                                                        \
      panels += b.step;                                                                                         \
    }                                                                                                           \
    float *restrict result = place->result;                                                                     \
    _Pragma("unroll") for (int r = 0; r < ROWS; r++)                                                            \
      _Pragma("unroll") for (int p = 0; p < PANELS; p++)                                                        \
        finish(&sum[r][p], result + r * place->columns + p * WIDTH, place->left - p * WIDTH, place->adds);      \
  }

/// Writes the sums of a panel, or what is left of it.
static inline __attribute__((always_inline)) void finish(
    const vector *sum, float *result, size_t left, int adds) {
  if (left >= WIDTH) {
    *(vector *)result = adds ? *(vector *)result + *sum : *sum;
    return;
  }
  float numbers[WIDTH];
  memcpy(numbers, sum, sizeof numbers);
  for (size_t lane = 0; lane < left; lane++) result[lane] = adds ? result[lane] + numbers[lane] : numbers[lane];
}

/// The tiles of a processor: as many rows as are left, or the next fewer, until none is left.
struct tiles {
  size_t rows, panels;
  tile_function *wide, *narrow;
};

#define TILES(NAME, TARGET, ROWS, PANELS)         \
  TILE(NAME##_##ROWS##_wide, TARGET, ROWS, PANELS) \
  TILE(NAME##_##ROWS##_narrow, TARGET, ROWS, 1)
#define ENTRY(NAME, ROWS, PANELS) \
  { ROWS, PANELS, NAME##_##ROWS##_wide, NAME##_##ROWS##_narrow }
#define END \
  { 0, 0, 0, 0 }

#if defined(__x86_64__)
// 16 registers of four numbers.
TILES(plain, , 2, 1)
TILES(plain, , 1, 2)
static const struct tiles plain[] = {ENTRY(plain, 2, 1), ENTRY(plain, 1, 2), END};

// 16 registers of eight numbers.
#define AVX2 __attribute__((target("avx2,fma")))
TILES(avx2, AVX2, 6, 1)
TILES(avx2, AVX2, 4, 1)
TILES(avx2, AVX2, 2, 2)
TILES(avx2, AVX2, 1, 4)
static const struct tiles avx2[] = {ENTRY(avx2, 6, 1), ENTRY(avx2, 4, 1), ENTRY(avx2, 2, 2), ENTRY(avx2, 1, 4), END};

// 32 registers of sixteen numbers. Few rows need many panels, so that one sum need not wait for itself.
#define AVX512 __attribute__((target("avx512f,avx512vl")))
TILES(avx512, AVX512, 12, 2)
TILES(avx512, AVX512, 8, 3)
TILES(avx512, AVX512, 4, 4)
TILES(avx512, AVX512, 2, 8)
TILES(avx512, AVX512, 1, 8)
static const struct tiles avx512[] = {
    ENTRY(avx512, 12, 2), ENTRY(avx512, 8, 3), ENTRY(avx512, 4, 4), ENTRY(avx512, 2, 8), ENTRY(avx512, 1, 8), END};

int32_t swiftlet_best_instructions(void) {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) return SWIFTLET_AVX512;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? SWIFTLET_AVX2 : SWIFTLET_PLAIN;
}

static const struct tiles *tiles_for(int32_t instructions) {
  return instructions >= SWIFTLET_AVX512 ? avx512 : instructions == SWIFTLET_AVX2 ? avx2 : plain;
}
#else
// 32 registers of four numbers, as on arm64.
TILES(plain, , 6, 1)
TILES(plain, , 4, 1)
TILES(plain, , 2, 2)
TILES(plain, , 1, 4)
static const struct tiles plain[] = {
    ENTRY(plain, 6, 1), ENTRY(plain, 4, 1), ENTRY(plain, 2, 2), ENTRY(plain, 1, 4), END};

int32_t swiftlet_best_instructions(void) { return SWIFTLET_PLAIN; }

static const struct tiles *tiles_for(int32_t instructions) { return plain; }
#endif

void swiftlet_pack(const float *weight, size_t outputs, size_t inputs, float *panels) {
  for (size_t first = 0; first < outputs; first += WIDTH)
    for (size_t k = 0; k < inputs; k++)
      for (size_t lane = 0; lane < WIDTH; lane++)
        *panels++ = first + lane < outputs ? weight[(first + lane) * inputs + k] : 0;
}

void swiftlet_multiply(
    int32_t instructions, swiftlet_scalars a, swiftlet_panels b, size_t rows, size_t inner, size_t columns,
    float *result, int32_t adds) {
  for (const struct tiles *tiles = tiles_for(instructions); tiles->rows > 0; tiles++) {
    const size_t whole = rows / tiles->rows * tiles->rows;
    if (whole == 0) continue;
    // Panel after panel, so that those of one tile are read by all rows while they are in the cache.
    for (size_t first = 0; first < columns;) {
      struct place place = {
          a, {b.numbers + first / WIDTH * b.panel_step, b.panel_step, b.step}, inner, result + first, columns,
          columns - first, adds};
      const int is_wide = place.left > (tiles->panels - 1) * WIDTH;
      tile_function *tile = is_wide ? tiles->wide : tiles->narrow;
      for (size_t row = 0; row < whole; row += tiles->rows) {
        tile(&place);
        place.a.numbers += tiles->rows * a.row_step;
        place.result += tiles->rows * columns;
      }
      first += (is_wide ? tiles->panels : 1) * WIDTH;
    }
    a.numbers += whole * a.row_step;
    result += whole * columns;
    rows -= whole;
  }
}
