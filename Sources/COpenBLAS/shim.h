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
