"""Builds the folder of JSON schemas that kubeconform reads, from packages that carry them.

Kubernetes' own come from kubernetes-validate, strict ones; those of custom resources from the pydantic models that
cloudcoil (KEDA, Prometheus operator) and Kubeflow (JobSet) generate from the CRDs. Usage: schemas.py FOLDER
"""

import json
import sys
from pathlib import Path

KUBERNETES = "1.34.0"


def strict(node):
    """Forbids unknown keys wherever keys are listed, and null wherever a key may be left out: models are lenient."""
    if isinstance(node, list):
        return [strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    others = [item for item in node.get("anyOf", []) if item != {"type": "null"}]
    if len(others) == 1:
        node = {key: value for key, value in node.items() if key not in ("anyOf", "default")} | others[0]
    node = {key: strict(value) for key, value in node.items()}
    if "properties" in node:
        node.setdefault("additionalProperties", False)
    return node


def kubernetes(folder: Path) -> None:
    import kubernetes_validate

    root = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
    versions = sorted(root.glob(f"v{KUBERNETES.rsplit('.', 1)[0]}.*-local-strict"))
    if not versions:
        raise SystemExit(f"kubernetes-validate has no schemas of Kubernetes {KUBERNETES}")
    for path in versions[-1].glob("*.json"):
        schema = json.loads(path.read_text().replace("/api/_definitions.json", "_definitions.json"))
        schema.pop("$id", None)  # references are to the file beside, not to an address
        (folder / path.name).write_text(json.dumps(schema))


def custom(folder: Path) -> None:
    from cloudcoil.models.keda.v1alpha1 import ScaledObject
    from cloudcoil.models.prometheus_operator.v1 import PrometheusRule, ServiceMonitor
    from kubeflow_trainer_api.models.jobset_v1alpha2_job_set import JobsetV1alpha2JobSet

    for name, model in {
        "scaledobject-keda-v1alpha1": ScaledObject,
        "servicemonitor-monitoring-v1": ServiceMonitor,
        "prometheusrule-monitoring-v1": PrometheusRule,
        "jobset-jobset-v1alpha2": JobsetV1alpha2JobSet,
    }.items():
        schema = strict(model.model_json_schema(by_alias=True))
        for title, definition in schema["$defs"].items():
            if title.endswith(("ResourceQuantity", "IntOrString")):  # wrapped in an object by the model alone
                definition.clear()
                definition["type"] = ["string", "number"]
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        (folder / f"{name}.json").write_text(json.dumps(schema))


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    kubernetes(target)
    custom(target)
