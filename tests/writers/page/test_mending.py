"""Changes of pandoc's HTML for a page: tables whose words stay whole where they fit."""

from __future__ import annotations

import pytest

from service.writers.page import fixes


def classes(*rows: list[str]) -> set[str]:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = fixes.fix(f"<table><tbody>{cells}</tbody></table>").find("table")
    assert table is not None
    return set(table.get("class", "").split())


def test_words_stay_whole_where_they_fit() -> None:
    assert classes(["name", "what it does", "since"], ["`variable`", "It keeps " + "every word " * 5, "1.10"]) == set()


@pytest.mark.parametrize("row", [["x" * 90, "b"], ["https://example.org/" + "a" * 30] * 3, ["w" * 20] * 5])
def test_words_that_do_not_fit_next_to_each_other_may_break(row: list[str]) -> None:
    assert "tight" in classes(row)


def test_ideographs_break_anyway() -> None:
    assert classes(["字" * 200, "灯塔"]) == set()


def printed(*rows: list[str]) -> set[str]:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    table = fixes.fix(f"<table><tbody>{cells}</tbody></table>", 1.0).find("table")
    assert table is not None
    return set(table.get("class", "").split())


def test_a_table_of_few_words_is_as_wide_as_they_are_and_stays_on_one_page() -> None:
    assert printed(["Monday", "8 am"], ["Tuesday", "9 am"]) == {"narrow", "short"}
    assert printed(["Monday", "words " * 12]) == {"short"}
    assert printed(["Mon " * 6, "words " * 6]) == {"narrow", "short"}, "it is not stretched to the width of the page"
    assert printed(["灯塔" * 9, "灯塔" * 9]) == {"short"}
    assert printed(["Monday", "<img src='a.png'/>"]) == {"short"}
    assert printed(*[["Monday", "words " * 12]] * 13) == set()


@pytest.mark.parametrize("around", ["<ul>{}</ul>", "<ol>{}</ol>"])
def test_a_task_stands_in_the_place_of_its_bullet(around: str) -> None:
    item = "<li><label><input type='checkbox' checked=''/>Done</label></li>"
    tasks = fixes.fix(around.format(f"{item}<li>Other</li>"))
    assert [each.get("style") for each in tasks.iter("li")] == ["list-style:none", None]
    named = fixes.fix(f"<ul class='task-list'>{item}</ul>")
    assert [each.get("style") for each in named.iter("li")] == [None], "its style sheet says so already"


def test_what_spans_columns_has_the_room_of_all() -> None:
    cells = "<tr><td colspan='2'>" + "w" * 90 + "</td></tr><tr><td>a</td><td>b</td></tr>"
    table = fixes.fix(f"<table>{cells}</table>").find("table")
    assert table is not None and "tight" not in table.get("class", "")


def test_many_columns_have_smaller_type() -> None:
    assert classes(["many", "columns", "are", "set", "in", "smaller", "type"]) == {"wide"}


def test_a_short_block_of_code_stays_on_one_page() -> None:
    """On paper only: a screen has no pages."""
    for lines, measure, name in ((3, 1.0, "short"), (30, 1.0, None), (3, None, None)):
        (block,) = fixes.fix(f"<pre><code>{chr(10).join('x' * lines)}</code></pre>", measure)
        assert block.get("class") == name
