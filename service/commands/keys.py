"""`colophon keys create`, `list` and `revoke`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from service.commands.extras import service_settings
from service.jobs.database import Database
from service.jobs.keys.records import SCOPES, Key, Limits
from service.jobs.keys.store import KeyStore
from service.model.errors import ColophonError

NUMBER = click.IntRange(min=0)


@click.group("keys")
def command() -> None:
    """Create, list and revoke API keys in the database of the service."""


@contextmanager
def _keys() -> Iterator[KeyStore]:
    try:
        database = Database(service_settings())
        yield KeyStore(database)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    except ColophonError as error:
        raise click.ClickException(error.detail) from error
    database.close()


@command.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice(SCOPES), multiple=True, default=("convert", "jobs"), show_default=True,
    help="Scope of the key. Can be repeated.",
)  # fmt: skip
@click.option("--days", type=click.FloatRange(min=0, min_open=True), default=None, help="Days until the key expires.")
@click.option("--requests", type=NUMBER, default=0, help="Maximum requests per minute.")
@click.option("--conversions", type=NUMBER, default=0, help="Maximum parallel conversions, job items included.")
@click.option("--cpu-seconds", type=NUMBER, default=0, help="Maximum CPU seconds of conversions per day.")
@click.option("--queued", type=NUMBER, default=0, help="Maximum unfinished job items [default: COLOPHON_KEY_QUEUED].")
def create(name: str, scopes: tuple[str, ...], days: float | None, **limits: int) -> None:
    """Create a key for NAME and print it once: only its hash is stored. A limit that is not given does not apply."""
    with _keys() as keys:
        key, text = keys.create(name, tuple(dict.fromkeys(scopes)), Limits(**limits), days)
    click.echo(text)
    click.echo(f"{key.id} for {key.name}: {', '.join(key.scopes)}. The key is not shown again.", err=True)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def list_(as_json: bool) -> None:
    """List all keys, without their secrets."""
    with _keys() as keys:
        for key in keys.all():
            click.echo(json.dumps(_plain(key), ensure_ascii=False) if as_json else _line(key))


@command.command("revoke")
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Revoke a key by its id. The artifacts of its jobs stay until they expire."""
    with _keys() as keys:
        click.echo(_line(keys.revoke(key_id)))


def _plain(key: Key) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(key).items()}


def _line(key: Key) -> str:
    units = {
        "requests": "requests a minute", "conversions": "conversions at once", "cpu_seconds": "CPU-seconds a day",
        "queued": "items queued",
    }  # fmt: skip
    said = [",".join(key.scopes), *(f"{value} {units[name]}" for name, value in asdict(key.limits).items() if value)]
    said += [f"expires {key.expires_at:%Y-%m-%d %H:%M}"] if key.expires_at else []
    said += [f"REVOKED {key.revoked_at:%Y-%m-%d %H:%M}"] if key.revoked_at else []
    return f"{key.id}  {key.created_at:%Y-%m-%d}  {key.name}  ({'; '.join(said)})"
