// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import NIOCore
import NIOPosix
import SwiftletFormats
import SwiftletTensors
import Synchronization
import Testing

@testable import SwiftletServing

@Suite("Batches, queues and time")
struct BatchingTests {
  private let loop = MultiThreadedEventLoopGroup.singleton.any()

  /// A batcher over one feature that answers with twice its value, and takes its time.
  private func batcher(
    _ change: (inout BatchLimits) -> Void = { _ in }, cost: Int = 1, compute: @escaping @Sendable () -> Void = {}
  ) -> (Batcher, ModelStatistics) {
    var limits = BatchLimits()
    change(&limits)
    let statistics = ModelStatistics()
    let batcher = Batcher(
      limits: limits, featureCount: 1, answerWidth: 1, costPerRow: cost, statistics: statistics
    ) { features, answers in
      compute()
      for i in features.indices { answers[i] = Double(2 * features[i]) }
    }
    return (batcher, statistics)
  }

  private func submit(_ batcher: Batcher, _ values: [Float], timeout: TimeAmount? = nil) -> EventLoopFuture<[Double]> {
    let loop = loop
    return loop.flatSubmit {
      do {
        let rows = PreparedRows(features: values, count: values.count)
        switch try batcher.submit(rows, timeout: timeout, on: loop) {
        case .now(let answers, _): return loop.makeSucceededFuture(answers.values)
        case .later(let future): return future.map { answers, _ in answers.values }
        }
      } catch {
        return loop.makeFailedFuture(error)
      }
    }
  }

  @Test("a small request that finds nobody waiting is answered where it stands")
  func direct() async throws {
    let (batcher, _) = batcher()
    let loop = loop
    let isDirect = try await loop.submit {
      let reply = try batcher.submit(PreparedRows(features: [1, 2], count: 2), on: loop)
      if case .now(let answers, _) = reply { return answers.values == [2, 4] }
      return false
    }.get()
    #expect(isDirect)
  }

  @Test("requests of one turn of the loop share a batch, and each gets its own answers")
  func sharing() async throws {
    // Too costly to be answered alone: they wait for the end of the turn.
    let (batcher, statistics) = batcher(cost: 1 << 17)
    let loop = loop
    let answers = try await loop.flatSubmit {
      let futures = (0..<10).compactMap { i -> EventLoopFuture<[Double]>? in
        guard
          case .later(let future)? = try? batcher.submit(PreparedRows(features: [Float(i), 100], count: 2), on: loop)
        else { return nil }
        return future.map { answers, _ in answers.values }
      }
      return EventLoopFuture.whenAllSucceed(futures, on: loop)
    }.get()
    #expect(answers == (0..<10).map { [Double(2 * $0), 200] })
    let counts = statistics.read()
    #expect(counts.rows == 20)
    #expect(counts.executions == 1)
  }

  @Test("a batch takes whole requests up to its rows")
  func limits() async throws {
    let (batcher, statistics) = batcher({ $0.maxRows = 4 }, cost: 1 << 17)
    let loop = loop
    _ = try await loop.flatSubmit {
      let futures = [3, 2, 9, 1].compactMap { count -> EventLoopFuture<Void>? in
        let rows = PreparedRows(features: Array(repeating: 1, count: count), count: count)
        guard case .later(let future)? = try? batcher.submit(rows, on: loop) else { return nil }
        return future.map { answers, _ in #expect(answers.count == count) }
      }
      return EventLoopFuture.whenAllSucceed(futures, on: loop)
    }.get()
    #expect(statistics.read().batches.keys.sorted() == [1, 2, 3, 9])
  }

  @Test("with a delay, requests wait for each other, and a full batch does not")
  func delay() async throws {
    let (batcher, statistics) = batcher {
      $0.delay = .seconds(60)
      $0.queueTimeout = .seconds(60)
      $0.maxRows = 3
    }
    let futures = [submit(batcher, [1]), submit(batcher, [2]), submit(batcher, [3])]
    let answers = try await EventLoopFuture.whenAllSucceed(futures, on: loop).get()
    #expect(answers == [[2], [4], [6]])
    #expect(statistics.read().executions == 1)
  }

  @Test("a request that computes too long is 504; the next one is answered when the thread is free")
  func deadline() async throws {
    let gate = DispatchSemaphore(value: 0)
    let (batcher, _) = batcher(
      {
        // The second request is computed at once, and must not be late on a busy machine.
        $0.requestTimeout = .seconds(3)
        $0.maxConcurrent = 1
      }, cost: 1 << 26, compute: { gate.wait() })
    let slow = submit(batcher, [1])
    let error = await #expect(throws: RequestError.self) { try await slow.get() }
    #expect(error?.status == .gatewayTimeout)
    let next = submit(batcher, [2])
    gate.signal()
    gate.signal()
    #expect(try await next.get() == [4])
  }

  @Test("many requests from several loops are all answered, each once", arguments: [1, 1 << 17, 1 << 26])
  func storm(cost: Int) async throws {
    let (batcher, statistics) = batcher(cost: cost)
    let loops = (0..<4).map { _ in MultiThreadedEventLoopGroup.singleton.any() }
    let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
      for i in 0..<400 {
        let loop = loops[i % 4]
        group.addTask {
          let values = try await loop.flatSubmit { () -> EventLoopFuture<[Double]> in
            do {
              switch try batcher.submit(PreparedRows(features: [Float(i)], count: 1), on: loop) {
              case .now(let answers, _): return loop.makeSucceededFuture(answers.values)
              case .later(let future): return future.map { answers, _ in answers.values }
              }
            } catch { return loop.makeFailedFuture(error) }
          }.get()
          return values == [Double(2 * i)]
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(answers == 400)
    #expect(statistics.read().rows == 400)
  }

  @Test("a row gets the same label and the same probabilities alone and in a batch")
  func sameAnswers() async throws {
    let server = try TestServer([TestModels.numbers()])
    let model = try server.responder.repository.model("flowers")
    var generator = Generator(seed: 5)
    let rows = (0..<64).map { _ in (0..<3).map { _ in Double.random(in: 0..<9, using: &generator) } }
    let together = try model.prepare(rows: FlatValues(numbers: rows.flatMap { $0 }), input: "x")
    let all = answers(model, together)
    for (position, row) in rows.enumerated() {
      let alone = answers(model, try model.prepare(rows: FlatValues(numbers: row), input: "x"))
      let batched = Array(all[position * 3..<position * 3 + 3])
      #expect(zip(alone, batched).allSatisfy { abs($0 - $1) <= 1e-5 })
      #expect(model.label(of: alone[...]) == model.label(of: batched[...]))
    }
  }

  private func answers(_ model: ServedModel, _ rows: PreparedRows) -> [Double] {
    var answers = [Double](repeating: 0, count: rows.count * model.signature.head.answerWidth)
    rows.features.withUnsafeBufferPointer { features in
      answers.withUnsafeMutableBufferPointer { model.model.answer(features: features, into: $0) }
    }
    return answers
  }
}
