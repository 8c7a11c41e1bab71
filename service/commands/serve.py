"""`colophon serve`: the HTTP server under gunicorn. One process with many threads in front of the warm workers."""

from __future__ import annotations

import gc
import logging
import sys
import threading
import time
from typing import Any

import click
from gunicorn import glogging
from gunicorn.app.base import BaseApplication

from service.commands.extras import service_settings
from service.commands.flags import check_tracing
from service.commands.sandbox_check import refuse_without_sandbox
from service.jobs.keys.policy import required
from service.model.settings import Settings
from service.telemetry import logs
from service.web.application import create_app
from service.web.server.worker import Worker
from service.web.services import Services, of

log = logging.getLogger("colophon.serve")


@click.command("serve")
@click.option("--host", default=None, help="Address to listen on [default: 127.0.0.1].")
@click.option("--port", type=int, default=None, help="Port to listen on [default: 8080].")
@click.option("--workers", type=int, default=None, help="Number of workers [default: one per core].")
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the HTTP interface and the upload page."""
    used = service_settings(host=host, port=port, workers=workers)
    check_tracing()
    if required(used) and used["keys"] == "auto":
        click.echo(
            f"Other machines can reach {used.host}, so each request needs a key. Create one with `colophon keys create NAME`. "
            "If a proxy authenticates callers, set COLOPHON_OPEN=true.",
            err=True,
        )
    refuse_without_sandbox(used)
    logs.configure(used.log_level)
    Server(used).run()


class Server(BaseApplication):
    """The gunicorn application with one worker: threads share the pool of engines; gunicorn restarts the worker if it ends."""

    def __init__(self, used: Settings) -> None:
        self.settings = used
        super().__init__()

    def load_config(self) -> None:
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        chosen: dict[str, Any] = {
            "bind": f"{host}:{self.settings.port}",
            "workers": 1,
            "worker_class": Worker,
            "timeout": 120,
            "graceful_timeout": 30,
            "logger_class": Logger,
            "worker_exit": _stop,
            "when_ready": _ready,
            "post_worker_init": _warm,
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self.settings)


class Logger(glogging.Logger):
    """Records of gunicorn are logged like all others, as JSON. The application logs requests, with their ids."""

    def setup(self, cfg: Any) -> None:  # noqa: ARG002
        self.error_log.handlers[:] = []
        self.error_log.propagate = True

    def access(self, *_: Any, **__: Any) -> None:
        return


def _ready(server: Any) -> None:
    """Prints the address when the sockets listen, because port 0 is known only then. A log contains only records."""
    for listener in server.LISTENERS:
        host, port = listener.sock.getsockname()[:2]
        shown = "127.0.0.1" if host == "0.0.0.0" else "[::1]" if host == "::" else f"[{host}]" if ":" in host else host  # noqa: S104
        url = f"http://{shown}:{port}/"
        if sys.stderr.isatty():
            click.echo(f"Colophon serves {url} (API: /docs). Ctrl-C stops it.", err=True)
        else:
            log.info("serving", extra={"url": url})


def _warm(worker: Any) -> None:
    """Starts the engines before the first request, and continues unfinished jobs and webhooks."""
    services = of(worker.app.callable)
    _ = services.workers
    _ = services.backend
    _ = services.deliverer
    gc.collect()
    gc.freeze()  # loaded objects stay: visiting them in each collection stopped all threads for 150 ms (measured)
    threading.Thread(target=_drain, args=(worker, services), name="drain", daemon=True).start()


def _drain(worker: Any, services: Services) -> None:
    """Drains jobs from SIGTERM on, in parallel with open requests. gunicorn has no hook for that."""
    while worker.alive:
        time.sleep(0.1)
    services.drain()


def _stop(_: Any, worker: Any) -> None:
    application = getattr(worker.app, "callable", None)
    if application is not None:
        of(application).stop()
