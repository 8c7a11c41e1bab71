"""ODT: files made by another program, and our own given back."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.errors import Refused
from tests.readers import office


def test_strangers_file(engines: Engines, conversion: office.Recipe) -> None:
    office.check(engines, conversion, "odt", "odt")


def test_damaged_file_is_refused(engines: Engines, conversion: office.Recipe) -> None:
    data = office.strangers("odt")
    with pytest.raises(Refused):
        office.read(data[: len(data) // 2], "odt", engines, conversion("pdf"))
