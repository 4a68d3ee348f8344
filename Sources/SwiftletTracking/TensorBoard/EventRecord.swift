// SPDX-License-Identifier: Apache-2.0
//
// EventRecord: what TensorBoard reads, record by record.
//
// A record is its length, the check sum of the length, an event, and the check sum of the event; so a reader of a file
// that is still being written knows where it ends. An event is a message of Protocol Buffers: a time, a step, and named
// values. The page of settings, HPARAMS, wants three values more: which settings there are, those of the run, and how
// it ended. If one of the three is not there, the page is empty.
//
// Before    CRC32C.swift     After    EventFiles.swift
// Source    TensorFlow, event.proto and summary.proto; TensorBoard, plugins/hparams/plugin_data.proto and api.proto

import SwiftletFormats

/// The bytes of an event, as a record.
struct EventRecord {
  /// The bytes.
  let bytes: [UInt8]

  private init(at time: Double, step: Int = 0, _ body: (inout ProtobufWriter) -> Void) {
    var event = ProtobufWriter()
    event.write(1, double: time)
    if step != 0 { event.write(2, signed: Int64(step)) }
    body(&event)
    let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
    bytes = length + EventRecord.masked(length) + event.bytes + EventRecord.masked(event.bytes)
  }

  private static func masked(_ bytes: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: CRC32C.masked(bytes).littleEndian) { Array($0) }
  }

  /// The first record of a file.
  static func version(at time: Double) -> EventRecord { EventRecord(at: time) { $0.write(3, string: "brain.Event:2") } }

  /// Values at a step of their curves.
  static func scalars(_ values: [(tag: String, value: Float)], step: Int, at time: Double) -> EventRecord {
    EventRecord(at: time, step: step) { event in
      event.message(5) { summary in
        for (tag, value) in values {
          summary.message(1) {
            $0.write(1, string: tag)
            $0.write(2, float: value)
          }
        }
      }
    }
  }

  /// Which settings there are, and by which curves runs are compared.
  static func experiment(_ settings: [JSONValue.Member], metrics: [String], at time: Double) -> EventRecord {
    ofSettings("experiment", at: time) { data in
      data.message(2) { experiment in
        for setting in settings {
          experiment.message(4) {
            $0.write(1, string: setting.name)
            $0.write(4, unsigned: setting.value.bool != nil ? 2 : setting.value.number != nil ? 3 : 1)
          }
        }
        for tag in metrics { experiment.message(5) { $0.message(1) { $0.write(2, string: tag) } } }
      }
    }
  }

  /// The settings of this run.
  static func begin(_ settings: [JSONValue.Member], at time: Double) -> EventRecord {
    ofSettings("session_start_info", at: time) { data in
      data.message(3) { session in
        for setting in settings {
          session.message(1) { entry in
            entry.write(1, string: setting.name)
            entry.message(2) { value in
              if let bool = setting.value.bool {
                value.write(4, bool: bool)
              } else if let number = setting.value.number {
                value.write(2, double: number)
              } else {
                value.write(3, string: setting.value.string ?? setting.value.encoded())
              }
            }
          }
        }
        session.write(5, double: time)
      }
    }
  }

  /// How this run ended.
  static func end(_ state: RunState, at time: Double) -> EventRecord {
    let status: UInt64 =
      switch state {
      case .completed: 1
      case .failed, .interrupted, .killed: 2
      case .running: 3
      }
    return ofSettings("session_end_info", at: time) { data in
      data.message(4) {
        $0.write(1, unsigned: status)
        $0.write(2, double: time)
      }
    }
  }

  /// A value for the page of settings.
  private static func ofSettings(
    _ name: String, at time: Double, _ body: (inout ProtobufWriter) -> Void
  ) -> EventRecord {
    EventRecord(at: time) { event in
      event.message(5) { summary in
        summary.message(1) { value in
          value.write(1, string: "_hparams_/" + name)
          value.message(9) { metadata in
            metadata.message(1) { plugin in
              plugin.write(1, string: "hparams")
              plugin.message(2, body)
            }
          }
        }
      }
    }
  }
}
