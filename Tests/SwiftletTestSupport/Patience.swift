// SPDX-License-Identifier: Apache-2.0
//
// How long a test may take before it counts as stuck.

import Testing

extension Trait where Self == TimeLimitTrait {
  /// For tests that would otherwise wait for ever where something is broken.
  ///
  /// All tests run side by side, so on a busy machine any of them may have to wait until the others are through.
  public static var endsWhenStuck: Self { .timeLimit(.minutes(30)) }
}
