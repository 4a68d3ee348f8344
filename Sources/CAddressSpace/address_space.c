// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "address_space.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

int swiftlet_has_room(unsigned long bytes) {
  void *block = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (block == MAP_FAILED) return 0;
  munmap(block, bytes);
  return 1;
}

#ifdef __linux__
// What the program takes beside OpenBLAS until a command begins: its first threads.
static const unsigned long others = 64ul << 20;

static void check(int count, char **arguments, char **environment) {
  (void)count, (void)arguments, (void)environment;
  struct rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  long threads = sysconf(_SC_NPROCESSORS_ONLN);
  if (threads < 1) threads = 1;
  unsigned long needed = others + (unsigned long)threads * swiftlet_openblas_buffer;
  if (swiftlet_has_room(needed)) return;
  char sentence[200];
  int length = snprintf(sentence, sizeof sentence,
                        "swiftlet: the limit on address space (ulimit -v %llu) leaves less than the %lu MB that the "
                        "program needs for %ld threads. Raise it.\n",
                        (unsigned long long)limit.rlim_cur >> 10, needed >> 20, threads);
  if (length > 0 && write(STDERR_FILENO, sentence, (size_t)length) < 0) _exit(71);
  _exit(70);
}

// The loader calls these before the libraries begin (System V ABI, "Initialization and Termination Functions").
__attribute__((section(".preinit_array"), used)) static void (*const before_all)(int, char **, char **) = check;
#endif
