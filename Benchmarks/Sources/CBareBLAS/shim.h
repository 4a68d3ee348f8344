// SPDX-License-Identifier: Apache-2.0
//
// OpenBLAS without anything of ours around it: what the benchmarks compare with.
#if __has_include(<cblas-openblas.h>)
#include <cblas-openblas.h>
#else
#include <cblas.h>
#endif
