"""The Grafana dashboard and the alert rules use metrics and labels that the service exports, and values that it knows."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Histogram

from service.jobs.metrics import of_pool, of_queue
from service.jobs.records import Depth
from service.model.errors import StorageUnavailable, error_classes
from service.model.settings import BY_NAME
from service.telemetry import metrics, timings
from service.web import endpoint, server_info
from service.workers.sandbox_test import ATTEMPTS

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
BOARD = json.loads((EXAMPLES / "grafana" / "colophon.json").read_text(encoding="utf-8"))
RULES = yaml.safe_load((EXAMPLES / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
QUERIES = [target["expr"] for panel in BOARD["panels"] for target in panel.get("targets", ())] + [rule["expr"] for rule in RULES]
SCRAPES = yaml.safe_load((EXAMPLES / "prometheus" / "scrape.yaml").read_text(encoding="utf-8"))
METRIC = re.compile(r"\b(colophon_\w+)(?:\{([^}]*)\})?")
LABEL = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')
BY = re.compile(r"\bby \(([^)]*)\)")
EVERYWHERE = {"instance", "job"}  # Prometheus gives them
STATUS = {
    "alive": 1, "idle": 1, "paused": 0, "size": 1, "slow": 0, "memory": 1, "waiting": 0, "counts": {"crash": 1},
    "sandbox": {"refused": dict.fromkeys(ATTEMPTS, True)},
}  # fmt: skip


class Jobs:
    """A job store that answers, or does not."""

    def __init__(self, up: bool) -> None:
        self.up = up

    def depth(self) -> Depth:
        if not self.up:
            raise StorageUnavailable()
        return Depth(queued=1, oldest=1.0, running=1)

    def totals(self) -> Mapping[str, int]:
        return {}


@functools.cache
def reported() -> dict[str, set[str]]:
    """Name of each series → its labels."""
    found: dict[str, set[str]] = {}
    for each in vars(metrics).values():
        if isinstance(each, Counter):
            found[f"{each._name}_total"] = set(each._labelnames)
        elif isinstance(each, Histogram):
            for suffix in ("bucket", "sum", "count"):
                found[f"{each._name}_{suffix}"] = set(each._labelnames) | ({"le"} if suffix == "bucket" else set())
    for family in (*of_pool(STATUS), *of_queue(Jobs(True))):  # type: ignore[arg-type]
        found |= {sample.name: set(sample.labels) for sample in family.samples}
    return found


@pytest.mark.parametrize("query", QUERIES)
def test_query_uses_exported_metrics(query: str) -> None:
    asked = METRIC.findall(query)
    assert asked or query.startswith("up{job=")
    for name, labels in asked:
        assert name in reported(), f"no such metric: {name}"
        wanted = {label for label, _, _ in LABEL.findall(labels)}
        wanted |= {label.strip() for group in BY.findall(query) for label in group.split(",")}
        assert wanted <= reported()[name] | EVERYWHERE, f"{name} has no label {wanted - reported()[name]}"


VALUES: Mapping[str, Any] = {
    "outcome": {*error_classes(), "delivered", "failed"},
    "stage": {*timings.FRONT, *timings.WORKER},
    "cause": {"deadline", "memory", "crash", "cancelled", "recycled", "idle", "start"},
    "state": {"queued", "running", "idle", "alive", "paused", "size", "slow"},
    "result": {"hit", "miss"},
    "answer": {"refused", "limited"},
}


@pytest.mark.parametrize("query", QUERIES)
def test_query_names_values_that_are(query: str) -> None:
    for label, _, value in LABEL.findall(query):
        if label not in EVERYWHERE:
            assert set(value.split("|")) <= VALUES[label], f"{label} is never {value}"


def test_every_metric_is_on_the_dashboard() -> None:
    shown = {name for query in QUERIES for name, _ in METRIC.findall(query)}
    missing = {name for name in reported() if name.removesuffix("_sum").removesuffix("_count") == name} - shown
    assert not {name for name in missing if name.startswith("colophon_")}, missing


def test_panels_lie_next_to_each_other() -> None:
    places = [panel["gridPos"] for panel in BOARD["panels"]]
    cells = [(x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_alerts_say_what_to_do() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "look"}
    full = next(rule for rule in RULES if rule["alert"] == "ColophonQueueNearlyFull")
    assert full["expr"].endswith(f"> {BY_NAME['queue_items'].default * 8 // 10}")


def test_a_database_that_is_away_is_reported() -> None:
    (up,) = of_queue(Jobs(False))  # type: ignore[arg-type]
    assert [sample.value for sample in up.samples] == [0]


def test_what_is_scraped_is_watched() -> None:
    """The alert that a process is gone names the jobs by which Prometheus asks, and the key reads and nothing more."""
    down = next(rule["expr"] for rule in RULES if rule["alert"] == "ColophonDown")
    (jobs,) = [value for label, _, value in LABEL.findall(down) if label == "job"]
    assert {each["job_name"] for each in SCRAPES["scrape_configs"]} == set(jobs.split("|"))
    (scope,) = re.findall(r"colophon keys create \w+ --scope (\w+)", (EXAMPLES / "prometheus" / "scrape.yaml").read_text("utf-8"))
    (row,) = (each for each in endpoint.of_module(server_info) if each.path == "/metrics")
    assert row.scopes == (scope, "admin")
