// SPDX-License-Identifier: Apache-2.0
//
// Pictures: a feature for each pixel, scaled.
//
// Shapes    K channels, H the height, W the width
// Before    DateEncoder.swift     After    Pipeline/ImageScale.swift

import SwiftletFormats
import SwiftletTensors

/// K · H · W features, the pixels of one channel after those of another.
public struct ImageEncoder: ColumnEncoder {
  public static let encoding = "image"
  public static let type = ColumnType.image

  public let name: String
  private let channels: Int
  private let height: Int
  private let width: Int
  private let scale: ImageScale

  public var featureShape: Shape { [channels, height, width] }
  public var featureNames: [String] {
    (0..<channels).flatMap { channel in
      (0..<height * width).map { pixel in
        let place = "\(pixel / width),\(pixel % width)"
        return channels == 1 ? "\(name)[\(place)]" : "\(name)[\(channel),\(place)]"
      }
    }
  }

  public static func fit(_ column: Column, rows: [Int32], _ options: PipelineOptions) -> Fitted {
    guard let images = column.images else { return .leftOut("\"\(column.name)\" has no pictures and was left out.") }
    return .encoder(
      ImageEncoder(
        name: column.name, channels: images.channels, height: images.height, width: images.width,
        scale: options.imageScale))
  }

  private init(name: String, channels: Int, height: Int, width: Int, scale: ImageScale) {
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
    self.scale = scale
  }

  // MARK: Bundle

  public init(name: String, json: JSONValue) throws {
    let channels = json["channels"] ?? 1
    guard let channels = channels.integer, (1...ImageColumn.mostChannels).contains(channels),
      let height = json["height"]?.integer, (1...1 << 14).contains(height),
      let width = json["width"]?.integer, (1...1 << 14).contains(width),
      let scale = json["scale"]?.string.flatMap(ImageScale.init(rawValue:))
    else { throw Self.wrong(name, "height, width and scale") }
    self.init(name: name, channels: channels, height: height, width: width, scale: scale)
  }

  public var members: [JSONValue.Member] {
    (channels == 1 ? [] : [.init("channels", JSONValue(channels))]) + [
      .init("height", JSONValue(height)), .init("width", JSONValue(width)), .init("scale", .string(scale.rawValue)),
    ]
  }

  // MARK: Values

  public var schema: InputSchema {
    InputSchema(
      name: name, type: Self.type, form: .byte,
      rowShape: channels == 1 ? [height, width] : [channels, height, width], bounds: 0...255, typical: 0, meaning: name)
  }

  /// The column's pictures, which have the size of those in training.
  private func pictures(of column: Column) throws -> ImageColumn {
    guard let images = column.images else {
      throw DataError("The model needs images of \(height) by \(width) pixels.")
    }
    guard images.height == height, images.width == width else {
      throw DataError(
        "The model needs images of \(height) by \(width) pixels, and these have \(images.height) by \(images.width).")
    }
    guard images.channels == channels else {
      throw DataError(
        "The model needs images \(Self.colors(channels)), and these are \(Self.colors(images.channels)).")
    }
    return images
  }

  private static func colors(_ channels: Int) -> String {
    switch channels {
    case 1: "in gray"
    case 3: "in color"
    default: "of \(channels) channels"
    }
  }

  public func writer(for column: Column, stride: Int) throws -> FeatureWriter {
    let images = try pictures(of: column)
    let scale = scale
    return { rows, target in
      images.bytes.withUnsafeBufferPointer { bytes in
        for (i, row) in rows.enumerated() {
          scale.write(images.pixels(of: Int(row), in: bytes), to: target + i * stride)
        }
      }
      return 0
    }
  }

  public func matrix(of column: Column) throws -> ((_ rows: [Int32]) -> FeatureMatrix)? {
    let images = try pictures(of: column)
    let scale = scale
    return { rows in .images(images, rows: rows, scale: scale) }
  }

  /// Pixels as numbers from 0 to 255; others become 0.
  public var bareRowWriter: BareRowWriter? {
    let count = featureShape.elementCount
    let scale = scale
    return { rows, target in
      guard let features = target.baseAddress else { return }
      let bytes = rows.map { UInt8(exactly: $0) ?? 0 }
      bytes.withUnsafeBufferPointer { bytes in
        // In bounds: whole pictures, and room for as many numbers.
        for start in stride(from: 0, to: min(bytes.count, target.count) / count * count, by: count) {
          scale.write(UnsafeBufferPointer(rebasing: bytes[start..<start + count]), to: features + start)
        }
      }
    }
  }
}
