"""The table of settings: name, default, unit and help. Settings are frozen, read at start and passed on; never global.

Order of precedence: command line > environment (`COLOPHON_<NAME>`) > TOML file (`COLOPHON_CONFIG`) > default.
An invalid value stops the start with an error that names the setting.
"""

from __future__ import annotations

import difflib
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
    """One row. The type of `default` is the type of the setting."""

    name: str
    default: str | int | float | bool
    unit: str
    help: str
    can_be_off: bool = False  # `off` is read as 0
    choices: tuple[str, ...] = ()  # empty: any text
    pattern: str = ""  # regular expression for the whole value; empty: any text
    withheld: bool = False  # from workers: a secret, or a fact about the network


def default_data_dir() -> str:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(base) / "colophon")


SETTINGS: tuple[Setting, ...] = (
    Setting("data_dir", "", "path", "Folder of the database, artifacts and caches. Empty: the user's data folder."),
    Setting("host", "127.0.0.1", "", "Address to listen on."),
    Setting("port", 8080, "", "Port to listen on."),
    Setting("workers", 0, "processes", "Number of warm workers. 0: one per core."),
    Setting("threads", 0, "threads", "Request threads. 0: workers and waiting conversions, plus 28."),
    Setting("head_timeout", 10.0, "seconds",
        "Time to receive the request line and headers. Later requests get 408."),
    Setting("body_timeout", 30.0, "seconds", "Longest pause while a body is received or a response is sent."),
    Setting("open_requests", 64, "requests",
        "Maximum open requests per address (IPv6: per /64). Further ones get 429. off: no limit.", can_be_off=True),
    Setting("connections", 1_000, "connections",
        "Maximum connections. Beyond it, the address with the most loses its oldest idle one."),
    Setting("proxies", 0, "proxies",
        "Number of trusted proxies that append to X-Forwarded-For. 0: the header is ignored."),
    Setting("open", False, "",
        "With keys=auto: require no API keys on a public address, because a proxy authenticates callers."),
    Setting("keys", "auto", "",
        "API keys: required, off, or auto (required where other machines can connect).",
        choices=("auto", "required", "off")),
    Setting("wrong_keys", 20, "a minute",
        "Maximum invalid API keys per address (IPv6: per /64). Further ones get 429; valid keys pass. off: no limit.",
        can_be_off=True),
    Setting("public_url", "", "URL",
        "Public URL of the service, used in links. Empty: the host of the request.", withheld=True),
    Setting("metrics_port", 0, "", "Port for the metrics of `colophon worker`, on COLOPHON_HOST. off: no "
                                   "metrics.", can_be_off=True),
    Setting("log_level", "INFO", "", "DEBUG, INFO, WARNING or ERROR.", choices=("DEBUG", "INFO", "WARNING", "ERROR")),
    Setting("sandbox", "auto", "",
        "strict (do not start without a sandbox), auto (what the kernel supports) or off.", choices=("strict", "auto", "off")),
    Setting("slow_after", 1.0, "seconds",
        "A longer call leaves its slot to others and continues on an extra worker: at most four times as many workers. "
        "off: never.", can_be_off=True),
    Setting("queue_wait", 30.0, "seconds", "Time that a conversion waits for a worker before 503."),
    Setting("waiting", 48, "conversions",
        "Maximum waiting conversions. Beyond it, the caller with the most waiting or the most use gets 503."),
    Setting("max_upload", 25_000_000, "bytes", "Maximum size of a request body."),
    Setting("max_text", 5_000_000, "bytes", "Maximum size of the text of an article."),
    Setting("max_parts", 1_000, "parts", "Maximum parts of a multipart body."),
    Setting("bundle_entries", 1_000, "entries", "Maximum entries of an archive."),
    Setting("bundle_unpacked", 200_000_000, "bytes", "Maximum unpacked size of an archive."),
    Setting("bundle_ratio", 200, "", "Maximum ratio of unpacked to packed size."),
    Setting("read_deadline", 20.0, "seconds", "Time to read one source."),
    Setting("write_deadline", 60.0, "seconds", "Time to write one artifact."),
    Setting("split_deadline", 20.0, "seconds", "Time to split an archive of articles."),
    Setting("inspect_deadline", 20.0, "seconds", "Time to read the metadata of one artifact."),
    Setting("preview_deadline", 10.0, "seconds", "Time to draw the first page of one PDF."),
    Setting("worker_conversions", 1_000, "calls", "A worker is replaced after this number of calls. A conversion is two calls: "
                                                  "read and write."),
    Setting("worker_memory", 2_000_000_000, "bytes", "Maximum address space of a worker, beyond its size at start."),
    Setting("pandoc_heap", 512, "MB", "Maximum heap of pandoc."),
    Setting("weasyprint_patches", "on", "",
        "Faster functions inside WeasyPrint: on or off. The bytes of a PDF are the same.", choices=("on", "off")),
    Setting("max_image", 10_000_000, "bytes", "Maximum size of an image file."),
    Setting("max_pixels", 40_000_000, "pixels", "Maximum size of a decoded image."),
    Setting("cache", 2_000_000_000, "bytes", "Maximum size of the result cache. 0 or off: no cache.", can_be_off=True),
    Setting("cache_days", 7.0, "days", "Time that a result is kept."),
    Setting("store", "local", "", "Storage of blobs: local or s3.", choices=("local", "s3")),
    Setting("s3_bucket", "", "", "Bucket of the s3 store.", withheld=True),
    Setting("s3_prefix", "", "", "Prefix of object names.", withheld=True),
    Setting("s3_endpoint", "", "URL", "Endpoint of an S3-compatible server. Empty: the endpoint of the region.", withheld=True),
    Setting("database_url", "", "URL", "postgresql://… or sqlite:///…. Empty: colophon.db in the data folder.", withheld=True),
    Setting("backend", "local", "",
        "Runner of jobs: local (threads of the service) or celery (workers on a broker).", choices=("local", "celery")),
    Setting("broker_url", "redis://127.0.0.1:6379/0", "URL", "Broker of the celery backend: Redis or RabbitMQ.", withheld=True),
    Setting("queue_items", 1_000, "items", "Maximum queued job items. Further ones get 503."),
    Setting("key_queued", 0, "items",
        "Maximum unfinished job items of an API key without its own limit. off: no limit.", can_be_off=True),
    Setting("job_deadline", 120.0, "seconds", "Time for one job item, all formats."),
    Setting("attempts", 3, "attempts", "Attempts for an item whose process died. Counted before each start."),
    Setting("lease", 15.0, "seconds", "An item goes to another runner if its runner is silent for this time."),
    Setting("drain", 20.0, "seconds", "Time for running items after SIGTERM. Then they return to the queue."),
    Setting("artifact_hours", 24.0, "hours", "Time that a finished job, its artifacts and unreferenced blobs are kept."),
    Setting("tombstone_days", 30.0, "days", "Time that an expired job gets 410. Later requests get 404."),
    Setting("purge_minutes", 10.0, "minutes",
        "Interval between removals of expired data. 0: only by `colophon purge`.", can_be_off=True),
    Setting("webhook_ports", "80,443", "",
        "Allowed ports of webhook URLs, comma-separated.", pattern=r"[1-9]\d{0,4}(,[1-9]\d{0,4})*"),
    Setting("fetch_allow", "", "",
        "Non-public hosts and CIDR networks that the service may fetch from, comma-separated.", withheld=True),
    Setting("fetch_timeout", 10.0, "seconds", "Time to fetch one image."),
    Setting("fetch_deadline", 20.0, "seconds", "Time to fetch all images of an article."),
    Setting("fetch_count", 200, "images", "Maximum remote images of an article."),
    Setting("fetch_total", 60_000_000, "bytes", "Maximum total size of the remote images of an article."),
    Setting("fetch_parallel", 4, "connections", "Parallel connections per article."),
    Setting("fetch_per_host", 2, "connections", "Parallel connections per host."),
    Setting("fetch_cache", 1_000_000_000, "bytes", "Maximum size of the image cache. 0 or off: no cache.", can_be_off=True),
    Setting("fetch_cache_days", 7.0, "days", "Time that a fetched image is kept."),
)  # fmt: skip
SPARE_THREADS = 28  # for incoming bodies, downloads, and calls that wait for jobs
BY_NAME = MappingProxyType({setting.name: setting for setting in SETTINGS})


class Settings(Mapping[str, Any]):
    """Immutable. `settings.port` and `settings["port"]` are the same."""

    def __init__(self, **values: Any) -> None:
        unknown = values.keys() - BY_NAME.keys()
        if unknown:
            name = min(unknown)
            near = difflib.get_close_matches(name, BY_NAME, n=1, cutoff=0.6)
            raise ValueError(f"unknown setting: {name}." + (f" Did you mean {near[0]}?" if near else ""))
        filled = {setting.name: _typed(setting, values.get(setting.name, setting.default)) for setting in SETTINGS}
        filled["data_dir"] = filled["data_dir"] or default_data_dir()
        filled["workers"] = filled["workers"] or (os.cpu_count() or 1)
        filled["threads"] = filled["threads"] or filled["waiting"] + 2 * filled["workers"] + SPARE_THREADS
        object.__setattr__(self, "_values", MappingProxyType(filled))

    _values: Mapping[str, Any]

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Raises ValueError with the name of the setting for an invalid value."""
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        if path := environ.get("COLOPHON_CONFIG"):
            values |= _of_file(path)
        values |= {name: environ[f"COLOPHON_{name.upper()}"] for name in BY_NAME if f"COLOPHON_{name.upper()}" in environ}
        return cls(**values | {name: value for name, value in overrides.items() if value is not None})

    def for_workers(self) -> dict[str, Any]:
        """The settings for a worker. Withheld settings have their default."""
        return {name: BY_NAME[name].default if BY_NAME[name].withheld else value for name, value in self.items()}

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("settings are read-only")

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def _of_file(path: str) -> dict[str, Any]:
    """The settings of a TOML file. Raises ValueError with its name."""
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"COLOPHON_CONFIG: {path}: {error.strerror}. Create the file, or unset the variable.") from error
    except ValueError as error:
        raise ValueError(f"COLOPHON_CONFIG: {path} is not valid TOML: {error}") from error


TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def _typed(setting: Setting, value: Any) -> Any:
    kind = type(setting.default)
    if kind is bool and isinstance(value, str):
        if value.lower() not in TRUE | FALSE:
            raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} must be true or false")
        return value.lower() in TRUE
    if setting.can_be_off and isinstance(value, str) and value.lower() == "off":
        return kind(0)
    if setting.choices and value not in setting.choices:
        raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} must be one of {', '.join(setting.choices)}")
    if setting.pattern and not re.fullmatch(setting.pattern, str(value)):
        raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} is not valid. {setting.help}")
    try:
        return kind(value)
    except (TypeError, ValueError):
        raise ValueError(f"COLOPHON_{setting.name.upper()}: {value!r} is not a {kind.__name__}") from None
