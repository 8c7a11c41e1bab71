"""The destination of `colophon convert`: a folder, one file (`-o FILE`), or standard output (`-o -`)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from service.model import formats
from service.model.document import Conversion
from service.model.formats import OUTPUT_FORMATS

STREAM = "-"


@dataclass(frozen=True, slots=True)
class Destination:
    """Either `folder`, in which each artifact is named after its source, or the one `file`; `-` is standard output."""

    folder: str = "."
    file: str = ""

    @property
    def is_stream(self) -> bool:
        return self.file == STREAM


def targets_of(targets: str, output: str) -> str:
    """`--to`, else the format that the suffix of `-o` names. Raises click.UsageError without both."""
    if found := targets or formats.target_of(output):
        return found
    known = ", ".join(OUTPUT_FORMATS)
    said = f"The suffix of {output!r} names no format. " if output and output != STREAM else ""
    raise click.UsageError(f"{said}Name the output formats with --to: {known}.")


def choose(output: str, folder: str, files: Sequence[str], conversion: Conversion) -> Destination:
    """The destination of `-o` and `--out`. Raises click.UsageError for one that does not fit the articles."""
    if output and folder:
        raise click.UsageError("Give either -o FILE or --out FOLDER.")
    single = len(conversion.to) == 1 and (len(files) == 1 or conversion.combine)
    if folder == STREAM:
        output, folder = STREAM, ""
        said = "--out -"
    else:
        said = f"-o {output}"
    if not output and not folder and list(files) == [STREAM] and single:
        output = STREAM
    if not output:
        return Destination(_folder(folder or "."))
    if not single:
        raise click.UsageError(
            f"{said} accepts one file and one format. For several articles use --out FOLDER, or --combine for one book."
        )
    if output == STREAM:
        _refuse_terminal(conversion.to[0])
    elif Path(output).is_dir():
        raise click.UsageError(f"{said}: this is a folder. Use --out {output}, or name a file in it.")
    elif any(file != STREAM and Path(file).resolve() == Path(output).resolve() for file in files):
        raise click.UsageError(f"{said} would overwrite the article.")
    return Destination(file=output)


def _folder(folder: str) -> str:
    path = Path(folder)
    if path.is_file() or (formats.target_of(folder) and not path.is_dir()):
        raise click.UsageError(f"--out {folder} must be a folder. For a single file use -o {folder}.")
    return folder


def _refuse_terminal(target: str) -> None:
    """Raises click.UsageError if a binary file would be written to a terminal."""
    if sys.stdout.isatty() and not OUTPUT_FORMATS[target].is_text:
        raise click.UsageError(f"{target} is not text and is not written to a terminal. Use -o FILE, or redirect the output.")
