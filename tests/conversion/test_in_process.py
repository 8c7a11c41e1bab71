"""A converter without workers gives what the pool gives, and the same problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.conversion.converter import Converter, PoolConverter
from service.conversion.in_process import InProcessConverter
from service.model.document import Conversion, Source
from service.model.errors import DeadlineExceeded, Draining, EmptyDocument, Internal, TooComplex
from service.model.settings import Settings
from service.workers import in_process
from service.workers.cancellation import Cancellation, Cancelled

ARTICLE = "---\ntitle: The same\nauthor: A. Writer\n---\n\n# The same\n\nA word, and $x^2$.\n\n| a | b |\n|--|--|\n| 1 | 2 |\n"


@pytest.fixture(scope="module")
def converter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessConverter]:
    with InProcessConverter(Settings(data_dir=str(tmp_path_factory.mktemp("here")), cache=0)) as started:
        yield started


def test_the_same_bytes_as_from_the_pool(converter: Converter, conversion: Callable[..., Conversion], tmp_path: Path) -> None:
    source, wanted = Source("a.md", ARTICLE.encode()), conversion("pdf", "epub", "docx")
    with PoolConverter(Settings(data_dir=str(tmp_path), workers=1, cache=0), spares=0) as pool:
        there, _ = pool.convert(source, wanted)
    here, _ = converter.convert(source, wanted)
    assert here == there


def test_problems_are_the_same(converter: Converter, conversion: Callable[..., Conversion]) -> None:
    with pytest.raises(EmptyDocument):
        converter.convert(Source("a.md", b" "), conversion("epub"))


@pytest.mark.parametrize(
    ("error", "expected"), [(RecursionError(), TooComplex), (MemoryError(), TooComplex), (KeyError("x"), Internal)]
)
def test_no_other_error_comes_out(
    converter: Converter,
    conversion: Callable[..., Conversion],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    expected: type[Exception],
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(in_process, "OPERATIONS", {"convert": fail})
    with pytest.raises(expected) as caught:
        converter.convert(Source("a.md", b"a"), conversion("epub"))
    assert caught.value.__cause__ is error


def test_a_lost_pandoc_is_replaced(converter: InProcessConverter, conversion: Callable[..., Conversion]) -> None:
    wanted = conversion("docx")
    before, _ = converter.convert(Source("a.md", b"a"), wanted)
    engines = converter.workers._engines
    assert engines is not None
    engines.pandoc.close()
    assert converter.convert(Source("a.md", b"a"), wanted)[0] == before


def test_the_callers_deadline_and_cancellation(converter: Converter, conversion: Callable[..., Conversion]) -> None:
    with pytest.raises(DeadlineExceeded):
        converter.convert(Source("a.md", b"a"), conversion("epub"), deadline=0.0)
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Cancelled):
        converter.convert(Source("a.md", b"a"), conversion("epub"), cancellation=cancellation)


def test_after_its_end_nothing_is_converted(tmp_path: Path, conversion: Callable[..., Conversion]) -> None:
    converter = InProcessConverter(Settings(data_dir=str(tmp_path), cache=0))
    converter.stop()
    converter.stop()
    with pytest.raises(Draining):
        converter.convert(Source("a.md", b"a"), conversion("epub"))
