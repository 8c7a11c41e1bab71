"""What was made faster inside WeasyPrint changes no byte of what it prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.engines import shortcuts, weasy

ROOT = Path(__file__).resolve().parent.parent.parent.parent
CSS = (ROOT / "service/profiles/article/print.css").read_text(encoding="utf-8")
PLAIN = """
import sys
from service.engines import shortcuts
shortcuts.install = lambda: None
from service.engines import weasy
from tests.engines.shortcuts.test_same_page import CSS, PAGES
sys.stdout.buffer.write(weasy.render(PAGES[sys.argv[1]], [CSS], {}, identifier=b"x").data)
"""
ROWS = "<tr><td>a-long-name/of a thing<td>湖边的灯塔 and *more*, fluffily</tr>" * 20
CHINESE = "一段中文：字与字之间不加空格，标点“不”在行首。ABC 与数字 42。"
JAPANESE = "日本語の文章は、かなと漢字をまぜて書く。「かぎかっこ」もある。"
NARROW = "很窄的一栏文字也要断行很窄的一栏文字也要断行"
ARABIC = "النص العربي يجري من اليمين إلى اليسار، ومعه رقم 42. "
LATIN = "<p>Words of several lengths, <em>some</em> of them hyphenated.</p>"
WORDS = (
    "Office fluffily AVATAR-like well-known/unknown “quoted” ’tis l’état e.g. 1,000.50 2019–2020 — characteristically (in"
    " parentheses) incomprehensibilities; extraordinary! naïve Straße… U.S.A. internationalization of words, once-and-for-all."
)
MEASURES = [(width, align) for width in (5, 9, 12.5, 17, 23, 31) for align in ("justify", "left")]
GERMAN = "Donaudampfschifffahrtsgesellschaft und Straßenbahnhaltestelle: „Größe“ ist überraschend. "
POLISH = "Zażółć gęślą jaźń, a potem niezwykłe doświadczenie przyrodnicze. "
FRENCH = "« Aujourd’hui ! », dit-elle ; l’extraordinaire développement. "


def page(lang: str, body: str) -> str:
    return f"<html lang={lang} dir={'rtl' if lang == 'ar' else 'ltr'}><body><main>{body}"


PAGES = {
    "latin": page("en", "<h2>Title</h2>" + LATIN * 60),
    "chinese": page("zh-Hans", "<h2>标题</h2>" + f"<p>{CHINESE * 40}</p>" * 5),
    "japanese": page("ja", f"<p>{JAPANESE * 60}</p>"),
    "table": page("en", f"<table><tr><th>Name<th>What</tr>{ROWS}</table>" * 3),
    "narrow": page("zh", f"<div style='width: 3em'>{NARROW}</div>"),
    "right to left": page("ar", f"<p>{ARABIC * 20}</p>"),
    "justified": page("en", f"<div style='text-align: justify; width: 14em'>{LATIN * 20}<p>{CHINESE * 8}</div>"),
    "lines of code": page("en", "<pre><code>" + "def f(x):\n\treturn x  # ffi\n" * 40 + "</code></pre>"),
    "breaks": page("en", "<p>One<br>two&#8232;three&#8233;four <u>under <s>struck</s></u> <small>fi fl</small></p>" * 9),
    "flexible": page("en", "<div style='display: flex; width: 90%'><p style='padding: 2%'>A b c<p>D e f</div>" * 5),
    "lists and notes": page(
        "en",
        "<ul><li>One<ol start=7><li>Two<li>Three</ol></ul><p>A<span class=note>Note</span></p><dl><dt>T<dd>D</dl>"
        "<style>.note { float: footnote } p { margin-block: 3pt 7pt; padding-inline-start: 1em; border-left: 2pt solid }"
        " li { border-inline-end: 1pt dotted; border-top-style: solid }</style>" * 3,
    ),
    "words": page("en", "".join(f"<p style='width: {width}em; text-align: {align}'>{WORDS}" for width, align in MEASURES)),
    "words of other languages": page(
        "de", f"<p>{GERMAN * 4}<p lang=pl>{POLISH * 4}<p lang=fr>{FRENCH * 6}<p lang=el>Ο φάρος and then {WORDS}"
    ),
    "words of other kinds": page(
        "en",
        f"<div style='width: 13em'><p style='letter-spacing: 1pt'>{WORDS}<p style='word-spacing: 2pt'>{WORDS}<p class=smallcaps>"
        f"{WORDS}<p style='hyphens: none; overflow-wrap: normal'>{WORDS}<p style='hyphenate-limit-zone: 3em'>{WORDS}"
        f"<p>12 34. 56–78<p>(90) 12 34 56<p style='white-space: pre-wrap'>two  spaces {WORDS}"
        f"<p style='font-family: DejaVu Sans'>{WORDS}<p><a href=https://example.org>{WORDS}</a></div>",
    ),
    "figures": page(
        "en",
        "<style>p { width: 13em } .old { font-variant-numeric: oldstyle-nums tabular-nums }"
        " .half { font-variant-numeric: diagonal-fractions }"
        "</style>"
        + "".join(
            f"<p class={each}>In 1847 and 1/2, {WORDS}<p class={each}>1847<ol><li>One<li>Two</ol>" for each in ("old", "half")
        ),
    ),
    "cut off": page("en", f"<p style='width: 9em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap'>{CHINESE}"),
}


@pytest.mark.parametrize("name", PAGES)
def test_same_bytes(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", PLAIN, name], capture_output=True, check=True, cwd=ROOT)
    assert weasy.render(PAGES[name], [CSS], {}, identifier=b"x").data == done.stdout


def test_all_are_installed() -> None:
    rooms = Path(shortcuts.__file__).parent.glob("*.py")
    assert {each.stem for each in rooms} - {"__init__", "faces"} == {each.__name__.split(".")[-1] for each in shortcuts.SHORTCUTS}
