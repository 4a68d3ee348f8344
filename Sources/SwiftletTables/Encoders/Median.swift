// SPDX-License-Identifier: Apache-2.0
//
// The median, without sorting.
//
// To know the middle one of N numbers it is enough to split them into smaller and larger ones around a pivot,
// and to go on in the part that holds the middle: N steps on average, where sorting takes N log N.
//
// Before    NumberEncoder.swift     After    OneHotCost.swift
// Source    Hoare, "Algorithm 65: Find" (1961)

/// The middle number, or the mean of the middle two.
///
/// - Parameter numbers: At least one, none of them NaN. Their order changes.
func median(_ numbers: inout [Double]) -> Double {
  let middle = numbers.count / 2
  let upper = numbers.withUnsafeMutableBufferPointer { select(middle, in: $0) }
  guard numbers.count % 2 == 0 else { return upper }
  // Everything before the middle is no larger, so its largest is the neighbor.
  return ((numbers[..<middle].max() ?? upper) + upper) / 2
}

/// The number that would stand at a position if the numbers were sorted. Afterwards it stands there, smaller ones
/// before it and larger ones behind.
private func select(_ position: Int, in numbers: UnsafeMutableBufferPointer<Double>) -> Double {
  var first = 0
  var last = numbers.count - 1
  while first < last {
    // The middle one of three, so that sorted numbers are split in halves.
    let a = numbers[first]
    let b = numbers[(first + last) / 2]
    let c = numbers[last]
    let pivot = max(min(a, b), min(max(a, b), c))
    var low = first
    var high = last
    while low <= high {
      // In bounds: the pivot itself, or what was exchanged, ends both walks.
      while numbers[low] < pivot { low += 1 }
      while numbers[high] > pivot { high -= 1 }
      if low <= high {
        numbers.swapAt(low, high)
        low += 1
        high -= 1
      }
    }
    if position <= high {
      last = high
    } else if position >= low {
      first = low
    } else {
      break  // between the parts, all equal the pivot
    }
  }
  return numbers[position]
}
