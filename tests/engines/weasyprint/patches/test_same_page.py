"""Faster code inside WeasyPrint changes no byte of its PDF."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.engines.weasyprint import patches

ROOT = Path(__file__).resolve().parents[4]
CSS = (ROOT / "service/model/profiles/article/print.css").read_text(encoding="utf-8")
PRINTED = """
import pickle, sys
from service.engines.weasyprint import patches, rendering
from tests.engines.weasyprint.patches.test_same_page import CSS, PAGES
patches.install(speed=sys.argv[1] == "on")
made = {name: rendering.render(page, [CSS], {}, identifier=b"x").data for name, page in PAGES.items()}
sys.stdout.buffer.write(pickle.dumps(made))
"""
# Two processes print all pages, one of them without patches: a busy machine takes minutes.
pytestmark = pytest.mark.timeout(1800)
PATIENT = {"COLOPHON_READ_DEADLINE": "600", "COLOPHON_WRITE_DEADLINE": "600"}
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
EMOJI = "😀→🎉👩‍🚀🇩🇪1️⃣ ❤️"
ENDLESS = "characteristically" * 18
UNBROKEN = (
    f"<p>Before {ENDLESS} after<p>{ENDLESS.upper()} <b>{ENDLESS}</b><p>A b<em>{ENDLESS}</em><code>{ENDLESS}</code>"
    f"<p lang=ru>{'достопримечательность' * 15} и<p lang=ar>{'الاستقلالية' * 28}"
    f"<p>{'AVATAR–fluffily/' * 22}<p lang=hu>{'asszonnyal' * 30}"
    f"<p>{'extra&shy;ordinary' * 24}<p>{'unbreakable&nbsp;spaces&nbsp;' * 16}<p>{'a&#x300;' * 200}<p>{'湖边' * 200}{ENDLESS}"
    f"<p style='white-space: pre-wrap'>{ENDLESS}\n{ENDLESS}<p style='overflow-wrap: normal'>{ENDLESS} b<p>{'1234567890' * 30}"
    f"<p style='word-break: break-all'>a {ENDLESS}<p style='letter-spacing: 1pt; white-space: nowrap'>{ENDLESS}"
    f"<table><tr><td>{ENDLESS}<td>a<td style='overflow-wrap: anywhere'>{ENDLESS}</table>"
)
# Rules whose elements are alike and matched differently, and rules that win or lose by layer, origin and importance.
AROUND = """
p:first-child { color: red } p:nth-child(3n+1) { margin-left: 1em } p + p { text-indent: 1em } div ~ p { color: green }
div > p.a { font-weight: bold } div p.a:not(.b) { font-style: italic } p:empty { border: 1pt solid }
:is(div, td) em { color: blue } p:has(b) { background: #eee } :lang(fr) em { letter-spacing: 1pt }
a[href^="#"]::after { content: " (" attr(href) ")" } #x { color: teal } p.a::before { content: counter(list-item) "§" }
p:last-of-type::first-letter { font-size: 2em } p.b::first-line { color: gray } .b { color: maroon !important }
p.b { color: navy } @layer base { p { color: olive; margin-top: 2pt } .c { margin-top: 9pt !important }
} [title~="t"] { text-transform: uppercase } .b::before { content: "b"; -weasy-anchor: "y" }
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
# Pages distinguished by side, place, name, number and content, and margin boxes that count, quote and measure the page.
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
    "short texts": page(
        "zh",
        "<style>.a { width: 5em } .b { width: 0; overflow-wrap: anywhere } .c { white-space: nowrap; width: 2em }"
        " .d { letter-spacing: 1pt; word-spacing: 2pt } .e { direction: rtl } .f { text-align: justify; width: 9.5em }"
        " .g { font-size: 0.5px } .h { text-decoration: underline } ul ul { list-style: circle } ul ul ul { list-style: square }"
        " td { max-width: 4em }</style>"
        + "".join(
            f"<div class={each}><ul><li>灯塔<ul><li>Б и<ul><li>α — ω<li>灯塔 </ul><li>Б и</ul></ul><p>（灯） <b>塔。 </b>a 灯 b"
            "<u>灯塔</u><p>عربي و<i>عربي</i> 12<p>soft&shy;ly 灯&shy;塔<p>😀 😀"
            "<p>○<br>○ ○<table><tr><td>湖边的灯塔<td>→</table></div>"
            for each in "abcdefgh"
        ),
    ),
    "lines ended by their author": page(
        "en",
        "<style>pre { width: 12em } .b { hyphens: auto } .c { overflow-wrap: anywhere; width: 3em } .d { white-space: pre }"
        " .e { white-space: pre-line; text-align: justify } .f { font-size: 0 } .g { width: 0; text-indent: -2em }</style>"
        + "".join(
            f"<pre class={each}>\n\nfor each in many:  \n    yield <b>each</b>\n}}\n  \n\n<i>\n</i>12\n() extraordinarily long\n"
            f"soft&shy;ly\n&shy;softly, naïve\nß{CHINESE}\n\ttab\n<s>struck\n</s>e\n{WORDS}\n</pre>"
            for each in "abcdefg"
        )
        + "<p>A<br>b <br><br> c<b>d<br></b>e<br>",
    ),
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
    "words longer than a line": page("en", "".join(f"<div style='width: {width}em'>{UNBROKEN}</div>" for width in (5, 13))),
    "words of other kinds": page(
        "en",
        f"<div style='width: 13em'><p style='letter-spacing: 1pt'>{WORDS}<p style='word-spacing: 2pt'>{WORDS}<p class=smallcaps>"
        f"{WORDS}<p style='hyphens: none; overflow-wrap: normal'>{WORDS}<p style='hyphenate-limit-zone: 3em'>{WORDS}"
        f"<p>12 34. 56–78<p>(90) 12 34 56<p style='white-space: pre-wrap'>two  spaces {WORDS}"
        f"<p style='font-family: DejaVu Sans'>{WORDS}<p><a href=https://example.org>{WORDS}</a></div>",
    ),
    "floats": page(
        "en",
        "<style>.left { float: left; width: 30% } .right { float: right; width: 9em; clear: both; margin: -2pt 0 4pt 1em }"
        " .clear { clear: left; text-indent: 2em; margin: -6pt 3% 9pt }</style>"
        + f"<div class=left>F<p>G</div>{LATIN * 6}<p>A<span class=right>{LATIN}</span> b</p><p class=clear>{CHINESE}</p>"
        * 9,
    ),
    "first letters": page(
        "en",
        "<style>p::first-letter { font-size: 2em; margin-right: 2pt } p::first-line { color: red; letter-spacing: 1pt }"
        f" .drop::first-letter {{ float: left; padding: 1pt }}</style>{LATIN * 9}<p class=drop>{'Many words here. ' * 40}",
    ),
    "behind": page(
        "en",
        "<style>b { background: #eee; border-radius: 20% / 2pt } i { border-radius: 0 2pt } u { visibility: hidden }"
        " h2 { box-shadow: 1pt 1pt red } p { background: linear-gradient(red, blue) } main { background: #0000 }</style>"
        + "<h2>A</h2><p>One <b>two</b> <i>three</i> <u>four <b>5</b></u><div style='position: absolute'>Six <b>a</b></div>"
        * 9,
    ),
    "borders of cells": page(
        "en",
        "<table style='border-collapse: collapse; border: 3pt solid'><tr><td style='border: 1pt solid; padding: 2%'>"
        f"{LATIN}<div style='border: 1pt dashed; padding: 3pt'>{LATIN * 90}</div><td>{LATIN}<p style='width: 50%'>B</table>" * 2,
    ),
    "lines": page(
        "en",
        "<style>.a { text-indent: -2em; text-align: right } .b { text-align: center; line-height: 0.4; width: 5em }"
        " .c { white-space: pre-line; text-indent: 90% } .d { text-align-last: justify; font-size: 0 } .e { direction: rtl }"
        " .f { line-height: 3; display: inline-block; vertical-align: middle } .g::after { content: leader('.') 'Z' }</style>"
        + "".join(f"<div class={each}>{LATIN} More of it, \n to be <b>broken</b> here.  </div>" for each in "abcdefg")
        + "<p>A<br><br>B <b> </b><p style='width: 0'>Narrow<p style='text-align: justify; width: 9em'>Justified it is. <i>C</i>",
    ),
    "runs": page(
        "en",
        "<style>u { border: 1pt solid; margin: 0 3pt 0 auto; border-radius: 2pt } s { padding-left: 50% } q { margin-left: -1em }"
        " i { box-decoration-break: clone; padding: 2pt } small { line-height: 3; vertical-align: super }</style>"
        + "".join(
            f"<p style='width: {width}em'>One <b>two <em>three</em></b><code>four.five six</code>, <u>seven <s>eight</s> nine</u>"
            f"<q>ten <i>eleven <code>a</code>twelve</i></q><br><em></em><b><code>{CHINESE}</code> </b><small>b</small> end.</p>"
            for width in range(3, 40)
        ),
    ),
    "as wide as they are": page(
        "en",
        "<style>.f { float: left } .i { display: inline-block; padding: 2% }"
        " .a { position: absolute; min-width: 5em }</style>"
        + "".join(
            f"<div style='width: {width}em'><ol start={10**width}><li>{LATIN}</ol><div class=f>Two words</div>"
            f"<span class=i>Three <b>more</b> words<table><tr><td>A cell<td>{NARROW}</table></span><p class=a>{LATIN}</div>"
            for width in (1, 4, 9, 20)
        ),
    ),
    "named pages": page(
        "en",
        "<style>@page wide { size: A5 landscape } @page plain { size: A6 } .w { page: wide } .p { page: plain }"
        " .f { float: left } .a { position: absolute }</style>"
        + "<section><div><p>One<div class=w><p>Two<p class=p>Three</div></div><p class='a w'>Four<p class='f w'>Five</section>"
        f"<section class=p><table class=w><tr><td class=w>A</table><div class=f></div>{LATIN}</section><p><b class=w>Six</b>" * 3,
    ),
    "margins": page(
        "en",
        "<div style='margin: -9pt 0 7pt'><div style='margin: 4pt 0 -3pt'></div><p style='margin: 12pt auto -4pt; width: 9em'>A"
        "<p style='position: relative; top: 3pt'>B<p style='position: absolute'>C<p style='margin-bottom: -0pt'>D</div>" * 20,
    ),
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
    "rules that look around": page("en", f"<style>{AROUND}</style>" + ALIKE * 3),
    "emoji": page(
        "en",
        f"<h1>{EMOJI}</h1><p>{EMOJI * 90}<p style='image-rendering: pixelated'>{EMOJI}<p style='font-size: 5px'>{EMOJI} a {EMOJI}"
        f"<p style='break-before: page; opacity: .5; letter-spacing: 1pt'>{EMOJI}<p style='transform: rotate(9deg)'>{EMOJI * 9}",
    ),
    "cells without spaces": page(
        "en",
        "".join(
            f"<table><tr><td lang=zh>{CHINESE * 6}<td>{EMOJI * 20}<td lang=ja>{JAPANESE * 3}<tr><td>{WORDS}<td>{ENDLESS}"
            f"<td>soft&shy;{CHINESE * 3}<td style='{each}'>{CHINESE}{ARABIC * 4}<td lang=de style='{each}'>{GERMAN * 3}</table>"
            for each in ("", "word-break: break-all", "letter-spacing: 1pt", "hyphens: manual", "white-space: pre-line")
        ),
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
    "kinds of pages": page("en", f"<style>{SHEETS}</style>" + f"<section><h2>Part</h2>{LATIN * 90}</section>" * 3),
    "cut off": page(
        "en",
        f"<p style='width: 9em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap'>{CHINESE}"
        "<p style='text-align: start; width: 2em; overflow: hidden; text-overflow: ellipsis'>灯塔灯塔<p>灯塔灯塔"
        "<p style='text-align: start; width: 4em; max-lines: 1;"
        " continue: discard; block-ellipsis: auto'>灯塔 灯塔 灯塔",
    ),
}


def printed(speed: str) -> dict[str, bytes]:
    """Every page, from a process of its own: no other test has changed it."""
    done = subprocess.run([sys.executable, "-c", PRINTED, speed], capture_output=True, check=True, cwd=ROOT)
    found: dict[str, bytes] = pickle.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def patched() -> dict[str, bytes]:
    return printed("on")


@pytest.fixture(scope="module")
def plain() -> dict[str, bytes]:
    return printed("off")


@pytest.mark.parametrize("name", PAGES)
def test_same_bytes(name: str, patched: dict[str, bytes], plain: dict[str, bytes]) -> None:
    assert patched[name] == plain[name]


def test_the_setting_changes_no_byte(tmp_path: Path) -> None:
    """An article through a worker, with the patches and without them."""
    made = []
    for value in ("on", "off"):
        environ = os.environ | {"COLOPHON_DATA_DIR": str(tmp_path / value), "COLOPHON_WEASYPRINT_PATCHES": value} | PATIENT
        out = tmp_path / f"{value}.pdf"
        command = [sys.executable, "-m", "service.cli", "convert", "examples/article.md", "--to", "pdf", "-o", str(out)]
        subprocess.run([*command, "--images", "link"], check=True, capture_output=True, cwd=ROOT, env=environ)
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_none_writes_over_what_another_keeps_with_a_style() -> None:
    """Two that kept different answers under one name would each be right alone, and wrong together."""
    kept = [
        (name, path.stem)
        for path in Path(patches.__file__).parent.glob("*.py")
        for name in set(re.findall(r"\bstyle\.([a-z_]+) = ", path.read_text(encoding="utf-8")))
    ]
    assert len({name for name, _ in kept}) == len(kept), kept
