// SPDX-License-Identifier: Apache-2.0
//
// The description of a convolutional network.
//
//     for each number of channels   convolution 3 × 3, normalization, activation, the largest of every four pixels
//     then                          the picture as a row, dropout, and fully connected layers
//
// Shapes    C channels, H the height, W the width
// Before    Blueprint.swift     After    Layers/Linear.swift
// Source    LeCun et al., "Gradient-Based Learning Applied to Document Recognition" (1998), section II

import SwiftletFormats
import SwiftletTensors

extension Blueprint {
  /// The most groups that the channels of a picture are normalized in.
  private static let mostGroups = 8

  /// A convolutional network: what is in a picture, wherever in it.
  ///
  /// - Parameters:
  ///   - pictureShape: `[C, H, W]`. Rows are C · H · W numbers, the pixels of one channel after those of another.
  ///   - channels: The channels of each convolution. Behind each, height and width are halved while there are two pixels.
  ///   - hiddenSizes: The sizes of the fully connected layers between the convolutions and the scores.
  ///   - outputSize: Number of scores.
  ///   - isNormalized: Whether the channels are normalized in groups, in up to eight of equal size.
  ///   - activation: What stands behind every layer but the last; nothing for `identity`.
  ///   - dropoutRate: The part of the numbers that is dropped before each fully connected layer while training.
  public static func cnn(
    pictureShape: Shape, channels: [Int], hiddenSizes: [Int] = [], outputSize: Int, isNormalized: Bool = false,
    activation: Activation = .relu, dropoutRate: Float = 0
  ) -> Blueprint {
    var shape = pictureShape
    var layers: [JSONValue] = [
      [
        "kind": .string(Unflatten.kind), "channels": JSONValue(shape[0]), "height": JSONValue(shape[1]),
        "width": JSONValue(shape[2]),
      ]
    ]
    for count in channels {
      layers.append(["kind": .string(Conv2d.kind), "input": JSONValue(shape[0]), "output": JSONValue(count)])
      if isNormalized {
        let groups = (1...mostGroups).last { count % $0 == 0 } ?? 1
        layers.append(["kind": .string(GroupNorm.kind), "groups": JSONValue(groups)])
      }
      if activation != .identity { layers.append(["kind": .string(activation.rawValue)]) }
      shape = shape.replacing(axis: 0, with: count)
      guard shape[1] >= 2, shape[2] >= 2 else { continue }
      layers.append(["kind": .string(MaxPool2d.kind)])
      shape = [count, shape[1] / 2, shape[2] / 2]
    }
    layers.append(["kind": .string(Flatten.kind)])
    if dropoutRate > 0 { layers.append(["kind": .string(Dropout.kind), "rate": JSONValue(dropoutRate)]) }
    let dense = mlp(
      inputSize: shape.elementCount, hiddenSizes: hiddenSizes, outputSize: outputSize, activation: activation,
      dropoutRate: dropoutRate)
    return Blueprint(layers + dense.layers)
  }
}
