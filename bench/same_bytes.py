"""The bytes of real articles, as hashes: `python -m bench.same_bytes FOLDER > before.txt`, and again after a change.

`diff` of two such files shows which artifacts a change alters. A change of structure alters none. Every article becomes an
EPUB and a DOCX, every sixth a PDF too. Remote images stay links, so no network is needed. The version number is part
of the artifacts; compare runs of one version only. With `--code FOLDER` the code of another checkout converts.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EVERY = 6  # one article in six is printed: 67 of 400


def convert(code: Path, sources: list[Path], formats: str, out: Path) -> None:
    """Converts `sources` with the code in `code`. Exit code 1 means that some articles failed; the hashes show which."""
    command = [sys.executable, "-m", "service.cli", "batch", *map(str, sources)]
    options = ["--to", formats, "--out", str(out), "--images", "link", "--workers", "1"]
    done = subprocess.run([*command, *options], cwd=code, check=False, stdout=subprocess.DEVNULL)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"batch ended with {done.returncode}")


def hashes(out: Path) -> Iterator[str]:
    """A line for each artifact below `out`: SHA-256 and name."""
    for path in sorted(out.rglob("*")):
        if path.suffix in {".pdf", ".epub", ".docx"}:
            yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of articles (*.md)")
    parser.add_argument("--code", type=Path, default=ROOT, help="checkout whose code converts")
    arguments = parser.parse_args()
    sources = sorted(arguments.folder.resolve().glob("*.md"))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        convert(arguments.code, sources, "epub,docx", out / "books")
        convert(arguments.code, sources[::EVERY], "pdf", out / "pages")
        lines = [*hashes(out / "books"), *hashes(out / "pages")]
    print("\n".join(lines))
    print(f"{len(lines)} artifacts of {len(sources)} articles", file=sys.stderr)


if __name__ == "__main__":
    main()
