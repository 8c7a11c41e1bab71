"""Settings of commands that run the service: they name the extra of the distribution that a setting needs."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any

import click

from service.commands.flags import settings
from service.model.settings import Settings

# Setting, start of its value (empty: any value) → extra, and a module of the extra.
EXTRAS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("store", "s3"): ("s3", "boto3"),
    ("backend", "celery"): ("celery", "celery"),
    ("database_url", "postgres"): ("postgres", "psycopg"),
    ("sign_key", ""): ("sign", "pyhanko"),
}


def service_settings(**overrides: Any) -> Settings:
    """The settings from the environment. Raises click.UsageError for an invalid value and for a missing extra."""
    used = settings(**overrides)
    for (name, start), (extra, module) in EXTRAS.items():
        if used[name] and str(used[name]).startswith(start) and importlib.util.find_spec(module) is None:
            raise click.UsageError(
                f"COLOPHON_{name.upper()}{start and f'={start}'} needs the extra {extra!r}, which is not installed. "
                f"Install it with: pip install 'colophon[{extra}]'"
            )
    return used
