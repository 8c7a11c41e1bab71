"""DOCX: files made by another program, and our own given back."""

from __future__ import annotations

import io
import zipfile

import pytest

from service.engines import Engines
from service.errors import Refused
from tests.readers import office


def test_strangers_file(engines: Engines, conversion: office.Recipe) -> None:
    office.check(engines, conversion, "docx", "docx")


def test_ours_gives_its_front_matter_back(engines: Engines, conversion: office.Recipe) -> None:
    document = office.read(office.ours(engines, conversion, "docx"), "docx", engines, conversion("docx"))
    assert document.metadata.custom == {"shelf": {"row": 2}}
    assert office.said(document) == "Text."


def test_damaged_file_is_refused(engines: Engines, conversion: office.Recipe) -> None:
    data = office.strangers("docx")
    with pytest.raises(Refused):
        office.read(data[: len(data) // 2], "docx", engines, conversion("pdf"))


def test_tracked_changes_are_accepted(engines: Engines, conversion: office.Recipe) -> None:
    who = 'w:id="7" w:author="Ada" w:date="2026-05-04T00:00:00Z"'
    changed = f"<w:del {who}><w:r><w:delText>struck</w:delText></w:r></w:del><w:ins {who}><w:r><w:t>put in</w:t></w:r></w:ins>"
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office.strangers("docx"))) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                text = data.decode()
                assert text.count(">one<") == 1, "the run of the list's first item"
                start = text.rindex("<w:r>", 0, text.index(">one<"))
                end = text.index("</w:r>", start) + len("</w:r>")
                data = (text[:start] + changed + text[end:]).encode()
            new.writestr(name, data)
    said = office.said(office.read(packed.getvalue(), "docx", engines, conversion("pdf")))
    assert "put in" in said and "struck" not in said
