// SPDX-License-Identifier: Apache-2.0
//
// Rows of 64-bit numbers, or pixels, as 32-bit features.
//
// A request of a thousand rows has hundreds of thousands of numbers. Here the processor takes as many at a time as it
// can, and a missing one needs no branch.

#ifndef SWIFTLET_SCALED_ROWS_H
#define SWIFTLET_SCALED_ROWS_H

#include <stddef.h>
#include <stdint.h>

/// features[r][c] ← (rows[r][c] − offsets[c]) · factors[c], computed in 64 bits, or fills[c] where the number is NaN.
void swiftlet_scale_rows(
    int32_t instructions, const double *rows, size_t row_count, size_t columns, const double *offsets,
    const double *factors, const float *fills, float *features);

/// features[i] ← pixels[i] · factor
void swiftlet_scale_pixels(
    int32_t instructions, const uint8_t *pixels, size_t count, float factor, float *features);

#endif
