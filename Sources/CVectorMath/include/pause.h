// SPDX-License-Identifier: Apache-2.0
//
// A moment of waiting, in a loop that looks at a number which another thread changes.

#ifndef SWIFTLET_PAUSE_H
#define SWIFTLET_PAUSE_H

/// Tells the processor that this thread only waits, so that it leaves its units to the thread beside it on the core.
static inline __attribute__((always_inline)) void swiftlet_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __builtin_arm_yield();
#endif
}

#endif
