"""The table of places says what is so: a full record is converted, and every place of every field holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace

import pytest

from service.containers.parts import Found
from service.engines import Engines
from service.inspect import CONTENTS, INSPECTORS
from service.model import metadata_map
from service.model.document import Conversion, Metadata, Source
from service.pipeline import steps

FRONT_MATTER = """\
title: "Lamps & <lanterns>: a record"
subtitle: Of things that glow
authors: [Ada Vogt, {name: 陈 灯, sort: Chen Deng}]
date: 2025-03-09T10:20:30+08:00
modified: 2025-04-01
lang: en
description: What the lamps said.
abstract: The lamps spoke of oil.
keywords: [lamps, lanterns at sea]
categories: [light]
url: https://lamps.example/a?b=1&c=2
source: The Lamp Post
fetch_date: 2025-10-06T19:16:36.499828
publisher: Lamp House
rights: All rights reserved.
license: https://creativecommons.org/licenses/by/4.0/
identifier: urn:example:lamps:7
doi: 10.5555/lamps.7
isbn: 978-3-16-148410-0
series: {name: Lights, index: 3}
version: "1.10"
type: article
编号: 7
shelf: {row: 2, lit: true}
"""
# Alternatives: a date that is not a date stands elsewhere.
CONDITIONAL = {("date", "opf:colophon:date"), ("type", "opf:colophon:type")}


@pytest.fixture(scope="module")
def files(engines: Engines, conversion: Callable[..., Conversion]) -> Mapping[str, tuple[Metadata, bytes]]:
    """By format: the metadata that were meant, and the file."""
    out = {}
    for target in INSPECTORS:
        document = steps.read(Source("a.md", f"---\n{FRONT_MATTER}---\n\nText.\n".encode()), conversion(target), engines)
        out[target] = document.metadata, steps.write(document, conversion(target), target, engines).data
    return out


@pytest.fixture(scope="module")
def made(files: Mapping[str, tuple[Metadata, bytes]]) -> Mapping[str, tuple[Metadata, Found]]:
    """By format: the metadata that were meant, and what is found."""
    return {target: (metadata, INSPECTORS[target](data)) for target, (metadata, data) in files.items()}


@pytest.mark.parametrize("target", CONTENTS)
def test_what_is_compared_is_what_is_found(
    files: Mapping[str, tuple[Metadata, bytes]], made: Mapping[str, tuple[Metadata, Found]], target: str
) -> None:
    """The check after a conversion sees all that `inspect` sees, but for the facts."""
    found, whole = CONTENTS[target](files[target][1]), made[target][1]
    assert found.native and found.record and found.source
    assert replace(found, facts=whole.facts) == whole


@pytest.mark.parametrize("target", INSPECTORS)
@pytest.mark.parametrize("field", metadata_map.MAPPING)
def test_every_place_holds_the_field(made: Mapping[str, tuple[Metadata, Found]], field: str, target: str) -> None:
    metadata, found = made[target]
    value = metadata_map.expected(metadata, field)
    assert value, "the record of this test must have every field"
    for cell in metadata_map.MAPPING[field][target]:
        if (field, cell.place) not in CONDITIONAL:
            assert metadata_map.agrees(found.native, cell, value), f"{cell.place} is {found.native.get(cell.place)!r}"


@pytest.mark.parametrize("target", INSPECTORS)
def test_custom_keys_stand_under_their_names(made: Mapping[str, tuple[Metadata, Found]], target: str) -> None:
    custom = metadata_map.metadata_of(made[target][1].native, target)["custom"]
    assert str(custom["编号"]) == "7"
    assert str(custom["shelf"]).replace(" ", "") == '{"row":2,"lit":true}'


@pytest.mark.parametrize("target", INSPECTORS)
def test_native_places_alone_give_the_fields(made: Mapping[str, tuple[Metadata, Found]], target: str) -> None:
    """The fields from a file of another program."""
    metadata, found = made[target]
    native = metadata_map.metadata_of(found.native, target)
    for field in ("title", "subtitle", "authors", "lang", "description", "source_url", "source_name", "fetched_at", "publisher"):
        assert native[field] == metadata_map.expected(metadata, field)


def test_every_field_of_the_record_is_in_the_table() -> None:
    elsewhere = {"cover", "custom", "front_matter"}
    assert {field.name for field in fields(Metadata)} - elsewhere == metadata_map.MAPPING.keys()
