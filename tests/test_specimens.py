"""Each specimen in PDF, EPUB and DOCX: converted whole, with no notices but those that it is known for."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.pipeline import steps
from tools import specimens

NAMES = sorted(specimens.SPECIMENS)


def test_every_specimen_is_in_the_table_and_has_a_picture() -> None:
    assert sorted(file.stem for file in specimens.FOLDER.glob("*.md")) == NAMES
    pictures = sorted(f"{name}.{target}.png" for name in NAMES for target in specimens.SHOWN)
    assert sorted(file.name for file in specimens.PICTURES.glob("*.png")) == pictures
    assert sum(file.stat().st_size for file in specimens.PICTURES.glob("*.png")) < 3_000_000


@pytest.mark.parametrize("name", NAMES)
def test_specimen(name: str, engines: Engines) -> None:
    document = steps.read(specimens.source(name), specimens.recipe(name, "pdf"), engines)
    known = specimens.SPECIMENS[name].notices
    assert {each.code for each in document.notices} <= known | {"image-without-description"}
    for target in ("pdf", "epub", "docx"):
        made = steps.write(document, specimens.recipe(name, target), target, engines)
        reported = [each for each in made.notices if each.code not in known]
        assert [each for each in reported if each.code not in FONTS] == [], f"{name} as {target}"
        assert made.data


# A machine without the fonts of a script has other notices; what the pages look like there is not tested here.
FONTS = {"text-without-glyphs", "not-accessible"}
