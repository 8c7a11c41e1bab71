"""`colophon profiles list`, `check`, `install` and `schema`: the designs of pages, including those of the operator."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from schemas import house_profiles, options
from service.containers import archives
from service.conversion.converter import PoolConverter
from service.model import profiles
from service.model.document import Source
from service.model.errors import ColophonError
from service.model.profiles import house
from service.model.settings import Settings

TARGETS = ("pdf", "epub", "docx", "html")
SAMPLE = b"""---
title: A sample
author: Ada Moor
lang: en
---

## A chapter

A paragraph with *emphasis*, `code` and a [link](https://example.com).[^1]

> A quotation.

- one
- two

| a | b |
|---|---|
| 1 | 2 |

[^1]: A note.
"""


@click.group("profiles")
def command() -> None:
    """List, check and install profiles."""


@command.command("list")
def list_profiles() -> None:
    """List the profiles, and the folder of those in COLOPHON_PROFILES."""
    mine = house.folders()
    for name in profiles.names():
        try:
            title = profiles.load(name).title
        except ColophonError as error:
            title = f"broken: {error.places[0].detail}" if error.places else error.detail
        click.echo(f"{name:16} {title}" + (f"  {mine[name]}" if name in mine else ""))


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of profile.yaml."""
    click.echo(json.dumps(house.schema(), indent=2))


@command.command("check")
@click.argument("places", nargs=-1, type=click.Path(exists=True, path_type=Path))
def check(places: tuple[Path, ...]) -> None:
    """Check profiles: folders or zips, else all of COLOPHON_PROFILES. Converts a sample to each format with each."""
    top = house.configured()
    found = list(places) or sorted(house.folders().values())
    if not found:
        raise click.UsageError(f"No profile in {top}." if top else "Name a folder or zip, or set COLOPHON_PROFILES.")
    bad = 0
    for place in found:
        with _unpacked(place) as folder:
            problems, warnings = _checked(folder)
        for warning in warnings:
            click.echo(f"{folder.name}: warning: {warning}", err=True)
        for problem in problems:
            click.echo(problem, err=True)
        bad += bool(problems)
        click.echo(f"{folder.name}: {'broken' if problems else 'good'}")
    sys.exit(1 if bad else 0)


@command.command("install")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace an installed profile of the same name.")
def install(file: Path, replace: bool) -> None:
    """Check the profile in a zip and copy it to COLOPHON_PROFILES. The service has it after a restart."""
    top = house.configured()
    if top is None:
        raise click.UsageError("Set COLOPHON_PROFILES to the folder of the profiles.")
    with _unpacked(file) as folder:
        target = top / folder.name
        if target.exists() and not replace:
            raise click.UsageError(f"{target} exists. Use --replace.")
        problems, warnings = _checked(folder)
        for line in (*problems, *warnings):
            click.echo(line, err=True)
        if problems:
            sys.exit(1)
        top.mkdir(parents=True, exist_ok=True)
        new = top / f".{folder.name}.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.copytree(folder, new)
        shutil.rmtree(target, ignore_errors=True)
        new.rename(target)
    click.echo(f"{target} installed. Restart the service to use it.")


@contextmanager
def _unpacked(place: Path) -> Iterator[Path]:
    """The folder of a profile, or the files in its zip, directly or in one folder."""
    if place.is_dir():
        yield place.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="colophon-profile-") as temporary:
        top = Path(temporary)
        try:
            files = _files(place)
        except (ColophonError, *archives.DAMAGED) as error:
            raise click.UsageError(f"{place}: {getattr(error, 'detail', '') or error}") from error
        about = min((name for name in files if name.rpartition("/")[2] == house.ABOUT), key=len, default="")
        if not about:
            raise click.UsageError(f"{place}: no {house.ABOUT} in it. A profile is a folder with a {house.ABOUT}.")
        inside = about.rpartition("/")[0]
        folder = top / (inside.rpartition("/")[2] or place.stem.lower())
        for name, data in files.items():
            if name.rpartition("/")[0] == inside:
                folder.mkdir(exist_ok=True)
                (folder / name.rpartition("/")[2]).write_bytes(data)
        yield folder


def _files(place: Path) -> dict[str, bytes]:
    settings = Settings()
    with zipfile.ZipFile(io.BytesIO(place.read_bytes())) as archive:
        return archives.inflated(archive, archives.checked(archive.infolist(), settings), settings)


def _checked(folder: Path) -> tuple[list[str], list[str]]:
    """The errors of a profile, and the parts that are removed from its style sheets."""
    if problems := house_profiles.problems(folder):
        return problems, []
    with tempfile.TemporaryDirectory(prefix="colophon-profile-") as temporary:
        shutil.copytree(folder, Path(temporary) / folder.name)
        with _in_use(Path(temporary)):
            return _tried(folder.name, Path(temporary))


def _tried(name: str, top: Path) -> tuple[list[str], list[str]]:
    problems, warnings = list[str](), dict[str, None]()
    settings = Settings.from_env(profiles=str(top), cache=0, workers=1)
    with PoolConverter(settings, spares=0) as converter:
        for target in TARGETS:
            try:
                outcome, _ = converter.convert(Source("sample.md", SAMPLE), options.load((target,), {"profile": name}))
            except ColophonError as error:
                problems.append(f"{name}: {target}: {error.places[0].detail if error.places else error.detail}")
                continue
            dropped = (each for each in outcome.artifacts[0].notices if each.code == "css-dropped")
            warnings |= dict.fromkeys(f"left out of {target}: {part}" for each in dropped for part in each.data["dropped"])
    return problems, list(warnings)


@contextmanager
def _in_use(top: Path) -> Iterator[None]:
    """Sets COLOPHON_PROFILES to another folder for this process and its workers."""
    before = os.environ.get("COLOPHON_PROFILES")
    os.environ["COLOPHON_PROFILES"] = str(top)
    profiles.forget()
    try:
        yield
    finally:
        os.environ.pop("COLOPHON_PROFILES")
        os.environ |= {"COLOPHON_PROFILES": before} if before is not None else {}
        profiles.forget()
