"""The targets of fuzzing: a row of TARGETS is a seed, a way to damage it, and a trial."""

from __future__ import annotations

import contextlib
import functools
import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from schemas import metadata, options
from service.conversion.driver import convert
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.input import frontmatter
from service.model.document import Source
from service.model.errors import ColophonError
from service.model.settings import Settings
from service.workers.pool import WorkerPool
from tests import active, hostile
from tests.bad_inputs import packed
from tests.fuzz.mutation import damaged, damaged_png, damaged_text, damaged_zip
from tests.readers import markups, office

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT / "examples" / "article.md"
FORMATS = ("epub", "docx", "html", "markdown", "ast", "pdf")
FRONT = "---\ntitle: 'A: b'\nauthors: [{name: A, orcid: 0000-0002-1825-0097}, B]\ndate: 2024-11-21T10:20:30+08:00\nlang: zh\nn: {a: [1, 2.5, null, yes]}\n---\n\nText.\n"  # noqa: E501


class Finding(Exception):
    """Results that no file may have."""


@dataclass(frozen=True)
class Target:
    """`seeds` are whole files; `name` is what the upload is called."""

    name: str
    seeds: Callable[[], list[bytes]]
    damage: Callable[[random.Random, bytes], bytes] = damaged
    wrap: Callable[[bytes], bytes] = bytes
    operation: str = "convert"


def _picture(kind: str) -> bytes:
    out = io.BytesIO()
    with Image.open(office.PICTURE) as image:
        image.convert("RGB").resize((64, 48)).save(out, kind)
    return out.getvalue()


def _bundled(name: str, data: bytes) -> bytes:
    return packed(("article.md", f"![x]({name})\n\ntext".encode()), (name, data))


@functools.cache
def _strangers(target: str) -> bytes:
    return office.strangers(target)


@functools.cache
def _ours(target: str) -> bytes:
    """An artifact with record and source inside."""
    settings = Settings()
    pandoc = Pandoc(settings)
    try:
        return office.ours(Engines(pandoc, settings), options.defaults, target)
    finally:
        pandoc.close()


def _hostile(reader: str) -> bytes:
    return hostile.SOURCES[reader][1]()


TARGETS: Mapping[str, Target] = {
    "front matter": Target("a.md", lambda: [FRONT.encode(), hostile.FRONT.encode()], damaged_text, operation="front matter"),
    "markdown": Target(
        "a.md", lambda: [ARTICLE.read_bytes()[:20_000], hostile.MARKDOWN.encode(), office.TEXT.encode()], damaged_text
    ),
    "html": Target(
        "a.html",
        lambda: [_hostile("html"), b"<!DOCTYPE html><html><body><table><tr><td colspan=2>a<td>b</table><ul><li>c"],
        damaged_text,
    ),
    "rst": Target("a.rst", lambda: [_hostile("rst"), markups.made("rst")], damaged_text),
    "org": Target("a.org", lambda: [_hostile("org"), markups.made("org")], damaged_text),
    "latex": Target("a.tex", lambda: [_hostile("latex"), markups.made("latex")[-8_000:]], damaged_text),
    "mediawiki": Target("a.wiki", lambda: [_hostile("mediawiki"), markups.made("mediawiki")], damaged_text),
    "asciidoc": Target("a.adoc", lambda: [_hostile("asciidoc"), markups.made("asciidoc")], damaged_text),
    "typst": Target("a.typ", lambda: [_hostile("typst"), markups.made("typst")[-8_000:]], damaged_text),
    "djot": Target("a.dj", lambda: [_hostile("djot"), markups.made("djot")], damaged_text),
    "textile": Target("a.textile", lambda: [_hostile("textile"), markups.made("textile")], damaged_text),
    "ipynb": Target("a.ipynb", lambda: [_hostile("ipynb"), markups.made("ipynb")], damaged_text),
    "text": Target("a.txt", lambda: [_hostile("text"), ARTICLE.read_bytes()[:8_000]], damaged_text),
    "csv": Target("a.csv", lambda: [_hostile("csv"), b"a;b\n1;2\n"], damaged_text),
    "jats": Target("a.jats", lambda: [_hostile("jats"), markups.made("jats")], damaged_text),
    "docbook": Target("a.dbk", lambda: [_hostile("docbook"), markups.made("docbook5")], damaged_text),
    "fb2": Target("a.fb2", lambda: [_hostile("fb2"), markups.made("fb2")], damaged_text),
    "mail": Target("a.eml", lambda: [_hostile("mail")], damaged_text),
    "enex": Target("a.enex", lambda: [_hostile("enex")], damaged_text),
    "rtf": Target("a.rtf", lambda: [_hostile("rtf"), markups.made("rtf")]),
    "docx": Target("a.docx", lambda: [_strangers("docx"), _hostile("docx")], damaged_zip),
    "epub": Target("a.epub", lambda: [_strangers("epub3"), _hostile("epub")], damaged_zip),
    "odt": Target("a.odt", lambda: [_strangers("odt"), _hostile("odt")], damaged_zip),
    "pptx": Target("a.pptx", lambda: [markups.made("pptx"), _hostile("pptx")], damaged_zip),
    "xlsx": Target("a.xlsx", lambda: [_hostile("xlsx")], damaged_zip),
    "zip": Target("a.zip", lambda: [_hostile("markdown")], damaged_zip),
    "png": Target("a.zip", lambda: [_picture("PNG")], damaged_png, functools.partial(_bundled, "a.png")),
    "jpeg": Target("a.zip", lambda: [_picture("JPEG")], damaged, functools.partial(_bundled, "a.jpg")),
    "gif": Target("a.zip", lambda: [_picture("GIF")], damaged, functools.partial(_bundled, "a.gif")),
    "webp": Target("a.zip", lambda: [_picture("WEBP")], damaged, functools.partial(_bundled, "a.webp")),
    "svg": Target("a.zip", lambda: [hostile.SVG.encode()], damaged, functools.partial(_bundled, "a.svg")),
    "inspect docx": Target("a.docx", lambda: [_strangers("docx"), _ours("docx")], damaged_zip, operation="inspect"),
    "inspect epub": Target("a.epub", lambda: [_strangers("epub3"), _ours("epub")], damaged_zip, operation="inspect"),
    "check docx": Target("a.docx", lambda: [_strangers("docx"), _ours("docx")], damaged_zip, operation="check"),
    "check epub": Target("a.epub", lambda: [_strangers("epub3"), _ours("epub")], damaged_zip, operation="check"),
    "check pdf": Target("a.pdf", lambda: [_ours("pdf")], operation="check"),
    "inspect pdf": Target("a.pdf", lambda: [_ours("pdf")], operation="inspect"),
}


def damaged_file(target: Target, chance: random.Random) -> bytes:
    return target.wrap(target.damage(chance, chance.choice(target.seeds())))


def tried(target: Target, data: bytes, chance: random.Random, pool: WorkerPool) -> str:
    """`ok` or the code of the problem. Raises Finding."""
    try:
        OPERATIONS[target.operation](target, data, chance, pool)
    except ColophonError as error:
        if error.status >= 500 and error.code != "deadline-exceeded":
            raise Finding(f"{error.code}: {str(error.__cause__)[-1500:]} {getattr(error, '__notes__', '')}") from error
        return error.code
    return "ok"


def _convert(target: Target, data: bytes, chance: random.Random, pool: WorkerPool) -> None:
    to = chance.choice(FORMATS)
    recipe = options.load(
        (to,), {"dialect": chance.choice(("auto", "gfm", "commonmark_x", "markdown")), "math": "on", "toc": True}
    )
    outcome = convert(Source(target.name, data), recipe, pool, lambda _: [])
    if to in active.LOOKS and (found := list(active.LOOKS[to](outcome.artifacts[0].data))):
        raise Finding(f"active content in {to}: {found[:5]}")


def _inspect(_: Target, data: bytes, chance: random.Random, pool: WorkerPool) -> None:
    for part in ("report", "source"):
        with contextlib.suppress(KeyError):
            pool.call("inspect", {"part": part}, [data])


def _check(_: Target, data: bytes, chance: random.Random, pool: WorkerPool) -> None:
    pool.call("check", {}, [data])


def _front_matter(_: Target, data: bytes, chance: random.Random, pool: WorkerPool) -> None:
    """In this very process: what raises is a bug here, and an internal error in a worker."""
    front = frontmatter.split(data.decode("utf-8", "replace"), chance.random() < 0.3)
    try:
        metadata.load(front.data)
    except ColophonError:
        raise
    except Exception as error:
        raise Finding(f"front matter: {error!r}") from error


OPERATIONS = {"convert": _convert, "inspect": _inspect, "check": _check, "front matter": _front_matter}
