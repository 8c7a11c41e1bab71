"""Typewriter marks: what becomes of them in each language, and what stays."""

from __future__ import annotations

from itertools import pairwise

import pytest

from service.model.text import quotation_marks, smart_text

THIN, FIXED = "\u202f", "\u00a0"


@pytest.mark.parametrize(("lang", "shown"), [
    ("en", "“a ‘b’ c”"), ("en-GB", "“a ‘b’ c”"), ("de", "„a ‚b‘ c“"), ("de-AT", "„a ‚b‘ c“"), ("de-CH", "«a ‹b› c»"),
    ("fr", f"«{THIN}a “b” c{THIN}»"), ("fr-CH", "«a ‹b› c»"), ("it", "«a “b” c»"), ("es-MX", "«a “b” c»"),
    ("pt-BR", "“a ‘b’ c”"), ("pt-PT", "«a “b” c»"), ("nl", "“a ‘b’ c”"), ("sv", "”a ’b’ c”"), ("fi", "”a ’b’ c”"),
    ("nb", "«a ‘b’ c»"), ("pl", "„a «b» c”"), ("cs", "„a ‚b‘ c“"), ("ru", "«a „b“ c»"), ("uk", "«a „b“ c»"),
    ("hu", "„a »b« c”"), ("el", "«a “b” c»"), ("zh", "\"a 'b' c\""), ("he", "\"a 'b' c\""), ("", "\"a 'b' c\""),
])  # fmt: skip
def test_quotations_by_language(lang: str, shown: str) -> None:
    assert smart_text.applied("\"a 'b' c\"", lang) == shown


@pytest.mark.parametrize(("typed", "shown"), [
    ("don't, it's", "don’t, it’s"), ("the dogs' bone", "the dogs’ bone"),
    ("'Tis the '90s, rock 'n' roll", "’Tis the ’90s, rock ’n’ roll"),
    ("\"'Tis,\" he said", "“’Tis,” he said"), ("he said 'yes' and 'no'.", "he said ‘yes’ and ‘no’."), ("in '68", "in ’68"),
    ("6'2\" tall, 5\" wide", "6′2″ tall, 5″ wide"), ("\"about 5\"", "“about 5”"), ("(\"a\")", "(“a”)"),
    ("\"a\"--\"b\"", "“a”–“b”"),
    ("\"She said \"no\" twice\"", "“She said ‘no’ twice”"), ("\"It goes on", "“It goes on"), ("a \" alone", "a \" alone"),
    ("It ended.\" Then", "It ended.\" Then"), ("wait... what", "wait… what"), ("../a/... and ....", "../a/... and ...."),
    ("1914--1918", "1914–1918"), ("so---what", "so—what"), ("so - what", "so – what"), ("5 - 3 = 2", "5 - 3 = 2"),
    ("well-known", "well-known"),
    ("use --help", "use --help"), ("a --> b <-- c", "a --> b <-- c"), ("-----", "-----"), ("'a", "’a"), ("''", "‘’"),
])  # fmt: skip
def test_marks_of_english(typed: str, shown: str) -> None:
    assert smart_text.applied(typed, "en") == shown


def test_french_has_thin_blanks() -> None:
    typed = 'Vrai ? Oui! Non ; voici : "mot" (10:30), « déjà » et http'
    shown = f"Vrai{THIN}? Oui{THIN}! Non{THIN}; voici{FIXED}: «{THIN}mot{THIN}» (10:30), «{THIN}déjà{THIN}» et http"
    assert smart_text.applied(typed, "fr") == shown
    assert smart_text.applied(shown, "fr") == shown
    assert smart_text.applied('Vrai ? Oui : "mot"', "fr-CH") == "Vrai ? Oui : «mot»"
    assert smart_text.applied('Vrai? Oui : "mot"', "fr-CA") == f"Vrai? Oui{FIXED}: «{THIN}mot{THIN}»"


def test_a_dash_between_blanks_is_long_in_russian() -> None:
    assert smart_text.applied("Москва - столица", "ru") == "Москва — столица"


def test_only_the_kinds_asked_for() -> None:
    assert smart_text.applied('"a" -- b\'s...', "en", {"single"}) == '"a" -- b’s...'


@pytest.mark.parametrize("unit", ['"', "'", "' ", "\" 'a", "--", "a'", '"a', "...", " - ", '5"', "«"])
def test_any_run_of_marks_takes_linear_time(unit: str) -> None:
    """The number of edits is at most that of the marks, and a second pass changes nothing more."""
    text = unit * 20_000
    found = smart_text.edits(text, "fr")
    assert len(found) <= len(text) and all(one.end <= two.start for one, two in pairwise(found))


def test_every_row_has_four_marks() -> None:
    assert all(len(marks) == 4 and all(marks) for marks in quotation_marks.MARKS.values())
