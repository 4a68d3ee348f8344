// SPDX-License-Identifier: Apache-2.0
//
// Stop: what happens when the program itself is wrong.
//
// A shape that does not fit is a mistake in the caller's code, not in the caller's data, so it ends the
// program with a sentence that says what to change. Mistakes in files, flags and requests are thrown
// as errors instead and never come here.

/// Ends the program with a sentence that a learner can act on.
///
/// `fatalError` and not `precondition`: a release build drops the message of the latter, and learners
/// train in release.
@usableFromInline package func stop(_ sentence: String) -> Never { fatalError(sentence) }
