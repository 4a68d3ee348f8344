// SPDX-License-Identifier: Apache-2.0
//
// Exchanging two folders in one step, which the Swift overlays of the C libraries do not offer.

#ifndef SWIFTLET_FOLDER_EXCHANGE_H
#define SWIFTLET_FOLDER_EXCHANGE_H

/// Gives each of two existing paths the other's contents, atomically.
///
/// Returns 0, or the value of errno. ENOSYS and EINVAL mean that the file system cannot do it.
int swiftlet_exchange_folders(const char *a, const char *b);

#endif
