// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "folder_exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int swiftlet_exchange_folders(const char *a, const char *b) {
#if defined(__linux__)
  return renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE) == 0 ? 0 : errno;
#elif defined(__APPLE__)
  return renamex_np(a, b, RENAME_SWAP) == 0 ? 0 : errno;
#else
  return ENOSYS;
#endif
}
