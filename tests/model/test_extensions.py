"""Entry points of other distributions: which are listed, which are loaded, and what is said of one that cannot be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from service.model import extensions
from service.passes.base import Pass

POINTS = """
[colophon.passes]
quiet = colophon_made_up:QUIET
named_otherwise = colophon_made_up:OTHER
broken = colophon_made_up:MISSING
Not-A-Name = colophon_made_up:QUIET

[colophon.readers]
markdown = colophon_made_up:MARKDOWN
srt = colophon_made_up:NUMBER

[colophon.profiles]
poster = colophon_poster
nowhere = colophon_nowhere
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    about = tmp_path / "made_up-2.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: made-up\nVersion: 2.0\n")
    (about / "entry_points.txt").write_text(POINTS)
    (tmp_path / "colophon_poster").mkdir()
    (tmp_path / "colophon_poster" / "__init__.py").write_text("raise SystemExit('a profile is never imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    module = ModuleType("colophon_made_up")
    module.__dict__.update(QUIET=Pass("quiet", "read", lambda document, _: document), NUMBER=1)
    module.__dict__["OTHER"] = module.__dict__["QUIET"]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    extensions.installed.cache_clear()
    yield module
    extensions.installed.cache_clear()


@pytest.mark.usefixtures("installed")
def test_every_group_is_listed_with_its_distribution() -> None:
    names = [(each.group, each.name, each.distribution, each.version) for each in extensions.installed()]
    assert ("colophon.passes", "quiet", "made-up", "2.0") in names
    assert {name for _, name, _, _ in names} == {
        "quiet", "named_otherwise", "broken", "markdown", "srt", "poster", "nowhere",
    }  # fmt: skip


@pytest.mark.usefixtures("installed")
def test_what_is_built_in_stays() -> None:
    assert list(extensions.of(extensions.READERS, {"markdown"})) == ["srt"]


def test_a_pass_is_loaded(installed: ModuleType) -> None:
    assert extensions.load(extensions.PASSES, Pass, {"broken", "named_otherwise"}) == {"quiet": installed.QUIET}


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("group", "known", "message"),
    [
        (extensions.PASSES, {"named_otherwise", "quiet"}, "'broken' of made-up 2.0 cannot be loaded"),
        (extensions.PASSES, {"broken", "quiet"}, "must be a Pass with the name 'named_otherwise'"),
        (extensions.READERS, {"markdown"}, "'srt' of made-up 2.0 must be a Pass"),
    ],
)
def test_what_cannot_be_loaded_names_its_distribution(group: str, known: set[str], message: str) -> None:
    with pytest.raises(ImportError, match=message):
        extensions.load(group, Pass, known)


def test_a_profile_is_found_without_an_import(installed: ModuleType, tmp_path: Path) -> None:
    assert extensions.profile_folders(()) == {"poster": tmp_path / "colophon_poster"}
