"""Articles with the faults that real ones have, combined at random: no description, no head, no text, levels skipped.

`article(seed)` is the same for the same seed. Each piece is a way to break a rule of PDF/UA; most articles break several.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from service.model.document import Asset, Source
from tests.writers.conftest import PICTURE

WORDS = tuple("lamp oil wick keeper tower storm night glass lens ship reef tide log bell fog harbour".split())  # noqa: SIM905
ARABIC = "المصباح يضيء البحر في الليل والسفن تمر بسلام"
HEBREW = "המגדלור מאיר את הים בלילה"
CHINESE = "灯塔在夜里照亮大海，船只平安经过。"
FORMULAS = (
    r"x^2 + y^2",
    r"\frac{a}{b}",
    r"\sum_{i=1}^n i",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}",
    r"\unknown{x}",
    r"\text{速度}",
)
KINDS = ("note", "tip", "warning", "caution", "important")
Piece = Callable[[random.Random], str]


def words(chance: random.Random, most: int = 12) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(1, most))).capitalize()


def inline(chance: random.Random) -> str:
    """A sentence, perhaps with something in it."""
    extra = chance.choice([
        "", "", "", "*lean*", "**bold**", "`code`", "[link](https://lamps.example/a)", "[](https://lamps.example/b)",
        "[ ](#nowhere)", "![](lamp.png)", "![A lamp](lamp.png)", "[![](lamp.png)](https://lamps.example/c)",
        "[![A lamp](lamp.png)](https://lamps.example/d)", f"${chance.choice(FORMULAS)}$", "note^[An inline note.]",
        "<abbr title='Long Form'>LF</abbr>", "<ruby>灯<rt>とう</rt></ruby>", "H~2~O", "~~gone~~", "<q>said</q>",
        "<a id='here'></a>",
        "[part](#here)", "<kbd>Esc</kbd>", "<span lang='fr'>la mer</span>", f"<bdi>{HEBREW}</bdi>", "😀",
        "<https://lamps.example/e>",
    ])  # fmt: skip
    return f"{words(chance)} {extra} {words(chance, 5).lower()}."


def heading(chance: random.Random) -> str:
    text = chance.choice(
        [words(chance, 4), words(chance, 4), "", "![](lamp.png)", "![A lamp](lamp.png)", "A $x^2$", "[A link](#here)", "*Lean*"]
    )
    return f"{'#' * chance.randint(1, 6)} {text}"


def heading_of_html(chance: random.Random) -> str:
    level = chance.randint(1, 6)
    return f"<h{level} align='center'>{chance.choice([words(chance, 3), '', '<br>', '<img src=lamp.png>'])}</h{level}>"


def picture(chance: random.Random) -> str:
    return chance.choice([
        "![](lamp.png)", "![A lamp](lamp.png)", '![A lamp](lamp.png "The lamp")',
        "![](lamp.png){.decorative}", "![](gone.png)",
        "<figure><img src='lamp.png'><figcaption>A caption</figcaption></figure>",
        "<figure><figcaption>Alone</figcaption></figure>",
        "<figure><img src='lamp.png' alt=''><img src='lamp.png' alt='A lamp'></figure>",
        "<img src='lamp.png' role='presentation'>",
        "<svg viewBox='0 0 9 9'><path d='M0 0h9v9z'/></svg>",
        "<svg viewBox='0 0 9 9'><text y='8'>A word</text></svg>",
        "<picture><source srcset='lamp.png'><img alt='A lamp'></picture>", "[![](lamp.png)](https://lamps.example)",
    ])  # fmt: skip


def table(chance: random.Random) -> str:
    cell = inline(chance)
    return chance.choice([
        f"| a | b |\n|---|---|\n| {cell} | 2 |", "|  |  |\n|---|---|\n| 1 | 2 |", "| a |\n|---|",
        f"<table><tr><td>{words(chance)}<td>2<tr><td>3</table>", "<table><tr><th>a<td>1<tr><th>b<td>2</table>",
        "<table><caption>Oil</caption><thead><tr><th>a<th>b</thead><tfoot><tr><td>1</tfoot><tr><td rowspan=3>1<td>2</table>",
        "<table><tr><td colspan=2>1<tr><td>2<td>3<td><h3>In a cell</h3></table>", "<table><tr><td></td></tr></table>",
        "<table><tr><td><table><tr><td>in<td>it</table><td>2</table>", "<table><thead><tr><th>Only a head</table>",
        "<table><tr><td><ul><li>one<li>two</ul><td>![](lamp.png)</table>", "<table></table>",
        f"<table dir='rtl'><tr><td>{ARABIC}<td>{HEBREW}</table>",
    ])  # fmt: skip


def listing(chance: random.Random) -> str:
    text = inline(chance)
    return chance.choice([
        f"- {text}\n- b\n  - c\n    - d\n      1. e\n      2. f", f"5. {text}\n\n   more\n\n6. b",
        "- [x] done\n- [ ] open",
        "- a\n\n  ```\n  code\n  ```\n\n- b\n\n  | x |\n  |---|\n  | 1 |", "-\n-\n- c", "1. # In an item\n2. b",
        "<ul><li></li><li><ul><li>deep</ul></ul>", "<ol reversed type=a><li>x<li value=7>y</ol>",
        "<ul>stray<li>x</ul>",
        f"Term\n:   {text}\n\nOther\n:   - a\n    - b", "<dl><dt>a<dd>b<dd>c<dt>d</dl>",
        "<dl><div><dt>a<dd>b</div></dl>",
        "<menu><li>a</menu>", "- ![](lamp.png)\n- ![A lamp](lamp.png)", "> - a\n> - b\n>\n> > deeper",
    ])  # fmt: skip


def block(chance: random.Random) -> str:
    kind, text = chance.choice(KINDS), inline(chance)
    return chance.choice([
        f"> [!{kind}] Title\n> {text}\n>\n> ## In it", f":::{kind}\n{text}\n\n#### Deep\n:::", f"> {text}",
        "> # Quoted\n>\n> text",
        f"```python\n{words(chance)}\n```", "---", "```\n```",
        f"<details><summary>{words(chance, 3)}</summary>\n\n{text}\n\n</details>",
        "<details><summary></summary>x</details>", f"$${chance.choice(FORMULAS)}$$", "$$$$",
        "<div class='page-break'></div>",
        f"<div dir='rtl' lang='ar'>\n\n## {ARABIC}\n\n{ARABIC}\n\n- {HEBREW}\n\n</div>", CHINESE, f"<center>{text}</center>",
        f"<p lang='zh'>{CHINESE}</p>",
        "<form><input value='a'><select><option>b</select><textarea>c</textarea></form>",
        "<iframe src='https://lamps.example/v'></iframe>",
        "<audio src='https://lamps.example/a.mp3'></audio>", "<blockquote></blockquote>",
        "<section><h4>Deep</h4></section>", "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>",
        "<pre><b>x</b>\n\n y</pre>",
    ])  # fmt: skip


def footnote(chance: random.Random) -> str:
    name = f"n{chance.randrange(10**6)}"
    inside = chance.choice(
        [inline(chance), "A note.\n\n    - with a list", "A note.\n\n    # With a heading", "![](lamp.png)", "$x$"]
    )
    call = chance.choice(
        [f"Text[^{name}].", f"## Called[^{name}]", f"| a[^{name}] |\n|---|\n| b[^{name}] |", f"- x[^{name}] y[^{name}]"]
    )
    return f"{call}\n\n[^{name}]: {inside}"


def paragraph(chance: random.Random) -> str:
    return " ".join(inline(chance) for _ in range(chance.randint(1, 4)))


PIECES: tuple[Piece, ...] = (
    heading, heading, heading, heading_of_html, picture, table, listing, block, block, footnote, paragraph, paragraph,
)  # fmt: skip
TITLES = (
    "title: Lamps\n",
    "title: 灯塔\nlang: zh\n",
    "",
    "title: ''\n",
    f"title: {ARABIC}\nlang: ar\n",
    "title: Lamps\nabstract: Of oil.\n",
)
OPTIONS: tuple[dict[str, object], ...] = (
    {}, {}, {"toc": True}, {"profile": "book", "toc": True}, {"profile": "report"}, {"number_sections": True}, {"cover": "auto"},
)  # fmt: skip


def article(seed: int, undescribed: bool = True) -> Source:
    """A Markdown article. Without `undescribed` every picture has a description, so that the PDF claims what it can."""
    chance = random.Random(seed)
    body = "\n\n".join(chance.choice(PIECES)(chance) for _ in range(chance.randint(2, 14)))
    if not undescribed:
        body = body.replace("![](", "![A lamp](").replace("<img src='lamp.png'>", "<img src='lamp.png' alt='A lamp'>")
        body = body.replace("<img src=lamp.png>", "<img src=lamp.png alt='A lamp'>").replace("alt=''", "alt='A lamp'")
        body = body.replace("<path d='M0", "<title>A square</title><path d='M0")
    text = f"---\nlang: en\n{chance.choice(TITLES)}---\n\n{body}\n".replace("lang: en\ntitle: 灯塔\n", "title: 灯塔\n")
    return Source(f"article-{seed}.md", text.encode(), assets=(Asset("lamp.png", PICTURE.read_bytes()),))


def options_of(seed: int) -> dict[str, object]:
    """The options that the article is converted with."""
    return dict(random.Random(seed + 1).choice(OPTIONS))
