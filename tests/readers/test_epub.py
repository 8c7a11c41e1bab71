"""EPUB: files made by another program, and our own given back."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.errors import Refused
from tests.readers import office


def test_strangers_file(engines: Engines, conversion: office.Recipe) -> None:
    office.check(engines, conversion, "epub", "epub3")


def test_ours_gives_its_front_matter_back(engines: Engines, conversion: office.Recipe) -> None:
    document = office.read(office.ours(engines, conversion, "epub"), "epub", engines, conversion("epub"))
    assert document.metadata.custom == {"shelf": {"row": 2}}
    assert office.said(document) == "Text."


def test_damaged_file_is_refused(engines: Engines, conversion: office.Recipe) -> None:
    data = office.strangers("epub3")
    with pytest.raises(Refused):
        office.read(data[: len(data) // 2], "epub", engines, conversion("pdf"))
