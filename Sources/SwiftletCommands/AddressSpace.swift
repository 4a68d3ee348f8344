// SPDX-License-Identifier: Apache-2.0
//
// A limit on address space, found before OpenBLAS meets it.
//
// OpenBLAS takes a buffer for each of its threads at the first product, and if the system refuses one it tries again
// forever. So a command first asks for the same amount, gives it back, and ends with a sentence if it was refused.
//
// Before    SwiftletCommand.swift     After    Terminal/ProgressLine.swift

import Foundation
import SwiftletTensors

/// The room of a process, as `ulimit -v` limits it.
enum AddressSpace {
  /// The buffer that OpenBLAS takes for a thread.
  private static let bytesPerThread = 128 << 20

  /// Ends the program if the limit is too low for the buffers of OpenBLAS.
  static func check() {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < 1 << 46 else { return }
    let count = OpenBLAS.processorCount * bytesPerThread
    let block = mmap(nil, count, PROT_NONE, MAP_PRIVATE | anonymous, -1, 0)
    guard block == MAP_FAILED else {
      munmap(block, count)
      return
    }
    printError(
      "swiftlet: the limit on address space (ulimit -v \(limit.rlim_cur >> 10)) leaves less than the \(count >> 20) MB "
        + "that OpenBLAS needs for \(OpenBLAS.processorCount) threads. Raise it.")
    _exit(ExitStatus.defect.rawValue)  // at once: an ordered end would wait for threads that never began
  }

  #if os(Linux)
    private static let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
    private static let anonymous = Int32(MAP_ANONYMOUS)
  #else
    private static let resource = RLIMIT_AS
    private static let anonymous = MAP_ANON
  #endif
}
