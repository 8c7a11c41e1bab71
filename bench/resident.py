"""Peers that stay warm, each in a process of its own so that its cost can be counted: `python -m bench.resident chromium|typst`.

A line of JSON in, `{"article": path, "out": path}`, a line out, `{}` or `{"error": text}`. One browser is kept, with a new
page each time; Typst is a library in this process. Both are given what pandoc makes of the article.
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


class Resident:
    """The other end: a process that answers. Not for several threads."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def convert(self, article: Path, to: str, out: Path) -> None:  # noqa: ARG002 (they make PDF alone)
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
    argv = [sys.executable, "-m", "bench.resident", name]
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


def _by_pandoc(article: Path, page: Path) -> Path:
    subprocess.run([binary(), "-f", "gfm", "-s", article, "-o", page], check=True, capture_output=True, timeout=120)
    return page


RESIDENTS: dict[str, Callable[[], contextlib.AbstractContextManager[Print]]] = {
    "chromium": _chromium,
    "typst": _typst,
    "typst-kept": _typst_kept,
}


def main() -> None:
    with RESIDENTS[sys.argv[1]]() as convert:
        for line in sys.stdin:
            asked, answer = json.loads(line), {}
            try:
                convert(Path(asked["article"]), Path(asked["out"]))
            except Exception as error:  # whatever a library raises is a failure that is counted, and it goes on
                answer = {"error": f"{type(error).__name__}: {error}"[:500]}
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
