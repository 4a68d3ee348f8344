// SPDX-License-Identifier: Apache-2.0
//
// Winograd's way of a convolution of 3 × 3: four neighboring results from sixteen products and not from thirty-six.
//
// A tile is four by four pixels, of which each has C channels. It is changed into sixteen other vectors, its places, by
// sums and differences; so is the window of weights, once and for all. At each place, the tiles times the weights is a
// product of matrices. Sums and differences of the sixteen results are the results of two by two pixels.
//
// Source    Lavin and Gray, "Fast algorithms for convolutional neural networks" (2015), arXiv:1509.09308, section 4.1

#ifndef SWIFTLET_WINOGRAD_H
#define SWIFTLET_WINOGRAD_H

#include <stddef.h>
#include <stdint.h>

/// A row of tiles before its products and behind them: the vector of tile t at place p begins at
/// p · place_step + t · channels.
typedef struct {
  size_t tiles;
  size_t channels;
  size_t place_step;
} swiftlet_tile_row;

/// places ← Bᵀ · d · B, for every tile of a row.
///
/// Tile t is read from pixel 2t on: 2 · tiles + 2 pixels of four rows, which are row_step numbers apart.
void swiftlet_winograd_inputs(
    int32_t instructions, const float *pixels, size_t row_step, swiftlet_tile_row row, float *places);

/// pixels ← Aᵀ · m · A, for every tile of a row: 2 · tiles pixels of two rows, which are row_step numbers apart.
void swiftlet_winograd_outputs(
    int32_t instructions, const float *places, swiftlet_tile_row row, float *pixels, size_t row_step);

/// Of the four results of every tile the largest: as many pixels as there are tiles.
void swiftlet_winograd_largest_outputs(
    int32_t instructions, const float *places, swiftlet_tile_row row, float *pixels);

#endif
