// SPDX-License-Identifier: Apache-2.0
//
// OpenBLAS through its C interface: matrix products, its thread count, and what it says of itself.
// Debian also installs the reference cblas.h; cblas-openblas.h is OpenBLAS's own, which declares the
// openblas_… functions as well.
#if __has_include(<cblas-openblas.h>)
#include <cblas-openblas.h>
#else
#include <cblas.h>
#endif

// LAPACK's Cholesky factorization, which OpenBLAS brings along without a header: A = L · Lᵀ in place, column-major.
// Writes to *info 0, or i > 0 where the i-th leading minor is not positive definite.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
