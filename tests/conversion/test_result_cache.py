"""The cache of results: the same artifact without a worker, and never one that something else would have given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.conversion.driver import Outcome
from service.conversion.result_cache import ResultCache
from service.model.document import Artifact, Asset, Conversion, Notice, Source
from service.model.settings import Settings

SOURCE = Source("a.md", b"# A", "text/markdown", "", (Asset("a.png", b"png"),))
CONVERSION = Conversion(("pdf",), toc=True)
NOTICE = Notice("image-unusable", "No image.", "warning", "assets", 3, None, {"name": "a.png"})
OUTCOME = Outcome(
    (Artifact("a.pdf", "pdf", "application/pdf", b"%PDF", (NOTICE,), {"verified": True}),), {"title": "A"}, (NOTICE,)
)


def cache(folder: Path, **settings: object) -> ResultCache:
    return ResultCache(Settings(data_dir=str(folder), **settings))


def test_an_outcome_is_given_back_whole(tmp_path: Path) -> None:
    first = cache(tmp_path)
    key = first.key(SOURCE, CONVERSION)
    assert first.get(key) is None
    first.put(key, OUTCOME)
    first.stop()
    second = cache(tmp_path)
    assert second.get(second.key(SOURCE, CONVERSION)) == OUTCOME


@pytest.mark.parametrize(
    "other",
    [
        (replace(SOURCE, data=b"# B"), CONVERSION),
        (replace(SOURCE, name="b.md"), CONVERSION),
        (replace(SOURCE, charset="gbk"), CONVERSION),
        (replace(SOURCE, assets=()), CONVERSION),
        (replace(SOURCE, assets=(Asset("a.png", b"other"),)), CONVERSION),
        (SOURCE, replace(CONVERSION, to=("epub",))),
        (SOURCE, replace(CONVERSION, toc=False)),
    ],
    ids=["bytes", "name", "charset", "no asset", "asset", "format", "option"],
)
def test_whatever_differs_has_a_key_of_its_own(tmp_path: Path, other: tuple[Source, Conversion]) -> None:
    here = cache(tmp_path)
    assert here.key(*other) != here.key(SOURCE, CONVERSION)


def test_other_limits_or_other_versions_have_other_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = cache(tmp_path).key(SOURCE, CONVERSION)
    assert cache(tmp_path, max_text=10).key(SOURCE, CONVERSION) != key
    monkeypatch.setattr("service.engines.installation.fingerprint", lambda: {"versions": {"pandoc": "99"}})
    assert cache(tmp_path).key(SOURCE, CONVERSION) != key


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=4), st.lists(st.binary(max_size=8), min_size=1, max_size=4))
def test_parts_are_not_confused(one: list[bytes], other: list[bytes]) -> None:
    here = ResultCache(Settings(data_dir="/nonexistent"))

    def key(parts: list[bytes]) -> str:
        assets = tuple(Asset("x", part) for part in parts[1:])
        return here.key(replace(SOURCE, data=parts[0], assets=assets), CONVERSION)

    assert (key(one) == key(other)) == (one == other)


def test_what_a_host_did_not_give_is_tried_again(tmp_path: Path) -> None:
    here = cache(tmp_path)
    here.put("ab" * 32, replace(OUTCOME, lasting=False))
    here.stop()
    assert here.get("ab" * 32) is None


def test_a_damaged_file_is_as_none(tmp_path: Path) -> None:
    here = cache(tmp_path)
    here.put("ab" * 32, OUTCOME)
    here.stop()
    [path] = here.files.folder.glob("*/*")
    for damaged in (path.read_bytes()[:-1], b"", b"x" * 100):
        path.write_bytes(damaged)
        assert here.get("ab" * 32) is None


def test_off_keeps_nothing(tmp_path: Path) -> None:
    here = ResultCache(Settings.from_env({"COLOPHON_CACHE": "off", "COLOPHON_DATA_DIR": str(tmp_path)}))
    key = here.key(SOURCE, CONVERSION)
    here.put(key, OUTCOME)
    here.stop()
    assert key == "" and here.get(key) is None and not list(tmp_path.iterdir())
