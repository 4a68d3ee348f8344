// SPDX-License-Identifier: Apache-2.0
//
// libjpeg-turbo by its TurboJPEG interface, which returns its errors and never jumps over a caller. Its flags are
// macros, and older releases have no limit on scans.
#include <turbojpeg.h>

// What a file of a few bytes may not do: have thousands of scans, each a pass over the whole picture.
static inline int swiftlet_jpeg_flags(void) {
#ifdef TJFLAG_LIMITSCANS
  return TJFLAG_LIMITSCANS;
#else
  return 0;
#endif
}
