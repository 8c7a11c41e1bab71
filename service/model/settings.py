"""Every setting, once: name, default, unit and help. Frozen, read at start, passed on; never global.

Order of precedence: command line > environment (`COLOPHON_<NAME>`) > TOML file (`COLOPHON_CONFIG`) > default.
A value that can't be read stops the start and names the setting.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One row; the type of `default` is the type of the setting."""

    name: str
    default: str | int | float | bool
    unit: str
    help: str
    can_be_off: bool = False  # `off` is read as 0
    choices: tuple[str, ...] = ()  # any text where there are none
    pattern: str = ""  # what the whole text must match; anything where there is none
    withheld: bool = False  # from workers: it holds a secret, or tells of the network around the service


def default_data_dir() -> str:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(base) / "colophon")


SETTINGS: tuple[Setting, ...] = (
    Setting("data_dir", "", "path", "Where the database, artifacts and caches are kept; empty: the user's data folder."),
    Setting("host", "127.0.0.1", "", "Address to listen on."),
    Setting("port", 8080, "", "Port to listen on."),
    Setting("workers", 0, "processes", "Warm workers; 0: one per core."),
    Setting("threads", 0, "threads", "Request threads of the front; 0: for all that may run or wait, and 28 more."),
    Setting("head_timeout", 10.0, "seconds",
        "Time for the first line and the headers of a request; then it is answered with 408."),
    Setting("body_timeout", 30.0, "seconds", "Longest silence within the body of a request, or of a caller who reads an answer."),
    Setting("open_requests", 64, "requests",
        "Most open requests of an address (of IPv6 its /64); more are answered with 429. off: no limit.", can_be_off=True),
    Setting("connections", 1_000, "connections",
        "Most connections; then the address with most loses its oldest that is not being answered."),
    Setting("proxies", 0, "proxies",
        "So many proxies in front add the address of who asks them to X-Forwarded-For; 0: it is not believed."),
    Setting("open", False, "",
        "With keys on auto: ask for none though others can reach the address, for a proxy in front asks them."),
    Setting("keys", "auto", "",
        "Whether API keys are asked for: required, off, or auto (where others can connect).",
        choices=("auto", "required", "off")),
    Setting("wrong_keys", 20, "a minute",
        "Most wrong API keys from one address (of IPv6 its /64); more are answered with 429, right ones pass; off: no limit.",
        can_be_off=True),
    Setting("public_url", "", "URL",
        "Where others reach this service, for the links it tells; empty: what the request names.", withheld=True),
    Setting("metrics_port", 0, "", "Port of the metrics of `colophon worker`, at COLOPHON_HOST; off: none.", can_be_off=True),
    Setting("log_level", "INFO", "", "DEBUG, INFO, WARNING or ERROR.", choices=("DEBUG", "INFO", "WARNING", "ERROR")),
    Setting("sandbox", "auto", "",
        "strict (refuse to start without), auto (what the kernel offers) or off.", choices=("strict", "auto", "off")),
    Setting("slow_after", 1.0, "seconds",
        "A call that takes longer makes way for others and goes on beside them, on a worker more: four times as many then, at "
        "most; off: never.", can_be_off=True),
    Setting("queue_wait", 30.0, "seconds", "How long a conversion may wait for a free worker before 503."),
    Setting("waiting", 48, "conversions",
        "Most conversions that wait for a worker; then who has most in line, or has used most, gets 503."),
    Setting("max_upload", 25_000_000, "bytes", "Largest request body."),
    Setting("max_text", 5_000_000, "bytes", "Largest text of one article."),
    Setting("max_parts", 1_000, "parts", "Most parts in a multipart body."),
    Setting("bundle_entries", 1_000, "entries", "Most entries in an archive."),
    Setting("bundle_unpacked", 200_000_000, "bytes", "Most bytes an archive may unpack to."),
    Setting("bundle_ratio", 200, "", "Largest ratio of unpacked to packed bytes."),
    Setting("read_deadline", 20.0, "seconds", "Time to read one source."),
    Setting("write_deadline", 60.0, "seconds", "Time to write one artifact."),
    Setting("split_deadline", 20.0, "seconds", "Time to take an archive of articles apart."),
    Setting("inspect_deadline", 20.0, "seconds", "Time to read the metadata of one artifact."),
    Setting("preview_deadline", 10.0, "seconds", "Time to draw the first page of one PDF."),
    Setting("worker_conversions", 1_000, "calls", "A worker is replaced after so many calls; one that reads and writes is two."),
    Setting("worker_memory", 2_000_000_000, "bytes", "Address space of a worker beyond its start."),
    Setting("pandoc_heap", 512, "MB", "Heap of pandoc."),
    Setting("max_image", 10_000_000, "bytes", "Largest image."),
    Setting("max_pixels", 40_000_000, "pixels", "Largest image, decoded."),
    Setting("cache", 2_000_000_000, "bytes", "Size of the cache of results; 0 or off: none.", can_be_off=True),
    Setting("cache_days", 7.0, "days", "How long a result is kept."),
    Setting("store", "local", "", "Where blobs are kept: local or s3.", choices=("local", "s3")),
    Setting("s3_bucket", "", "", "Bucket of the s3 store.", withheld=True),
    Setting("s3_prefix", "", "", "Prefix of the names in the bucket.", withheld=True),
    Setting("s3_endpoint", "", "URL", "Endpoint of an S3-compatible server; empty: that of the region.", withheld=True),
    Setting("database_url", "", "URL", "postgresql://… or sqlite:///…; empty: colophon.db in the data folder.", withheld=True),
    Setting("backend", "local", "",
        "What runs jobs: local (threads of the service) or celery (workers on a broker).", choices=("local", "celery")),
    Setting("broker_url", "redis://127.0.0.1:6379/0", "URL", "Broker of the celery backend: Redis or RabbitMQ.", withheld=True),
    Setting("queue_items", 1_000, "items", "Most items of jobs that wait; more are refused with 503."),
    Setting("key_queued", 0, "items",
        "Most unfinished items of jobs of an API key that has no such limit of its own; off: none.", can_be_off=True),
    Setting("job_deadline", 120.0, "seconds", "Time for one item of a job, all its formats."),
    Setting("attempts", 3, "attempts", "How often an item is tried whose process died; counted before each start."),
    Setting("lease", 15.0, "seconds", "An item whose runner has not been heard of for so long goes to another."),
    Setting("drain", 20.0, "seconds", "At SIGTERM items under way may end within this time; then they go back to the queue."),
    Setting("artifact_hours", 24.0, "hours", "How long an ended job, its artifacts, and a blob that no job holds are kept."),
    Setting("tombstone_days", 30.0, "days", "How long an expired job is answered with 410; then it is forgotten, 404."),
    Setting("purge_minutes", 10.0, "minutes",
        "How often what has expired is removed; 0: only by `colophon purge`.", can_be_off=True),
    Setting("webhook_ports", "80,443", "",
        "Ports that webhooks may go to, comma-separated.", pattern=r"[1-9]\d{0,4}(,[1-9]\d{0,4})*"),
    Setting("fetch_allow", "", "",
        "Hosts and CIDR networks, comma-separated, that may be fetched from though not public.", withheld=True),
    Setting("fetch_timeout", 10.0, "seconds", "Time to fetch one image."),
    Setting("fetch_deadline", 20.0, "seconds", "Time to fetch all images of an article."),
    Setting("fetch_count", 200, "images", "Most remote images of an article."),
    Setting("fetch_total", 60_000_000, "bytes", "Most bytes of remote images of an article."),
    Setting("fetch_parallel", 4, "connections", "Connections at once for an article."),
    Setting("fetch_per_host", 2, "connections", "Connections at once to a host."),
    Setting("fetch_cache", 1_000_000_000, "bytes", "Size of the cache of fetched images; 0 or off: none.", can_be_off=True),
    Setting("fetch_cache_days", 7.0, "days", "How long a fetched image is kept."),
)  # fmt: skip
SPARE_THREADS = 28  # for bodies that come in, downloads, and calls that wait for jobs
BY_NAME = MappingProxyType({setting.name: setting for setting in SETTINGS})


class Settings(Mapping[str, Any]):
    """Immutable; `settings.port` and `settings["port"]` are alike."""

    def __init__(self, **values: Any) -> None:
        unknown = values.keys() - BY_NAME.keys()
        if unknown:
            raise ValueError(f"unknown setting: {', '.join(sorted(unknown))}")
        filled = {setting.name: _typed(setting, values.get(setting.name, setting.default)) for setting in SETTINGS}
        filled["data_dir"] = filled["data_dir"] or default_data_dir()
        filled["workers"] = filled["workers"] or (os.cpu_count() or 1)
        filled["threads"] = filled["threads"] or filled["waiting"] + 2 * filled["workers"] + SPARE_THREADS
        object.__setattr__(self, "_values", MappingProxyType(filled))

    _values: Mapping[str, Any]

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Raises ValueError with the setting's name for a value that can't be read."""
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        if path := environ.get("COLOPHON_CONFIG"):
            values |= tomllib.loads(Path(path).read_text(encoding="utf-8"))
        values |= {name: environ[f"COLOPHON_{name.upper()}"] for name in BY_NAME if f"COLOPHON_{name.upper()}" in environ}
        return cls(**values | {name: value for name, value in overrides.items() if value is not None})

    def for_workers(self) -> dict[str, Any]:
        """What a worker is given: where it may hold a secret, the default."""
        return {name: BY_NAME[name].default if BY_NAME[name].withheld else value for name, value in self.items()}

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("settings are frozen")

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _typed(setting: Setting, value: Any) -> Any:
    kind = type(setting.default)
    if kind is bool and isinstance(value, str):
        if value.lower() not in TRUE | FALSE:
            raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} is neither true nor false")
        return value.lower() in TRUE
    if setting.can_be_off and isinstance(value, str) and value.lower() == "off":
        return kind(0)
    if setting.choices and value not in setting.choices:
        raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} is not one of {', '.join(setting.choices)}")
    if setting.pattern and not re.fullmatch(setting.pattern, str(value)):
        raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} can't be read. {setting.help}")
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} is not a {kind.__name__}") from None
