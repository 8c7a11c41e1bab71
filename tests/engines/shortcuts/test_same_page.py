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
# Rules whose elements are alike and matched differently, and rules that win or lose by layer, origin and importance.
AROUND = """
p:first-child { color: red } p:nth-child(3n+1) { margin-left: 1em } p + p { text-indent: 1em } div ~ p { color: green }
div > p.a { font-weight: bold } div p.a:not(.b) { font-style: italic } p:empty { border: 1pt solid }
:is(div, td) em { color: blue } p:has(b) { background: #eee } :lang(fr) em { letter-spacing: 1pt }
a[href^="#"]::after { content: " (" attr(href) ")" } #x { color: teal } p.a::before { content: counter(list-item) "§" }
p:last-of-type::first-letter { font-size: 2em } p.b::first-line { color: gray } .b { color: maroon !important }
p.b { color: navy } @layer base { p { color: olive; margin-top: 2pt } .c { margin-top: 9pt !important }
} [title~="t"] { text-transform: uppercase } .b::before { content: "b"; anchor: attr(title) }
div:first-of-type li:only-child { color: red } @media print { em em { font-size: .8em } } li::marker { color: teal }
li.c::marker { color: red } @page :first { @top-left { content: "1" } }
"""
ALIKE = (
    "<div><p class=a>One <em>and <em>more</em></em></p><p class='a b' title='s t'>Two</p><p></p><p>Three <b>b</b></p></div>"
    "<p class=b>After</p><p class=c style='color: lime; margin-left: 2em !important'>Own <em lang=fr>langue</em></p>"
    "<p class=c style=' '>Own</p><p>Four <a href='#x'>x</a><a id=x>here</a> <a name=y>y</a></p>"
    "<ul><li>Alone</ul><ul><li>One<svg width=9 height=5></svg><li class=c style='color: teal'>Two<ul><li>Three</ul></ul>"
    "<table><tr><td>A <em>b</em><td lang=fr>A <em>b</em></table><K>ſ</K>"
)
# Pages told apart by side, place, name, number and content, and margin boxes that count, quote and measure the page.
SHEETS = """
@page { size: 12cm 16cm; margin: 2cm 8vw; @bottom-center { content: counter(page) " of " counter(pages); width: 20vw } }
@page :first { margin-top: 10vh } @page :left { @top-left { content: string(part); counter-increment: odd 2 pages } }
@page :right { @top-right { content: counter(odd) open-quote } } @page :nth(3n) { @bottom-left { content: "third" } }
@page part { counter-increment: page 2; @footnote { border-top: 1pt solid } } @page :blank { @top-center { content: "blank" } }
section { page: part; break-before: recto; string-set: part "Part" counter(page) } em { float: footnote }
"""


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
    "rules that look around": page("en", f"<style>{AROUND}</style>" + ALIKE * 3),
    "kinds of pages": page("en", f"<style>{SHEETS}</style>" + f"<section><h2>Part</h2>{LATIN * 90}</section>" * 3),
    "cut off": page("en", f"<p style='width: 9em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap'>{CHINESE}"),
}


@pytest.mark.parametrize("name", PAGES)
def test_same_bytes(name: str) -> None:
    done = subprocess.run([sys.executable, "-c", PLAIN, name], capture_output=True, check=True, cwd=ROOT)
    assert weasy.render(PAGES[name], [CSS], {}, identifier=b"x").data == done.stdout


def test_all_are_installed() -> None:
    rooms = Path(shortcuts.__file__).parent.glob("*.py")
    assert {each.stem for each in rooms} - {"__init__"} == {each.__name__.split(".")[-1] for each in shortcuts.SHORTCUTS}
