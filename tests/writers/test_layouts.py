"""compose.yaml and the Kubernetes example say what the code knows: settings, commands, ports, paths, metrics."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from service import web
from service.commands import load
from service.jobs import metrics
from service.jobs.keys.policy import required
from service.jobs.records import Depth
from service.model.settings import BY_NAME, Settings
from service.storage import STORES
from service.web.application import create_app

ROOT = Path(__file__).resolve().parents[2]
COMPOSE, KUBERNETES = ROOT / "compose.yaml", ROOT / "examples" / "kubernetes" / "colophon.yaml"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SERVICES: Mapping[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
OBJECTS: list[dict[str, Any]] = list(yaml.safe_load_all(KUBERNETES.read_text(encoding="utf-8")))
OURS = [name for name, service in SERVICES.items() if service["image"].startswith("colophon:")]
PATHS = re.compile(r"127\.0\.0\.1:(\d+)(/\w+)")


def objects(kind: str) -> list[dict[str, Any]]:
    return [each for each in OBJECTS if each["kind"] == kind]


def pods() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each pod of this service, and its one container."""
    templates = [each["spec"]["template"] for each in objects("Deployment")]
    templates += [each["spec"]["jobTemplate"]["spec"]["template"] for each in objects("CronJob")]
    for template in templates:
        (container,) = template["spec"]["containers"]
        yield template["spec"], container


def commands() -> Iterator[list[str]]:
    yield from (SERVICES[name]["command"] for name in OURS)
    yield from (container["args"] for _, container in pods())


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    app = create_app(Settings(data_dir=str(tmp_path_factory.mktemp("data")), workers=1))
    try:
        return {rule.rule for rule in app.url_map.iter_rules()}
    finally:
        web.services.of(app).stop()


@pytest.mark.parametrize("file", [COMPOSE, KUBERNETES], ids=lambda file: file.name)
def test_every_variable_is_a_setting(file: Path) -> None:
    """In comments too."""
    named = set(re.findall(r"COLOPHON_([A-Z0-9_]+)\b", file.read_text(encoding="utf-8")))
    assert len(named) > 5
    assert {name.lower() for name in named} <= BY_NAME.keys()


def test_values_are_of_their_settings_kind() -> None:
    for environ in environs():
        settings = Settings.from_env(environ)
        assert (settings.backend, settings.store in STORES) == ("celery", True)
        assert settings.workers == int(environ["COLOPHON_WORKERS"]), "a container sees all cores of its machine"


def test_commands_and_their_options_exist() -> None:
    found = list(commands())
    assert {name for name, *_ in found} == {"serve", "worker", "purge"}
    for name, *arguments in found:
        load(name).make_context(name, list(arguments))


def environs() -> list[Mapping[str, Any]]:
    """The environment of the service's processes, in each file."""
    return [*(SERVICES[name]["environment"] for name in OURS), *(each["data"] for each in objects("ConfigMap"))]


def test_fronts_ask_for_keys_and_the_sandbox_is_complete() -> None:
    """The image listens on every address."""
    assert "COLOPHON_HOST=0.0.0.0" in DOCKERFILE
    for environ in environs():
        settings = Settings.from_env({**environ, "COLOPHON_HOST": "0.0.0.0"})
        assert required(settings)
        assert (settings["keys"], settings.open, settings.sandbox) == ("required", False, "strict")


def test_redis_asks_for_a_password() -> None:
    redis = SERVICES["redis"]
    assert "--requirepass" in redis["command"][-1]
    (secret,) = redis["environment"].values()
    for name in OURS:
        assert f":{secret}@redis:" in SERVICES[name]["environment"]["COLOPHON_BROKER_URL"]


def policies(pod: Mapping[str, str], kind: str) -> list[dict[str, Any]]:
    """The rules that let something in or out (`kind`) of a pod with these labels; [] where nothing may pass."""
    found = [each["spec"] for each in objects("NetworkPolicy") if selects(each["spec"]["podSelector"], pod)]
    assert any(kind in each["policyTypes"] for each in found), f"nothing bounds the {kind} of {pod}"
    return [rule for each in found for rule in each.get(kind.lower(), ())]


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    wanted = all(labels.get(name) == value for name, value in selector.get("matchLabels", {}).items())
    return wanted and all(labels.get(each["key"]) in each["values"] for each in selector.get("matchExpressions", ()))


PARTS = [{"app": "colophon", "part": part} for part in ("front", "worker", "purge")]


def test_every_pod_is_under_the_policies() -> None:
    templates = [each["spec"]["template"] for each in objects("Deployment")]
    templates += [each["spec"]["jobTemplate"]["spec"]["template"] for each in objects("CronJob")]
    assert [each["metadata"]["labels"] for each in templates] == PARTS


def test_only_fronts_are_reached_from_anywhere() -> None:
    front, worker, purge = (policies(each, "Ingress") for each in PARTS)
    assert front == [{"ports": [{"port": "http"}]}]
    assert [each["ports"] for each in worker] == [[{"port": "metrics"}]] and all(each["from"] for each in worker)
    assert purge == []


@pytest.mark.parametrize("pod", PARTS, ids=lambda pod: pod["part"])
def test_nothing_goes_out_but_to_public_addresses_and_what_it_needs(pod: Mapping[str, str]) -> None:
    ports = {}
    for rule in policies(pod, "Egress"):
        for target in rule["to"]:
            ports.setdefault("public" if "ipBlock" in target else "inside", set()).update(each["port"] for each in rule["ports"])
            if "ipBlock" in target:
                assert_public(target["ipBlock"])
    assert ports["inside"] == {53, 5432, 6379}
    fetching = {int(port) for port in str(BY_NAME["webhook_ports"].default).split(",")}
    assert ports["public"] == ({443} if pod["part"] == "purge" else fetching)


def assert_public(block: Mapping[str, Any]) -> None:
    allowed = ipaddress.ip_network(block["cidr"])
    closed = [ipaddress.ip_network(each) for each in block["except"]]
    for text in (
        "10.1.2.3",
        "172.20.0.1",
        "192.168.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "::1",
        "fd00:ec2::254",
        "fe80::1",
    ):
        address = ipaddress.ip_address(text)
        assert address.version != allowed.version or any(address in each for each in closed), text


def test_ports_are_those_of_the_image() -> None:
    port = BY_NAME["port"].default
    assert f"EXPOSE {port}\n" in DOCKERFILE
    (published,) = SERVICES["front"]["ports"]
    assert published.startswith("127.0.0.1:") and published.endswith(f":{port}")
    front = next(container for _, container in pods() if container["name"] == "front")
    assert front["ports"] == [{"name": "http", "containerPort": port}]
    (service,) = objects("Service")
    assert [each["targetPort"] for each in service["spec"]["ports"]] == ["http"]
    labels = objects("Deployment")[0]["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()


def test_probes_ask_for_what_is_there(paths: set[str]) -> None:
    asked = [PATHS.search(str(SERVICES["front"]["healthcheck"]["test"]))]
    assert [found and found.groups() for found in asked] == [(str(BY_NAME["port"].default), "/readyz")]
    front = next(container for _, container in pods() if container["name"] == "front")
    probes = {name: front[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startupProbe": "/readyz", "readinessProbe": "/readyz", "livenessProbe": "/healthz",
    }  # fmt: skip
    assert {probe["path"] for probe in probes.values()} <= paths
    annotations = objects("Deployment")[0]["spec"]["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/path"] in paths
    assert annotations["prometheus.io/port"] == str(BY_NAME["port"].default)


def test_metrics_of_workers_are_found() -> None:
    (settings,) = objects("ConfigMap")
    port = settings["data"]["COLOPHON_METRICS_PORT"]
    (worker,) = (each for each in objects("Deployment") if each["metadata"]["name"] == "colophon-worker")
    assert worker["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"] == port
    assert [each["containerPort"] for each in worker["spec"]["template"]["spec"]["containers"][0]["ports"]] == [int(port)]
    assert SERVICES["worker"]["environment"]["COLOPHON_METRICS_PORT"] == port


def test_workers_grow_with_a_metric_that_is_reported() -> None:
    (scaler,) = objects("HorizontalPodAutoscaler")
    assert scaler["spec"]["scaleTargetRef"]["name"] in [each["metadata"]["name"] for each in objects("Deployment")]
    (metric,) = (each["external"]["metric"] for each in scaler["spec"]["metrics"])
    depth = Depth(queued=7, running=1, oldest=2.0)
    reported = {(each.name, tuple(sample.labels.items())) for each in metrics.of_depth(depth) for sample in each.samples}
    assert (metric["name"], tuple(metric["selector"]["matchLabels"].items())) in reported


def test_containers_can_do_little() -> None:
    for service in SERVICES.values():
        assert service["read_only"] and service["pids_limit"] and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["healthcheck"]
    uid = int(re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE)[-1])
    for pod, container in pods():
        assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == (True, uid)
        assert not pod["automountServiceAccountToken"]
        assert container["securityContext"] == {
            "readOnlyRootFilesystem": True, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]},
        }  # fmt: skip
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}
        assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}


def test_kubernetes_adds_no_settings_of_its_own() -> None:
    """For a Service `colophon` it would set COLOPHON_PORT=tcp://…, which stops the start."""
    with pytest.raises(ValueError, match="COLOPHON_PORT"):
        Settings.from_env({"COLOPHON_PORT": "tcp://10.0.0.1:80"})
    assert [pod["enableServiceLinks"] for pod, _ in pods()] == [False] * 3


def test_what_expires_is_removed_once() -> None:
    """By the job alone: each look lists the whole bucket."""
    assert objects("ConfigMap")[0]["data"]["COLOPHON_PURGE_MINUTES"] == "0"
    assert [each["spec"]["concurrencyPolicy"] for each in objects("CronJob")] == ["Forbid"]


def test_what_drains_is_waited_for() -> None:
    least = BY_NAME["drain"].default + 30  # type: ignore[operator]
    assert all(each["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= least for each in objects("Deployment"))
    assert all(int(SERVICES[name]["stop_grace_period"].removesuffix("s")) >= least for name in OURS)


def test_no_secret_is_in_them() -> None:
    assert not objects("Secret")
    for _, container in pods():
        assert {"secretRef": {"name": "colophon"}} in container["envFrom"]
    for text in (COMPOSE.read_text(encoding="utf-8"), KUBERNETES.read_text(encoding="utf-8")):
        for name, value in re.findall(r"(\w*(?:PASSWORD|SECRET_ACCESS_KEY|ACCESS_KEY_ID))(?:: |=)(\S+)", text):
            assert value.startswith(("${", "…", "$(")), name
        assert all(password.startswith("${") for password in re.findall(r"://\w+:(?!//)([^@\s]+)@", text))
