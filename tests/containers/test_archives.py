"""The limits of an archive's directory, for documents as for bundles (see test_bundle.py)."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from service.containers import archives
from service.model.errors import ArchiveTooLarge, ColophonError, UnsafeArchive
from service.model.settings import Settings
from tests.bad_inputs import packed

SETTINGS = Settings(bundle_entries=10, bundle_unpacked=2_000_000, bundle_ratio=50)


def checked(*entries: tuple[str, bytes], **info: Any) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(packed(*entries, **info))) as archive:
        members = archives.checked(archive.infolist(), SETTINGS)
        archives.inflated(archive, members, SETTINGS)
        return list(members)


def test_good_names_stay_and_clutter_goes() -> None:
    assert checked(("word/document.xml", b"<a/>"), ("图/灯塔.png", b"x"), ("__MACOSX/._a", b"")) == [
        "word/document.xml",
        "图/灯塔.png",
    ]


@pytest.mark.parametrize(
    ("entries", "info", "error"),
    [
        ([("../a", b"")], {}, UnsafeArchive),
        ([("/a", b"")], {}, UnsafeArchive),
        ([("C:/a", b"")], {}, UnsafeArchive),
        ([("a\\b", b"")], {}, UnsafeArchive),
        ([("a", b""), ("A", b"")], {}, UnsafeArchive),
        ([("a", b"/etc/passwd")], {"external_attr": 0o120777 << 16}, UnsafeArchive),
        ([("a", b"x" * 99)], {"method": zipfile.ZIP_LZMA}, UnsafeArchive),
        ([(f"{number}", b"") for number in range(11)], {}, ArchiveTooLarge),
        ([("a", b"\0" * 2_000_001)], {}, ArchiveTooLarge),
        ([("a", b"\0" * 1_500_000)], {}, ArchiveTooLarge),
    ],
)
def test_refused(entries: list[tuple[str, bytes]], info: dict[str, Any], error: type[ColophonError]) -> None:
    with pytest.raises(error):
        checked(*entries, **info)
