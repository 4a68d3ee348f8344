# SPDX-License-Identifier: Apache-2.0
"""KServe's manifests, checked for what KServe reads, and their containers as pods: kserve_pods.py FILE...

The shape of the kinds is that of KServe's own runtimes (config/runtimes/kserve-mlserver.yaml).
"""

import sys

import yaml


def main():
    pods = []
    for path in sys.argv[1:]:
        with open(path) as file:
            manifest = yaml.safe_load(file)
        kind, spec = manifest["kind"], manifest["spec"]
        if kind == "ClusterServingRuntime":
            assert manifest["apiVersion"] == "serving.kserve.io/v1alpha1", path
            known = {"annotations", "supportedModelFormats", "protocolVersions", "containers"}
            assert set(spec) <= known, f"{path}: {set(spec) - known}"
            assert [c["name"] for c in spec["containers"]] == ["kserve-container"], path
            assert set(spec["protocolVersions"]) == {"v1", "v2", "grpc-v2"}, path
            pods.append(
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "runtime"},
                 "spec": {"containers": spec["containers"]}}
            )
        elif kind == "InferenceService":
            assert manifest["apiVersion"] == "serving.kserve.io/v1beta1", path
            model = spec["predictor"]["model"]
            assert model["runtime"] == "swiftlet" and model["modelFormat"]["name"] == "swiftlet", path
            assert model["storageUri"].split("://")[0] in {"pvc", "s3", "gs", "https", "oci"}, path
        else:
            raise SystemExit(f"{path}: an unexpected kind {kind}")
    assert pods, "no runtime was given"
    print(yaml.safe_dump_all(pods))


main()
