// SPDX-License-Identifier: Apache-2.0
//
// Products of matrices of which one lies in panels of sixteen columns, tile by tile in registers.
//
// OpenBLAS copies both matrices into its own order in every product. Where one of them is the same in every product,
// as the weights of a model that answers, or where one is only a few columns wide, that copy is most of the work. Here
// the matrix of weights is laid out once, and a tile of the result stays in registers until it is complete.
//
// Every number of the result is summed up in one order, whatever the tiles and however many rows there are: the
// answer for a row does not depend on the rows beside it.

#ifndef SWIFTLET_TILED_PRODUCT_H
#define SWIFTLET_TILED_PRODUCT_H

#include <stddef.h>
#include <stdint.h>

/// Number of columns in a panel.
#define SWIFTLET_PANEL_WIDTH 16

/// What a processor can do with vectors; each line is more than the one before.
#define SWIFTLET_PLAIN 0
#define SWIFTLET_AVX2 1
#define SWIFTLET_AVX512 2

/// The most that this processor can do.
int32_t swiftlet_best_instructions(void);

/// A matrix that is read number by number: the number in row r and column k stands at r · row_step + k · step.
typedef struct {
  const float *numbers;
  size_t row_step;
  size_t step;
} swiftlet_scalars;

/// A matrix that is read in panels: row k of panel p begins at p · panel_step + k · step, and is read to its end.
typedef struct {
  const float *numbers;
  size_t panel_step;
  size_t step;
} swiftlet_panels;

/// Lays a weight [H, D], one row for each output, out in panels: row k of a panel has input k of sixteen outputs.
///
/// The last panel is filled up with zeros, so there must be room for D times the next multiple of 16 of H.
void swiftlet_pack(const float *weight, size_t outputs, size_t inputs, float *panels);

/// result[M, N] ← a[M, K] · b[K, N], or result + a · b where `adds` is not zero.
void swiftlet_multiply(
    int32_t instructions, swiftlet_scalars a, swiftlet_panels b, size_t rows, size_t inner, size_t columns,
    float *result, int32_t adds);

#endif
