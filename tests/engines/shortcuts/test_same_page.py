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


def page(lang: str, body: str) -> str:
    return f"<html lang={lang} dir={'rtl' if lang == 'ar' else 'ltr'}><body><main>{body}"


PAGES = {
    "latin": page("en", "<h2>Title</h2>" + LATIN * 60),
    "marks": page("vi", "<p>Tiếng Việt, ẹ́ ä̃ i̧͜, ที่นี่ กำ, שָׁלוֹם, اَلسَّلَامُ, हिन्दी क्षि</p>" * 12),
    "spaced": page(
        "en",
        "<p style='letter-spacing: 1.5pt'>AVA To<p style='word-spacing: 3pt'>Ty. A V"
        "<p style='tab-size: 3; white-space: pre'>a\tb",
    ),
    "pictures": page("en", "<p>A 😀 and ☃ and &#x1f469;&#x200d;&#x1f467;, 1&#xfe0f;&#x20e3;, then a&#x200b;&shy;b&zwj;c." * 4),
    "without glyphs": page("en", "<p>A &#xe000;&#x10fff0; of no font, &#xe000;" * 3),
    "drawing": page(
        "en", "<svg width=200 height=60><text x=5 y=20 dx='1 2' rotate=8>Drawn <tspan fill=red>text</tspan></text></svg>"
    ),
    "painted": page(
        "en",
        "<p>A <span style='border: 1pt solid red; background: #eef'>b <em style='outline: 1pt dotted'>c</em></span>"
        " <span style='color: #f008'>d</span><span style='color: rgb(255 0 0 / 50%)'>e</span><span style='color: red'>f</span>"
        " <u style='visibility: hidden'>g</u> <span style='display: inline-block; border: 1pt solid'>h</span>"
        "<div style='columns: 2; column-rule: 1pt solid'><p>i j<p>k l</div><div style='opacity: .5; outline: 2pt solid blue'>m"
        "<p style='outline: 1pt solid; visibility: hidden'>n</div><blockquote style='border-left: 2pt solid; color: green'>o"
        "<p style='border: 3pt solid #0000; border-image: linear-gradient(red, blue) 1'>p<p style='position: relative'>q"
        "<p style='mask-border: linear-gradient(black, transparent) 30; border: 2pt solid'>r<p style='transform: rotate(3deg)'>s"
        "<p style='overflow: hidden; outline: thick double'>t<s>u</s><p style='box-shadow: 1pt 1pt 2pt red'>v" * 2,
    ),
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
    "cut off": page("en", f"<p style='width: 9em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap'>{CHINESE}"),
}


@pytest.mark.parametrize("name", PAGES)
def test_same_bytes(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", PLAIN, name], capture_output=True, check=True, cwd=ROOT)
    assert weasy.render(PAGES[name], [CSS], {}, identifier=b"x").data == done.stdout


def test_all_are_installed() -> None:
    rooms = Path(shortcuts.__file__).parent.glob("*.py")
    assert {each.stem for each in rooms} - {"__init__"} == {each.__name__.split(".")[-1] for each in shortcuts.SHORTCUTS}
