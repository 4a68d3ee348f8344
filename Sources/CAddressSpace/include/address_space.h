// SPDX-License-Identifier: Apache-2.0
//
// A limit on address space, found before any library of ours begins.
//
// OpenBLAS starts its threads while the program is loaded, gives each a buffer, and retries forever if the system
// refuses one; libdispatch does the same with its own threads. That is before `main`, so the only place from which a
// program can still speak is the list of functions that the loader calls before those of the libraries.

#ifndef SWIFTLET_ADDRESS_SPACE_H
#define SWIFTLET_ADDRESS_SPACE_H

/// The bytes of the buffer that OpenBLAS takes for a thread.
enum { swiftlet_openblas_buffer = 128 << 20 };

/// Whether a block of this many bytes can be mapped.
int swiftlet_has_room(unsigned long bytes);

#endif
