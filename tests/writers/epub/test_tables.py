"""Tables of a book: words whole, long addresses breakable, a box that the keyboard reaches."""

from __future__ import annotations

from lxml import etree

from service.writers.epub import tables

XHTML, MATHML = "http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"


def table(*rows: str, caption: str = "") -> etree._Element:
    """The box of a table of rows such as "a|b", as it is set."""
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row.split("|")) + "</tr>" for row in rows)
    body = etree.fromstring(f'<body xmlns="{XHTML}"><table>{caption}{cells}</table></body>')
    tables.settle(body[0], "de")
    return body[0]


def test_a_narrow_table_is_in_a_box_of_its_own() -> None:
    box = table("a|b")
    assert dict(box.attrib) == {"class": "table"} and "class" not in box[0].attrib


def test_a_wide_table_is_reached_by_the_keyboard_under_a_name() -> None:
    row = "|".join(["internationalization"] * 4)
    assert dict(table(row).attrib) == {"class": "table", "role": "group", "tabindex": "0", "aria-label": "Tabelle"}
    named = table(row, caption="<caption>Heights of  <em>all</em> lamps</caption>")
    assert named.get("aria-label") == "Heights of all lamps"
    assert named[0].get("class") == "wide tight"


def test_only_what_is_longer_than_a_word_may_break() -> None:
    address = "https://e.example/a/long/address"
    box = table(f"{address} and <a>see {address}</a> then {address} end|internationalization 2024-01-02 100,000.00")
    assert [each.text for each in box.iter(f"{{{XHTML}}}span")] == [address] * 3
    first, second = box.iter(f"{{{XHTML}}}td")
    assert "".join(map(str, first.itertext())) == f"{address} and see {address} then {address} end"
    assert not len(second)


def test_a_table_in_a_table_gets_no_box() -> None:
    body = etree.fromstring(f'<body xmlns="{XHTML}"><table><tr><td><table><tr><td>x</td></tr></table></td></tr></table></body>')
    for each in list(body.iter(f"{{{XHTML}}}table")):
        tables.settle(each, "en")
    assert len(list(body.iter(f"{{{XHTML}}}div"))) == 1


def test_the_tex_of_a_formula_is_no_word_of_the_table() -> None:
    tex = r"\mathbb{E}\bigl[\mathbb{E}[X]\bigr]"
    formula = f'<math xmlns="{MATHML}"><semantics><mi>X</mi><annotation>{tex}</annotation></semantics></math>'
    box = table(f"{formula}|{formula}|{formula}")
    assert dict(box.attrib) == {"class": "table"}
    assert [each.text for each in box.iter(f"{{{MATHML}}}annotation")] == [tex] * 3
    address = "https://e.example/a/long/address"
    assert [each.text for each in table(f"{formula} {address}").iter(f"{{{XHTML}}}span")] == [address]
