// SPDX-License-Identifier: Apache-2.0
//
// Descriptions: what the shipped data sets say of themselves, compiled in. The files are links to those in Datasets/, so
// that nothing is said twice.
//
// Before    SyntheticDataset.swift     After    -

extension SyntheticDataset {
  /// The `dataset.yaml` of the set that ships.
  var shippedDescription: String { String(decoding: files.description, as: UTF8.self) }
  /// The `recipe.yaml` of the set that ships.
  var recipe: [UInt8] { files.recipe }

  /// The `README.md` of the set that ships.
  var shippedReadme: [UInt8] { files.readme }

  private var files: (description: [UInt8], recipe: [UInt8], readme: [UInt8]) {
    switch name {
    case "moons":
      (PackageResources.moons_dataset_yaml, PackageResources.moons_recipe_yaml, PackageResources.moons_readme_md)
    case "circles":
      (PackageResources.circles_dataset_yaml, PackageResources.circles_recipe_yaml, PackageResources.circles_readme_md)
    case "spirals":
      (PackageResources.spirals_dataset_yaml, PackageResources.spirals_recipe_yaml, PackageResources.spirals_readme_md)
    case "xor": (PackageResources.xor_dataset_yaml, PackageResources.xor_recipe_yaml, PackageResources.xor_readme_md)
    case "blobs":
      (PackageResources.blobs_dataset_yaml, PackageResources.blobs_recipe_yaml, PackageResources.blobs_readme_md)
    case "arm": (PackageResources.arm_dataset_yaml, PackageResources.arm_recipe_yaml, PackageResources.arm_readme_md)
    case "wall-follow":
      (
        PackageResources.wall_follow_dataset_yaml, PackageResources.wall_follow_recipe_yaml,
        PackageResources.wall_follow_readme_md
      )
    case "lane-camera":
      (
        PackageResources.lane_camera_dataset_yaml, PackageResources.lane_camera_recipe_yaml,
        PackageResources.lane_camera_readme_md
      )
    case "shop-sessions":
      (
        PackageResources.shop_sessions_dataset_yaml, PackageResources.shop_sessions_recipe_yaml,
        PackageResources.shop_sessions_readme_md
      )
    default:
      (
        PackageResources.card_fraud_dataset_yaml, PackageResources.card_fraud_recipe_yaml,
        PackageResources.card_fraud_readme_md
      )
    }
  }
}
