// SPDX-License-Identifier: Apache-2.0
//
// RunPlace: where runs can be noted.
//
// Before    RunWriter.swift     After    Runs/RunLog.swift

/// A place where runs are noted. A new kind of place is a `RunDestination`, and a function here.
public struct RunPlace: Sendable {
  let destination: any RunDestination

  /// The list in a SQLite file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - patience: How long a write waits for another program that has locked the file, in seconds.
  public static func list(_ path: String, patience: Double = 5) -> RunPlace {
    RunPlace(destination: RunsFile(path, lockPatience: patience))
  }

  /// Files for TensorBoard, a folder for each run.
  ///
  /// - Parameter folder: The folder that `tensorboard --logdir` is told.
  public static func tensorBoard(_ folder: String) -> RunPlace { RunPlace(destination: EventFiles(folder)) }

  /// A server of MLflow.
  ///
  /// - Parameters:
  ///   - address: Where it is.
  ///   - name: The name under which the models are registered; `nil` not to.
  ///   - continues: Whether runs may be on the server already; then they are completed, and not made twice.
  public static func mlflow(_ address: MLflowAddress, registering name: String? = nil, continues: Bool = false)
    -> RunPlace
  {
    RunPlace(
      destination: MLflowServer(MLflowClient(address: address), registration: name, continues: continues))
  }
}
