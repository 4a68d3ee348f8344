// SPDX-License-Identifier: Apache-2.0
//
// zlib: gzip in both directions. inflateInit2 and deflateInit2 are macros, which Swift cannot see,
// so each has a function here.
#include <zlib.h>

static inline int swiftlet_inflateInit2(z_stream *stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}

static inline int swiftlet_deflateInit2(z_stream *stream, int level, int windowBits) {
  return deflateInit2(stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
}
