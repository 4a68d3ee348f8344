// SPDX-License-Identifier: Apache-2.0
//
// What a classifier with few classes computes for each row: its scores, and their softmax.
//
// A row of features is long and its scores are few. So the vectors run along the features, and what is read of a row is
// used for all classes at once; the next rows are asked from memory meanwhile.

#ifndef SWIFTLET_ROW_PRODUCTS_H
#define SWIFTLET_ROW_PRODUCTS_H

#include <stddef.h>
#include <stdint.h>

/// scores[N, C] ← rows[N, D] · weight[C, D]ᵀ
void swiftlet_score_rows(
    int32_t instructions, const float *rows, size_t count, size_t inputs, const float *weight, size_t outputs,
    float *scores);

/// probabilities[N, C] ← the softmax of every row of scores[N, C]; NaN stays NaN.
///
/// Both arrays must be readable, and the second writable, to fifteen numbers beyond the end.
void swiftlet_softmax_rows(
    int32_t instructions, const float *scores, size_t count, size_t classes, float *probabilities);

#endif
