"""The operations of a worker: one row for each.

The front calls an operation by its name, the pool uses its deadlines, the timings its stage. Only a worker imports the handler.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """`handler` is `module:function`: header, blobs and engines in, header and blobs out.

    `deadlines` names a setting for each step, in order; `book_deadlines` the settings for books of many articles. The
    stage of an operation has its name; `timing` describes it.
    """

    name: str
    handler: str
    deadlines: tuple[str, ...]
    timing: str
    book_deadlines: tuple[str, ...] = ()

    def steps(self, is_book: bool) -> tuple[str, ...]:
        return (self.book_deadlines if is_book else ()) or self.deadlines


OPERATIONS: Mapping[str, Operation] = {
    row.name: row
    for row in (
        Operation("convert", "service.pipeline.operations:serve_convert", ("read_deadline", "write_deadline"),
            "One source to one format in one call: waiting for a worker, and its work, which is `read` and `write`.",
            ("book_deadline", "book_deadline")),
        Operation("read", "service.pipeline.operations:serve_read", ("read_deadline",),
            "Reading one source; where it is a call of its own, waiting for a worker too.", ("book_deadline",)),
        Operation("write", "service.pipeline.operations:serve_write", ("write_deadline",),
            "Writing one format, `verify` too; where it is a call of its own, waiting for a worker too.", ("book_deadline",)),
        Operation("inspect", "service.inspect:serve_inspect", ("inspect_deadline",), "Reading the metadata of an artifact."),
        Operation("check", "service.inspect.check:serve_check", ("check_deadline",), "Checking a file."),
        Operation("reserve_signature", "service.writers.pdf.signature_field:serve_reserve", ("sign_deadline",),
            "Making the place of a signature in a PDF."),
        Operation("preview", "service.engines.preview:serve_preview", ("preview_deadline",),
            "Drawing a page of a PDF."),
        Operation("split", "service.pipeline.operations:serve_split", ("split_deadline",),
            "Taking an archive of articles apart."),
    )
}  # fmt: skip
