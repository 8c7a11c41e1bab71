"""Where the time of one conversion goes, stage by stage: `python -m bench.profile [ARTICLE] [--to pdf,epub,docx]`.

Each round asks a warm service over HTTP, then does the same conversion in this very process with the functions of STAGES
timed. What the service takes beyond that is HTTP, its queue, and the pipes to a worker. Each is the least of all rounds.
Without arguments it writes its section of bench/results.json.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import inputs, render, spans
from bench.contest import FORMATS
from bench.ours import Service, service
from bench.results import Results, made
from schemas import options
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.engines.weasyprint import rendering
from service.model import codec, frames
from service.model.document import Source
from service.model.settings import Settings
from service.pipeline import operations
from service.workers import child

ENGINES, OVERHEAD, OURS = "engines", "overhead", "the file's own"
DURATION = re.compile(r"total;dur=([\d.]+)")


@dataclass(frozen=True, slots=True)
class Stage:
    """`kind`: an engine's own time, overhead, or what makes the file more than the engine's: metadata, record, structure."""

    name: str
    kind: str
    targets: tuple[str, ...] = ()


STAGES: tuple[Stage, ...] = (
    Stage("HTTP", OVERHEAD),
    Stage("queue and pipes", OVERHEAD),
    Stage("frames packed and unpacked", OVERHEAD, ("service.pipeline.operations:serve_convert",)),
    Stage("decoding", OVERHEAD, ("service.input.encoding:decode",)),
    Stage("front matter", OVERHEAD, ("service.input.frontmatter:split", "schemas.metadata:load")),
    Stage("reader, around the parser", OVERHEAD, ("service.pipeline.operations:read",)),
    Stage("source parsed", ENGINES, ("comrak:parse_document", "service.engines.pandoc.process:Pandoc.read")),
    Stage("passes", OVERHEAD, ("service.pipeline.steps:_run_passes",)),
    Stage("images fitted", OVERHEAD, ("service.engines.images.fitting:fit",)),
    Stage("writer, around the engine", OURS, ("service.pipeline.operations:write",)),
    Stage(
        "pandoc writes",
        ENGINES,
        ("service.engines.pandoc.process:Pandoc.writing", "service.engines.pandoc.process:Pandoc._written"),
    ),
    Stage("page built", OURS, ("service.writers.page:build",)),
    Stage("packages", OURS, ("service.writers.docx.builder:build", "service.writers.epub.builder:build")),
    Stage("packages unpacked", OURS, ("service.writers.docx:unpack",)),
    Stage("WeasyPrint: HTML parsed", ENGINES, ("weasyprint:HTML.__init__",)),
    Stage("WeasyPrint: styles", ENGINES, ("weasyprint.document:get_all_computed_styles",)),
    Stage("WeasyPrint: boxes", ENGINES, ("weasyprint.document:build_formatting_structure",)),
    Stage("WeasyPrint: layout", ENGINES, ("weasyprint.document:Document._render",)),
    Stage("WeasyPrint: drawing", ENGINES, ("weasyprint.document:generate_pdf",)),
    Stage("WeasyPrint: fonts subset", ENGINES, ("weasyprint.pdf:build_fonts_dictionary",)),
    Stage(
        "WeasyPrint: compressed and put together",
        ENGINES,
        ("pydyf:PDF.write", "service.engines.weasyprint.pdf.serialization:pack"),
    ),
    Stage(
        "tags and fonts fixed",
        OURS,
        ("service.engines.weasyprint.pdf.font_cleaning:slim", "service.engines.weasyprint.pdf.tag_tree:fix"),
    ),
    Stage("metadata and attachments", OURS, ("service.writers.pdf.metadata:xmp", "service.writers.pdf.metadata:attachments")),
    Stage("verified", OVERHEAD, ("service.inspect.verification:verify",)),
)


def in_process(source: Source, to: str, engines: Engines) -> None:
    """The work of a worker for one conversion, with the frames of its pipes."""
    conversion = options.load((to,), {"images": "link"})
    parts = codec.Blobs()
    header = {
        "source": codec.pack_source(source, parts),
        "conversion": codec.pack_conversion(conversion),
        "target": to,
        "theme": None,
    }
    header, blobs = _piped(header, parts)
    _piped(*operations.serve_convert(header, blobs, engines))


def _piped(header: Mapping[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    stream = io.BytesIO()
    frames.send(stream, header, blobs)
    stream.seek(0)
    return frames.receive(stream)


def rounds(data: bytes, to: str, count: int, running: Service, engines: Engines) -> Iterator[dict[str, float]]:
    """Seconds by stage, of one conversion each; the first three warm up and are left out."""
    clock, source = spans.Clock(), Source("article.md", data)
    with spans.watching(clock, {stage.name: stage.targets for stage in STAGES if stage.targets}):
        for number in range(count + 3):
            began = time.perf_counter()
            answer = running.ask(data, to)
            asked = time.perf_counter() - began
            match = DURATION.search(answer.headers["Server-Timing"])
            assert match, "the service reports no time"
            served = float(match[1]) / 1000
            clock.reset()
            began = time.perf_counter()
            in_process(source, to, engines)
            worked = time.perf_counter() - began
            if number >= 3:
                yield {"HTTP": asked - served, "served": served, "worked": worked, **clock.spent, "all": asked}


def rows(found: list[dict[str, float]], to: str) -> list[dict[str, Any]]:
    """A row a stage, and one of all: its `overhead` is that of all overhead to the engines' own time."""
    least = {name: min(each[name] for each in found) for name in found[0]}
    least["queue and pipes"] = least["served"] - least["worked"]
    kinds = {kind: sum(least.get(each.name, 0.0) for each in STAGES if each.kind == kind) for kind in (ENGINES, OVERHEAD, OURS)}
    lines = [(each.name, each.kind, least[each.name]) for each in STAGES if each.name in least]
    lines += [(f"**{kind}**", "", seconds) for kind, seconds in kinds.items()]
    made: list[dict[str, Any]] = [
        {"format": to, "stage": name, "kind": kind, "least": seconds, "share": seconds / least["all"]}
        for name, kind, seconds in lines
    ]
    return [*made, {"format": to, "stage": "**all**", "least": least["all"], "overhead": kinds[OVERHEAD] / kinds[ENGINES]}]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("article", type=Path, nargs="?", help="[COLOPHON_SEED, ../shared/seed, else the example]")
    parser.add_argument("--to", default="", help="formats, separated by commas [docx,epub,pdf]")
    parser.add_argument("--runs", type=int, default=20)
    given = parser.parse_args()
    whole = given.article is None and not given.to
    origin, seed = made("python -m bench.profile"), inputs.find(given.article)
    data, found = inputs.cleaned(seed.seed.read_bytes()).encode(), []
    with tempfile.TemporaryDirectory() as folder, service() as running:
        settings = Settings(data_dir=folder)
        engines = Engines(pandoc=Pandoc(settings), settings=settings)
        rendering.warm([])
        child.spare_the_collector()  # as in a worker
        for to in given.to.split(",") if given.to else FORMATS:
            found += rows(list(rounds(data, to, given.runs, running, engines)), to)
        engines.pandoc.close()
    columns = ("format", "stage", "kind", "least", "share", "overhead")
    notes = [
        f"{seed.seed_name.capitalize()}: each stage without the stages inside it, the least of {given.runs}. The stages"
        " were timed in one process; HTTP, queue and pipes are what a service takes beyond them."
    ]
    Results(trial=not whole).save("profile", "Where the time goes", columns=columns, rows=found, notes=notes, made=origin)
    print("\n".join(render.rows(columns, found)))


if __name__ == "__main__":
    main()
