"""Documents for the writers that make packages, and the validators of EPUB and DOCX."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from schemas import options
from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Asset, Author, Document, Metadata, Series, Source
from service.passes import assets

HERE = Path(__file__).parent
VALIDATORS = HERE.parent.parent / ".venv" / "validators" / "node_modules"
PICTURE = HERE.parent.parent / "examples" / "images" / "colophon.png"

TORTURE = r"""
Intro with math $x^2 + \frac{a}{b}$ and display

$$\sum_{i=1}^n i = \frac{n(n+1)}{2}$$

A note[^1], ~~struck~~, H~2~O, x^2^, [small]{.smallcaps}, [marked]{.mark}, <https://example.org>, **bold *both***.

## First & <second>

### 第二节 {#skip}

#### Deep

- [ ] open
- [x] done
    - nested
        1. one
        2. two

Term
:   Definition one

:   Definition two

| Left | Right | Centre |
|:-----|------:|:------:|
| 1    | 2     | 3      |
| averyveryveryveryveryveryveryveryveryveryveryveryveryverylongwordwithoutanybreakanywhereatall | b | c |

: A caption with *emphasis*

+---------------------+-----------+
| a                   | b         |
|                     |           |
| - x                 | > q       |
+=====================+===========+
| c                               |
+---------------------+-----------+

```python
def f(x):
    return x < 1 and "a" & 2  # comment
```

> Quote
>
> > nested

![An image](colophon.png "a title")

Inline ![a small one](colophon.png){width=30px} picture.

[مرحبا بالعالم]{lang=ar dir=rtl} and עברית. Emoji 😀 👩‍👩‍👧. 漢字 [日本語]{lang=ja}.

::: {.note #box}
A div.
:::

| line one
|    line two

[link to a section](#skip)

[^1]: A note with `code`, **bold**

    and a second paragraph.
"""
METADATA = Metadata(
    title='Torture <b>& "all"</b> ]]> 测试',
    subtitle="A *sub* title",
    authors=(Author("甲 & 乙"), Author("Jane Roe", sort="Roe, Jane"), Author("Max", role="translator")),
    date="2024-11-21T10:20:30+08:00",
    lang="en",
    description="What it is about.\nSecond line.",
    keywords=("one", "two, three"),
    categories=("tests",),
    source_url="https://example.org/torture?a=1&b=2",
    source_name="The Tester & Co",
    fetched_at="2025-10-06T19:16:36.499828",
    publisher="Nobody",
    rights="CC BY 4.0",
    license="https://creativecommons.org/licenses/by/4.0/",
    series=Series("Series", "3"),
    cover="colophon.png",
    custom={
        "自定义 键": "值",
        "count": 3,
        "ratio": 0.5,
        "draft": False,
        "seen": "2025-01-02T03:04:05Z",
        "nested": {"a": [1, None]},
        "empty": "",
    },
)


@pytest.fixture(scope="session")
def make_document(engines: Engines) -> Callable[..., Document]:
    """`make_document(text, title=…)`: a Document as the passes would leave it, with the example picture as an asset."""

    def make(text: str, metadata: Metadata = METADATA) -> Document:
        data, _ = engines.pandoc.read(text, "markdown-raw_html-yaml_metadata_block")
        blocks = pandoc_ast.loads(data)
        asset = Asset("colophon.png", PICTURE.read_bytes(), "image/png", 640, 360)
        source = Source("article.md", text.encode())
        document = Document(metadata, tuple(blocks), source, "markdown", assets={asset.name: asset})
        return assets.run(document, options.defaults("pdf"))

    return make


@pytest.fixture(scope="session")
def torture(make_document: Callable[..., Document]) -> Document:
    return make_document(TORTURE)


@pytest.fixture(scope="session")
def epubcheck() -> Callable[[Sequence[Path]], dict[str, list[str]]]:
    """Messages by file, for all files at once: the Java machine is what takes the time."""
    if not shutil.which("java"):
        pytest.skip("no Java for epubcheck (Debian: default-jre-headless)")

    def check(paths: Sequence[Path]) -> dict[str, list[str]]:
        argv = [sys.executable, str(HERE / "check_epub.py"), *map(str, paths)]
        answer = subprocess.run(argv, capture_output=True, check=True, text=True)
        found: dict[str, list[str]] = json.loads(answer.stdout.splitlines()[-1])
        return found

    return check


@pytest.fixture(scope="session")
def open_xml() -> Callable[[Path], list[str]]:
    """The errors of Microsoft's Open XML SDK in a DOCX, each with its part and path."""
    program = VALIDATORS / "@xarsh" / "ooxml-validator-linux-x64" / "ooxml-validator"
    if not program.is_file():
        pytest.skip("the validators are not installed (bin/setup --dev)")

    def check(path: Path) -> list[str]:
        done = subprocess.run([program, path], capture_output=True, check=False, text=True)
        found = json.loads(done.stdout)
        return [f"{each['description']} {each['path']} {each['xPath']}" for each in found["errors"]]

    return check


@pytest.fixture(scope="session")
def ace() -> Callable[[Path], list[str]]:
    """The findings of Ace by DAISY in an EPUB: "impact rule: description"."""
    program, browser = VALIDATORS / "@daisy" / "ace-cli" / "bin" / "ace.js", shutil.which("chromium")
    if not program.is_file() or not browser or not shutil.which("node"):
        pytest.skip("the validators, Chromium or Node.js are not installed (bin/setup --dev)")

    def check(path: Path) -> list[str]:
        folder = path.with_suffix(".ace")
        home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        environment = os.environ | home | {"PUPPETEER_EXECUTABLE_PATH": browser, "ACE_TIMEOUT_INITIAL": "120000"}
        folder.mkdir()
        argv = ["node", program, "--silent", "--outdir", folder / "report", path]
        done = subprocess.run(argv, capture_output=True, check=False, text=True, env=environment, timeout=280)
        report = folder / "report" / "report.json"
        assert report.is_file(), f"{done.stdout[-2000:]} {done.stderr[-2000:]}"
        parts = json.loads(report.read_text(encoding="utf-8"))["assertions"]
        return [
            f"{each['earl:test']['earl:impact']} {each['earl:test']['dct:title']}: {each['earl:result']['dct:description']}"
            for part in parts
            for each in part["assertions"]
        ]

    return check
