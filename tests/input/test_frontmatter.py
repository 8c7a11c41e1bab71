"""Front matter: strict first, recovered second, never flattened, never a crash."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from service.input.encoding import decode
from service.input.frontmatter import record, split
from service.model.errors import InvalidFrontMatter

TITLES = [
    ("title: Watch Duty: California", "Watch Duty: California"),
    (
        "title: [remote] Microsoft Outlook - Remote Code Execution (RCE)",
        "[remote] Microsoft Outlook - Remote Code Execution (RCE)",
    ),
    ("title: @中国车企，出海", "@中国车企，出海"),
    ('title: "Piracy shield" - Aggiornamento', '"Piracy shield" - Aggiornamento'),
    ("title: &#x5b;Guest Diary&#x5d; A Bite", "&#x5b;Guest Diary&#x5d; A Bite"),
    ("title: ASW #221 - Kenn White", "ASW #221 - Kenn White"),
    ("title: {{ page.title }}", "{{ page.title }}"),
    ("title: *bold* words", "*bold* words"),
    ("title: !important", "!important"),
    ("title: %d items", "%d items"),
    ("title: `code` first", "`code` first"),
    ("title: 'It''s' - more", "'It''s' - more"),
    ("title: 'it's'", "'it's'"),
    ("title: #hashtag", "#hashtag"),
    ("title: | pipe", "| pipe"),
    ("title: - dash", "- dash"),
    ("title:no blank", "no blank"),
    ("title：全角冒号", "全角冒号"),
]


def fenced(content: str) -> str:
    return f"---\n{content}\n---\nbody\n"


@pytest.mark.parametrize(("line", "value"), TITLES)
def test_a_bad_line_is_taken_as_it_stands(line: str, value: str) -> None:
    found = split(fenced(f"url: https://a.example/?b=1#c\n{line}\nn: 3"))
    assert found.data == {"url": "https://a.example/?b=1#c", "title": value, "n": 3}
    assert [(reported.code, reported.line) for reported in found.notices] == [("front-matter-recovered", 3)]
    assert (found.body, found.body_line) == ("body\n", 6)


@pytest.mark.parametrize(("line", "value"), TITLES)
def test_strict_refuses_the_same_place(line: str, value: str) -> None:
    reported = split(fenced(line)).notices[0]
    with pytest.raises(InvalidFrontMatter) as caught:
        split(fenced(line), strict=True)
    assert (caught.value.places[0].line, caught.value.places[0].column) == (reported.line, reported.column)


def test_strict_says_what_to_do() -> None:
    with pytest.raises(InvalidFrontMatter, match=r"Line 2, column 11: a colon .*; put the value in quotes"):
        split("---\ntitle: Foo: bar\n---\n", strict=True)


def test_neighbours_of_a_bad_line_keep_their_types() -> None:
    text = "bad: a: b\nauthors:\n  - name: X: Y\n    orcid: 1\n"
    text += "block: |\n  k: v: w\nfold: >-\n  one\n  two\nflow: {a: [1, true]}\nlist:\n- x\n- y"
    assert split(fenced(text)).data == {
        "bad": "a: b", "authors": [{"name": "X: Y", "orcid": 1}], "block": "k: v: w\n", "fold": "one two",
        "flow": {"a": [1, True]}, "list": ["x", "y"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scalar", "value"),
    [("no", "no"), ("1.10", "1.10"), ("0123", "0123"), ("12:30", "12:30"), ("1e3", "1e3"), ("3", 3), ("-2", -2), ("1.5", 1.5),
     ("true", True), ("null", None), ("~", None), ("", None), (".nan", ".nan"), (".inf", ".inf"), ("0x1F", "0x1F"),
     ("1_000", "1_000"),
     ("2024-11-21", "2024-11-21"), ("2025-10-06T19:16:36.499828+08:00", "2025-10-06T19:16:36.499828+08:00"), ("-0", "-0"),
     ("9223372036854775807", 2**63 - 1), ("9223372036854775808", "9223372036854775808"), ("'3'", "3"), ("+3", "+3"), ("y", "y")],
)  # fmt: skip
def test_scalars(scalar: str, value: Any) -> None:
    found = split(fenced(f"a: {scalar}"), strict=True)
    assert found.data == {"a": value}
    assert type(found.data["a"]) is type(value)


def test_a_comment_after_a_number_stays_a_comment() -> None:
    text = "n: 3 # three\nd: 2024-11-21 # out\n# note\nlist: [a, b] # two"
    assert split(fenced(text), strict=True).data == {"n": 3, "d": "2024-11-21", "list": ["a", "b"]}


@pytest.mark.parametrize(
    "text",
    ["", "body", "# a\n---\nb: c\n---\n", "---\n\nprose\n\n---\nmore", "---\n", "---", "--- x\n", "---\nprose without keys",
     "{% raw %}",     "{not json}", "---\n\nA note: prose.\n\nMore of it.\n\nAnd more.\n\n---\n"],
)  # fmt: skip
def test_no_front_matter(text: str) -> None:
    found = split(text)
    assert (found.body, found.data, found.format, found.raw, found.body_line) == (text, {}, "", "", 1)


@pytest.mark.parametrize(
    "text", ["---\n---\nb", "---  \n\n---\t\nb", "+++\n+++\nb", ";;;\n;;;\nb", "---\n# only\n...\nb", "{}\nb"]
)
def test_empty_front_matter(text: str) -> None:
    found = split(text, strict=True)
    assert (found.data, found.body) == ({}, "b")
    assert found.raw + found.body == text


def test_indented_front_matter() -> None:
    assert split("---\n title: a: b\n url: x\n---\n").data == {"title": "a: b", "url": "x"}


def test_a_fence_without_end() -> None:
    text = "---\ntitle: a: b\ntags:\n  - x\n\n# Body\n"
    found = split(text)
    assert (found.data, found.body) == ({"title": "a: b", "tags": ["x"]}, "\n# Body\n")
    assert [reported.code for reported in found.notices] == ["front-matter-unterminated", "front-matter-recovered"]
    with pytest.raises(InvalidFrontMatter, match="no closing ---"):
        split(text, strict=True)


def test_toml() -> None:
    text = '+++\ntitle = "a"\ndate = 2024-11-21T10:00:00Z\nv = 1.10\nn = 3\nx = nan\n[extra]\nd = 2024-11-21\n+++\nb'
    found = split(text, strict=True)
    assert found.data == {
        "title": "a",
        "date": "2024-11-21T10:00:00Z",
        "v": "1.10",
        "n": 3,
        "x": "nan",
        "extra": {"d": "2024-11-21"},
    }
    assert found.format == "toml"


def test_toml_recovered() -> None:
    found = split("+++\ntitle = no quotes: here\nn = 3\nstray\n+++\nb")
    assert found.data == {"title": "no quotes: here", "n": 3}
    assert [reported.code for reported in found.notices] == ["front-matter-recovered"] * 2
    assert found.notices[1].data["removed"] == "stray"


@pytest.mark.parametrize(
    "text", [';;;\n{"title": "a", "n": 1.10, "m": {"x": [1]}}\n;;;\nb', '{\n"title": "a", "n": 1.10, "m": {"x": [1]}\n}\nb']
)
def test_json(text: str) -> None:
    found = split(text, strict=True)
    assert (found.data, found.format, found.body) == ({"title": "a", "n": "1.10", "m": {"x": [1]}}, "json", "b")


def test_json_recovered() -> None:
    found = split('{\n  "title": bare words,\n  "n": 3,\n  "list": [\n    1\n  ],\n}\nb')
    assert found.data == {"title": "bare words", "n": 3, "list": [1]}
    assert found.body == "b"


def test_a_repeated_key_keeps_both_values() -> None:
    many = split(fenced("a: 1\n" * 50)).data
    assert list(many) == ["a", *(f"a ({number})" for number in range(2, 51))]
    found = split(fenced("a: 1\nb: x\na: 2"))
    assert found.data == {"a": 1, "b": "x", "a (2)": 2}
    with pytest.raises(InvalidFrontMatter, match="occurs twice"):
        split(fenced("a: 1\na: 2"), strict=True)


@pytest.mark.parametrize(
    "bomb",
    ["a: " + "[" * 50000, "a: " + "{" * 50000, "- " * 20000, "a:\n" + "".join(" " * i + "- \n" for i in range(200)),
     "a: &x [1]\nb: *x",
     "? " * 9000, "a: !!python/object:os.system x", "a: !!binary x", "<<: {a: 1}", "a: " + '["]", ' * 9000, "a: 0x" + "f" * 5000,
     "a: " + "9" * 60000, "&a &b c: d", "? [a]\n: b", "%TAG ! x\n", "a: 'x\nb: \"y", "\t- a: b\n\tc"],
)  # fmt: skip
def test_bombs(bomb: str) -> None:
    found = split(fenced(bomb))
    json.dumps(found.data, allow_nan=False)
    assert found.data or found.body


def test_json_and_toml_bombs() -> None:
    assert split(";;;\n" + '{"a":' * 9000 + "\n;;;\nb").body == "b"
    assert split("+++\na = " + "[" * 50000 + "\n+++\nb").body == "b"
    assert split("{" + '"a": {' * 9000).body


def test_too_large() -> None:
    with pytest.raises(InvalidFrontMatter, match="64 KB"):
        split(fenced("a: " + "x" * 70000))


def test_escapes_cannot_smuggle_controls() -> None:
    found = split(fenced(r'a: "x\0y\x07"'))
    assert found.data == {"a": "xy"}
    assert [reported.code for reported in found.notices] == ["control-characters-removed"]


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], exclude_characters="\u2028\u2029"), max_size=40)
KEYS = st.from_regex(r"[A-Za-z_一-龥][\w一-龥-]{0,12}", fullmatch=True)
SCALARS = TEXT | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.none()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.booleans())
def test_what_yaml_writes_is_read_back(data: dict[str, Any], flow: bool) -> None:
    written = yaml.safe_dump(data, allow_unicode=True, default_flow_style=flow, sort_keys=False, width=10**6)
    assert split(f"---\n{written}---\nb", strict=True).data == data


@example({"A": ["\u00a0"]}, "")
@example({"A": ["\u00a0x"]}, "")
@given(st.dictionaries(KEYS, VALUES, max_size=5), TEXT)
def test_one_bad_line_costs_no_neighbour(data: dict[str, Any], words: str) -> None:
    written = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=10**6) if data else ""
    bad = f"z{words.strip()}: x"
    found = split(f"---\n{written}zzbad: {bad}: y\n---\nb").data
    assert found == data | {"zzbad": f"{bad}: y"}


@given(KEYS, TEXT.map(str.strip).filter(lambda text: text[:1] not in ("'", '"', "|", ">")))
def test_a_raw_line_keeps_its_text(key: str, rest: str) -> None:
    value = split(f"---\n{key}: {rest}\n---\nb").data[key]
    if isinstance(value, str):
        assert value == rest
    elif isinstance(value, (int, float, type(None))):
        assert rest.split(" #", maxsplit=1)[0].strip() in (
            "null",
            "Null",
            "NULL",
            "~",
            "",
            "True",
            "TRUE",
            "False",
            "FALSE",
            json.dumps(value),
        )


@given(st.text(max_size=200))
def test_nothing_breaks_it(text: str) -> None:
    for fence in ("---", "+++", ";;;"):
        found = split(f"{fence}\n{text}\n{fence}\nb")
        json.dumps(found.data, allow_nan=False)
        assert found.raw + found.body == f"{fence}\n{text}\n{fence}\nb"


def test_corpus_values_are_the_rest_of_the_line(corpus: list[Path]) -> None:
    for path in corpus:
        found = split(decode(path.read_bytes())[0])
        wanted = {}
        for line in found.raw.split("\n")[1:-2]:
            key, _, value = line.partition(":")
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value[0] not in value[1:-1]
            wanted[key] = value[1:-1] if quoted else value
        assert {key: "" if value is None else str(value) for key, value in found.data.items()} == wanted, path.name


def test_colons_of_a_chinese_keyboard() -> None:
    found = split(fenced("title: 甲：乙\nauthor：丙\nsource： 丁\ndate： 2024-01-02"))
    assert found.data == {"title": "甲：乙", "author": "丙", "source": "丁", "date": "2024-01-02"}


def test_names_of_fields_in_chinese_with_its_colon() -> None:
    found = split(fenced("标题：甲：乙\n作者：丙\n原文链接：https://h.example/a"))
    assert found.data == {"标题": "甲：乙", "作者": "丙", "原文链接": "https://h.example/a"}


def test_who_speaks_between_two_rules_is_no_key() -> None:
    text = "---\n张三：你好\n李四：再见\n---\n后文\n"
    assert split(text).body == text


def test_below_blank_lines() -> None:
    found = split("\n \n---\ntitle: [a\nn: 3\n---\nbody\n")
    assert found.data == {"title": "[a", "n": 3}
    assert (found.body, found.body_line, found.notices[0].line) == ("body\n", 7, 4)
    assert found.raw + found.body == "\n \n---\ntitle: [a\nn: 3\n---\nbody\n"


@pytest.mark.parametrize(
    "text", ["\n---\nprose\n---\n", "\n---\n\na: b\n---\n", "\n---\na: b\n", "\n---\na: b\nprose\nprose\n---\n"]
)
def test_a_rule_below_blank_lines_is_one(text: str) -> None:
    assert (split(text).data, split(text).body) == ({}, text)


@pytest.mark.parametrize(
    "text",
    ["\u200b---\ntitle: A\n---\nb", "\ufeff\ufeff---\ntitle: A\n---\nb", "---\u00a0\ntitle: A\n--- \t\nb",
     "---\ntitle: A\n...\nb",
     "---\ntitle: A\n-----\nb", "---yaml\ntitle: A\n---\nb", "---toml\ntitle = 'A'\n---\nb", '---json\n{"title": "A"}\n---\nb'],
)  # fmt: skip
def test_fences(text: str) -> None:
    found = split(text)
    assert (found.data, found.body, found.notices) == ({"title": "A"}, "b", ())
    assert found.raw + found.body == text


@pytest.mark.parametrize("fence", ["----", "—", "———", "—-"])
def test_a_fence_that_an_editor_changed(fence: str) -> None:
    text = f"{fence}\ntitle: A\ntags:\n  - x\n{fence}\nb"
    found = split(text)
    assert (found.data, found.body) == ({"title": "A", "tags": ["x"]}, "b")
    assert [(reported.code, reported.line) for reported in found.notices] == [("front-matter-recovered", 1)]
    with pytest.raises(InvalidFrontMatter, match="write '---'"):
        split(text, strict=True)
    for prose in (
        f"{fence}\nprose\n{fence}\n",
        f"{fence}\n\ntitle: A\n{fence}\n",
        f"{fence}\ntitle: A\nprose\n{fence}\n",
        f"{fence}\na: b\n",
    ):
        assert split(prose).body == prose


@pytest.mark.parametrize(
    ("lines", "data", "places"),
    [("title:\u00a0A", {"title": "A"}, [(2, 7)]),
     ("tags:\n\u00a0\u00a0- x\n\u3000\u3000- y", {"tags": ["x", "y"]}, [(3, 1), (4, 1)]),
     ("author:\n  - name:\u00a0A\n    email: a@x.example", {"author": [{"name": "A", "email": "a@x.example"}]}, [(3, 10)]),
     ("tags:\n-\u00a0x", {"tags": ["x"]}, [(3, 2)]), ("title:\u2003A\u00a0b", {"title": "A\u00a0b"}, [(2, 7)]),
     ("tags:\n\t- x\n\t- y", {"tags": ["x", "y"]}, [(3, 1), (4, 1)]),
     ("a:\n\tb:\n\t\tc: 1", {"a": {"b": {"c": 1}}}, [(3, 1), (4, 1)]),
     ("a:\n  - x\n\t- y", {"a": ["x", "y"]}, [(4, 1)]), ("title:\tA", {"title": "A"}, []),
     ("a: |\n  \u00a0x\n  y", {"a": "\u00a0x\ny\n"}, [])],
)  # fmt: skip
def test_blanks_of_other_kinds(lines: str, data: dict[str, Any], places: list[tuple[int, int]]) -> None:
    found = split(fenced(lines))
    assert found.data == data
    assert [(reported.line, reported.column) for reported in found.notices] == places
    if places:
        with pytest.raises(InvalidFrontMatter) as caught:
            split(fenced(lines), strict=True)
        assert (caught.value.places[0].line, caught.value.places[0].column) == places[0]


@pytest.mark.parametrize(
    ("lines", "data"),
    [("title: &t A title\nog_title: *t", {"title": "A title", "og_title": "A title"}), ("author: &me Ann", {"author": "Ann"}),
     ("base: &b {a: 1, c: 2}\nother:\n  <<: *b\n  c: 3", {"base": {"a": 1, "c": 2}, "other": {"a": 1, "c": 3}}),
     ("a: &x {k: 1}\nb: &y {l: 2}\nc:\n  <<: [*x, *y]", {"a": {"k": 1}, "b": {"l": 2}, "c": {"k": 1, "l": 2}}),
     ("tags: &t\n  - x\n  - y\nkeywords: *t", {"tags": ["x", "y"], "keywords": ["x", "y"]}),
     ("bad: a: b\nt: &t A\nu: *t", {"bad": "a: b", "t": "A", "u": "A"}), ("t: &t A #1", {"t": "A #1"}),
     ("title: *Important", {"title": "*Important"}), ("title: &", {"title": "&"}), ("a: &a [*a]", {"a": "&a [*a]"})],
)  # fmt: skip
def test_anchors_and_aliases(lines: str, data: dict[str, Any]) -> None:
    assert split(fenced(lines)).data == data


def test_aliases_do_not_multiply() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{here}: &{here} [{', '.join([f'*{last}'] * 9)}]" for last, here in zip("abcdefg", "bcdefgh", strict=True)]
    found = split(fenced("\n".join(lines)))
    assert len(json.dumps(found.data)) < 100_000
    assert found.data["h"].startswith("&h [")
    with pytest.raises(InvalidFrontMatter, match="aliases repeat too much"):
        split(fenced("\n".join(lines)), strict=True)


@pytest.mark.parametrize(
    ("text", "place"),
    [("---\ntitle: A\ndate: soon\n---\nb", (3, 7)), ("+++\ntitle = 'A'\ndate = 'soon'\n+++\nb", (3, 8)),
     ('{\n  "title": "A",\n  "date": "soon"\n}\nb', (3, 11)),
     ("---\nauthor:\n  - x\n  - name: A\n    orcid: 7\n---\nb", (5, 12)),
     ("---\nauthors:\n  - name: A\n    orcid: 7\nlast_update:\n  date: soon\n---\n", (4, 12)),
     ("\n\n---\nPublish Date: soon\n---\nb", (4, 15))],
)  # fmt: skip
def test_every_doubt_has_its_place(text: str, place: tuple[int, int]) -> None:
    doubt = record(split(text))[1][0]
    assert (doubt.line, doubt.column) == place
