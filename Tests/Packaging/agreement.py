# SPDX-License-Identifier: Apache-2.0
"""Whether the parts of a package find each other: agreement.py PACKAGE"""

import pathlib
import sys

import yaml


def main():
    package = pathlib.Path(sys.argv[1])
    manifests = {p.stem: yaml.safe_load(p.read_text()) for p in (package / "kubernetes").glob("*.yaml")}
    pod = manifests["deployment"]["spec"]["template"]
    container = pod["spec"]["containers"][0]
    labels = pod["metadata"]["labels"].items()
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}

    for selector in (
        manifests["deployment"]["spec"]["selector"]["matchLabels"],
        manifests["service"]["spec"]["selector"],
        manifests["disruption-budget"]["spec"]["selector"]["matchLabels"],
        manifests["network-policy"]["spec"]["podSelector"]["matchLabels"],
    ):
        assert selector.items() <= labels, selector
    assert manifests["service"]["spec"]["ports"][0]["targetPort"] in ports
    assert manifests["network-policy"]["spec"]["ingress"][0]["ports"][0]["port"] in ports
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["port"] in ports
    assert manifests["autoscaler"]["spec"]["scaleTargetRef"]["name"] == manifests["deployment"]["metadata"]["name"]
    assert pod["spec"]["securityContext"]["runAsUser"] == 10001
    # What drains for five seconds and answers for thirty must not be killed before.
    assert pod["spec"]["terminationGracePeriodSeconds"] > 35

    dockerfile = (package / "Dockerfile").read_text()
    assert f"EXPOSE {ports['http']}" in dockerfile and "USER 10001:10001" in dockerfile
    assert 'ENTRYPOINT ["/usr/bin/swiftlet"]' in dockerfile and 'CMD ["serve"]' in dockerfile
    model = next((package / "models").glob("*/1"))
    assert (model / "model.safetensors").is_file() and (model / "model.json").is_file()


main()
