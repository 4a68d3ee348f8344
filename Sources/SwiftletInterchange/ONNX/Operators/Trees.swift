// SPDX-License-Identifier: Apache-2.0
//
// Trees: questions about single features, whose leaves are added up.
//
// The lists of a file become nodes that know their children by position. Every node has at most one parent, so a walk that
// begins at a node without one comes to a leaf.
//
// Before    Encoding.swift     After    Vectors.swift
// Source    onnx, docs/Operators-ml.md: TreeEnsembleClassifier, TreeEnsembleRegressor; Breiman (2001); Friedman (2001)

extension Operators {
  static let trees: [Operator] = [
    learning("TreeEnsembleClassifier") { context in
      let classes = try ClassScores(context, integers: "classlabels_int64s")
      let forest = try Forest(context, "class", count: classes.count)
      return { x in
        let sums = try forest(x)
        guard classes.count == 2, forest.targets.count == 1 else {
          return try classes.outputs(sums.map(firstLargest), sums.map { classes.transform($0) })
        }
        // One score for two classes: a probability if no leaf subtracts, else the log odds.
        let scores = sums.map { $0[forest.targets.first ?? 0] + forest.pairBase }
        let isProbability = forest.isPositive
        return try classes.outputs(
          scores.map { $0 > (isProbability ? 0.5 : 0) ? 1 : 0 },
          scores.map { isProbability ? [1 - $0, $0] : classes.pair($0) })
      }
    },
    learning("TreeEnsembleRegressor") { context in
      let forest = try Forest(context, "target", count: context.integer("n_targets", 1))
      let transform = try ClassScores.Transform(context)
      return { x in
        let sums = try forest(x).map { transform($0) }
        return [GraphValue([sums.count, forest.count], sums.joined().map { Float($0) })]
      }
    },
  ]
}

/// Trees whose leaves add to the scores of classes or targets.
private struct Forest: Sendable {
  enum Question: String {
    case leaf = "LEAF"
    case atMost = "BRANCH_LEQ"
    case below = "BRANCH_LT"
    case above = "BRANCH_GT"
    case atLeast = "BRANCH_GTE"
    case equal = "BRANCH_EQ"
    case different = "BRANCH_NEQ"
  }

  struct Node: Sendable {
    var question: Question
    var feature: Int
    var value: Float
    /// Whether a missing feature goes the way of a yes.
    var missingIsYes: Bool
    var yes = 0
    var no = 0
    /// What a leaf adds.
    var weights: [(target: Int, weight: Double)] = []
  }

  /// How the trees are put together.
  enum Aggregate: String {
    case sum = "SUM"
    case average = "AVERAGE"
    case least = "MIN"
    case largest = "MAX"
  }

  private let nodes: [Node]
  private let roots: [Int]
  private let base: [Double]
  private let aggregate: Aggregate
  private let featureCount: Int
  /// Number of scores.
  let count: Int
  /// The scores that leaves add to.
  let targets: Set<Int>
  /// Whether no leaf subtracts.
  let isPositive: Bool
  /// What is added to the one score of two classes.
  let pairBase: Double

  private struct Key: Hashable {
    let tree: Int
    let node: Int
  }

  init(_ context: NodeContext, _ prefix: String, count: Int) throws {
    guard (1...1 << 20).contains(count) else { throw GraphError("it has \(count) scores") }
    self.count = count
    var (nodes, places) = try Self.readNodes(context)
    var isChild = Array(repeating: false, count: nodes.count)
    let trees = context.integers("nodes_treeids") ?? []
    let yes = try Self.list("nodes_truenodeids", context, nodes.count)
    let no = try Self.list("nodes_falsenodeids", context, nodes.count)
    for position in nodes.indices where nodes[position].question != .leaf {
      for (child, isYes) in [(yes[position], true), (no[position], false)] {
        guard let place = places[Key(tree: trees[position], node: child)], !isChild[place] else {
          throw GraphError("node \(position) has a child that is missing, or has another parent")
        }
        isChild[place] = true
        if isYes { nodes[position].yes = place } else { nodes[position].no = place }
      }
    }
    roots = nodes.indices.filter { !isChild[$0] }
    featureCount = (nodes.filter { $0.question != .leaf }.map(\.feature).max() ?? -1) + 1
    try Self.readLeaves(context, prefix, count: count, places: places, into: &nodes)
    self.nodes = nodes
    let leaves = nodes.flatMap(\.weights)
    targets = Set(leaves.map(\.target))
    isPositive = leaves.allSatisfy { $0.weight >= 0 }
    let base = (context.floats("base_values") ?? []).map { Double($0) }
    guard base.isEmpty || base.count == count || (base.count == 1 && count == 2) else {
      throw GraphError("it has \(base.count) base values for \(count) scores")
    }
    self.base = base.count == count ? base : Array(repeating: 0, count: count)
    pairBase = base.count == 1 && count == 2 ? base[0] : 0
    let name = context.text("aggregate_function", "SUM")
    aggregate = try Aggregate(rawValue: name).orThrow(GraphError("the aggregate_function \(name) is not supported"))
  }

  private static func list(_ name: String, _ context: NodeContext, _ count: Int) throws -> [Int] {
    let list = context.integers(name) ?? []
    guard list.count == count else { throw GraphError("\(name) has \(list.count) entries for \(count) nodes") }
    return list
  }

  /// Numbers that are attributes of 32 bits, or a constant of 64.
  private static func numbers(_ name: String, _ context: NodeContext) throws -> [Float] {
    if let tensor = try context.tensor(name + "_as_tensor") { return tensor.floats ?? [] }
    return context.floats(name) ?? []
  }

  private static func readNodes(_ context: NodeContext) throws -> (nodes: [Node], places: [Key: Int]) {
    let modes = context.texts("nodes_modes") ?? []
    let trees = try list("nodes_treeids", context, modes.count)
    let ids = try list("nodes_nodeids", context, modes.count)
    let features = try list("nodes_featureids", context, modes.count)
    let values = try numbers("nodes_values", context)
    let tracks = context.integers("nodes_missing_value_tracks_true") ?? []
    guard values.count == modes.count, tracks.isEmpty || tracks.count == modes.count, !modes.isEmpty else {
      throw GraphError("its lists of nodes have different lengths")
    }
    var places: [Key: Int] = [:]
    let nodes = try modes.indices.map { position in
      let question = try Question(rawValue: modes[position]).orThrow(
        GraphError("the mode \(modes[position]) of a node is not supported"))
      guard places.updateValue(position, forKey: Key(tree: trees[position], node: ids[position])) == nil,
        features[position] >= 0 || question == .leaf, features[position] < 1 << 28
      else { throw GraphError("node \(position) is there twice, or asks for a feature that cannot be") }
      return Node(
        question: question, feature: features[position], value: values[position],
        missingIsYes: tracks.isEmpty ? false : tracks[position] != 0)
    }
    return (nodes, places)
  }

  private static func readLeaves(
    _ context: NodeContext, _ prefix: String, count: Int, places: [Key: Int], into nodes: inout [Node]
  ) throws {
    let targets = context.integers(prefix + "_ids") ?? []
    let trees = try list(prefix + "_treeids", context, targets.count)
    let ids = try list(prefix + "_nodeids", context, targets.count)
    let weights = try numbers(prefix + "_weights", context)
    guard weights.count == targets.count else {
      throw GraphError("its leaves have \(weights.count) weights for \(targets.count)")
    }
    for position in targets.indices {
      guard let place = places[Key(tree: trees[position], node: ids[position])], (0..<count).contains(targets[position])
      else { throw GraphError("a weight belongs to a node or a score that is not there") }
      nodes[place].weights.append((targets[position], Double(weights[position])))
    }
  }

  func callAsFunction(_ x: Operands) throws -> [[Double]] {
    let rows = try Rows(x)
    guard rows.width >= featureCount else {
      throw GraphError("it asks for feature \(featureCount - 1), and rows have \(rows.width)")
    }
    return rows.map { row in
      let leaves = roots.map { leaf(from: $0, row) }
      return (0..<count).map { target in
        // The common case adds what is there; the others look at each tree.
        let added = leaves.map { nodes[$0].weights.reduce(0.0) { $1.target == target ? $0 + $1.weight : $0 } }
        let put: Double =
          switch aggregate {
          case .sum: added.reduce(0, +)
          case .average: added.reduce(0, +) / Double(max(roots.count, 1))
          case .least: added.min() ?? 0
          case .largest: added.max() ?? 0
          }
        return put + base[target]
      }
    }
  }

  private func leaf(from root: Int, _ row: ArraySlice<Float>) -> Int {
    var position = root
    while nodes[position].question != .leaf {
      let node = nodes[position]
      let feature = row[row.startIndex + node.feature]
      let isYes =
        switch node.question {
        case .leaf: true
        case .atMost: feature <= node.value
        case .below: feature < node.value
        case .above: feature > node.value
        case .atLeast: feature >= node.value
        case .equal: feature == node.value
        case .different: feature != node.value
        }
      position = isYes || (feature.isNaN && node.missingIsYes) ? node.yes : node.no
    }
    return position
  }
}
