"""Peers that stay warm, each in a process of its own so that its cost can be counted: `python -m bench.resident NAME`.

A line of JSON in, `{"article": path, "out": path}`, a line out, `{}` or `{"error": text}`. One browser is kept, with a new
page each time; Typst and Fullbleed are libraries in this process. These get the article as pandoc's command line writes it.
pandoc itself, kept, is `bench/kept.lua`.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import measure
from service.engines.pandoc.process import binary

Print = Callable[[Path, Path], object]
KEPT_PANDOC = Path(__file__).with_name("kept.lua")


class Resident:
    """The other end: a process that answers. Not for several threads."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def convert(self, article: Path, to: str, out: Path) -> None:  # noqa: ARG002 (the suffix of `out` says it)
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps({"article": str(article), "out": str(out)}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the warm peer is gone")
        if error := json.loads(line).get("error"):
            raise RuntimeError(error)

    def pids(self) -> list[int]:
        return [self.process.pid]

    def cpu(self) -> float:
        return measure.cpu(measure.tree(self.process.pid))


@contextlib.contextmanager
def running(name: str) -> Iterator[Resident]:
    argv = [binary(), "lua", str(KEPT_PANDOC)] if name == "pandoc" else [sys.executable, "-m", "bench.resident", name]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield Resident(process)
        finally:
            assert process.stdin
            process.stdin.close()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


@contextlib.contextmanager
def _chromium() -> Iterator[Print]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)

        def page(article: Path, out: Path) -> None:
            tab = browser.new_page()
            try:
                tab.goto(_by_pandoc(article, out.with_suffix(".html")).as_uri())
                tab.pdf(path=out)
            finally:
                tab.close()

        yield page
        browser.close()


@contextlib.contextmanager
def _typst() -> Iterator[Print]:
    import typst

    yield lambda article, out: typst.compile(str(_by_pandoc(article, out.with_suffix(".typ"))), output=str(out))


@contextlib.contextmanager
def _typst_kept() -> Iterator[Print]:
    """One compiler that looks for fonts once. It remembers what it has set before, down to single paragraphs."""
    import typst

    compiler = typst.Compiler(root="/")
    yield lambda article, out: compiler.compile(str(_by_pandoc(article, out.with_suffix(".typ"))), output=str(out))


@contextlib.contextmanager
def _fullbleed() -> Iterator[Print]:
    """One engine for all articles."""
    import fullbleed

    engine = fullbleed.PdfEngine()

    def page(article: Path, out: Path) -> None:
        html = _by_pandoc(article, out.with_suffix(".html")).read_text(encoding="utf-8")
        out.write_bytes(engine.render_pdf(html, ""))

    yield page


def _by_pandoc(article: Path, page: Path) -> Path:
    subprocess.run([binary(), "-f", "gfm", "-s", article, "-o", page], check=True, capture_output=True, timeout=120)
    return page


RESIDENTS: dict[str, Callable[[], contextlib.AbstractContextManager[Print]]] = {
    "chromium": _chromium,
    "typst": _typst,
    "typst-kept": _typst_kept,
    "fullbleed": _fullbleed,
}


def main() -> None:
    with RESIDENTS[sys.argv[1]]() as convert:
        for line in sys.stdin:
            asked, answer = json.loads(line), {}
            try:
                convert(Path(asked["article"]), Path(asked["out"]))
            except Exception as error:  # every exception of a library is a counted failure, and it continues
                answer = {"error": f"{type(error).__name__}: {error}"[:500]}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
