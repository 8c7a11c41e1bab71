"""Pages of Chinese and Japanese, read by pypdfium2 (places) and pdftotext (text)."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from service.engines.weasyprint import rendering

SIZE, WIDTH = 10.0, 253.0  # points: a line of 25.3 ems
CSS = f"""@page {{ size: {WIDTH}pt 600pt; margin: 0 }} body {{ margin: 0 }} p {{ margin: 0; text-align: justify }}
html {{ font: {SIZE}pt/1.8 "Noto Serif CJK SC" }} html:lang(ja) {{ font-family: "Noto Serif CJK JP" }}"""
TEXTS = {
    "zh": "湖边有一座灯塔，守塔的人每晚七点点灯。他写道：“今夜有雾，船都停在湾里。”第二天雾散了，《湖上日报》登了这封信"
    "（没有署名）。2024年11月，新的守塔人到任，带来3台仪器和一本English词典……他说——“灯还会亮。”后来的人记得这句话，“也记得那晚的雾”。",
    "ja": "湖のほとりに灯台があり、守る人は毎晩七時に灯をともした。「今夜は霧だ。船はみな湾にいる。」と彼は書いた。翌日、"
    "霧が晴れ、新聞にその手紙（無署名）が載った。2024年にPythonの機械が3台きた……「灯はまた点る」と。",
}
NEVER_FIRST, NEVER_LAST = "，。：”）》、」…—", "“（《「"
Line = list[tuple[float, float, str]]


def printed(tmp_path: Path, lang: str, body: str) -> Path:
    made = tmp_path / "a.pdf"
    made.write_bytes(rendering.render(f'<!DOCTYPE html><html lang="{lang}"><body>{body}</body></html>', [CSS], {}).data)
    return made


def lines_of(path: Path) -> list[Line]:
    """Left and right edge of each character by the width in its font, line by line."""
    with pikepdf.open(path) as pdf:  # with a text of its own, a line's characters are spread evenly by pypdfium2
        content = pdf.pages[0].Contents.read_bytes()
        pdf.pages[0].Contents = pdf.make_stream(re.sub(rb"<</ActualText \(.*?\)>> BDC", b"BMC", content, flags=re.DOTALL))
        pdf.save(bare := path.with_suffix(".bare.pdf"))
    page = pypdfium2.PdfDocument(bare)[0].get_textpage()
    rows = defaultdict[int, Line](list)
    for index in range(page.count_chars()):
        text = page.get_text_range(index, 1)
        if text.strip():
            left, bottom, right, _ = page.get_charbox(index, loose=True)
            rows[round(bottom)].append((left, right, text))
    return [sorted(rows[bottom]) for bottom in sorted(rows, reverse=True)]


def words(path: Path) -> str:
    return subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("lang", TEXTS)
def test_both_edges_are_straight_and_no_mark_is_stranded(lang: str, tmp_path: Path) -> None:
    found = lines_of(printed(tmp_path, lang, f"<p>{TEXTS[lang] * 3}</p>"))
    assert len(found) > 10
    for line in found[:-1]:
        right, last = line[-1][1], line[-1][2]
        assert right - (SIZE / 2 if last in NEVER_FIRST and last not in "…—" else 0) == pytest.approx(WIDTH, abs=0.2)
        left = line[0][0] + (SIZE / 2 if line[0][2] in NEVER_LAST else 0)
        assert left == pytest.approx(0, abs=0.2)
    assert not [line[0][2] for line in found if line[0][2] in NEVER_FIRST]
    assert not [line[-1][2] for line in found if line[-1][2] in NEVER_LAST]


@pytest.mark.parametrize("lang", TEXTS)
def test_the_text_is_copied_as_it_was_written(lang: str, tmp_path: Path) -> None:
    marked = TEXTS[lang].replace("2024", "<b>2024</b>").replace("灯", '<a href="https://e.example">灯</a>')
    path = printed(tmp_path, lang, f"<p>{marked * 2}</p>")
    assert words(path).replace("\n", "").strip("\f") == TEXTS[lang] * 2


def test_latin_words_keep_their_distance_and_their_letters(tmp_path: Path) -> None:
    (line,) = lines_of(printed(tmp_path, "zh", "<p>用Python写</p>"))
    assert line[1][0] - line[0][1] == pytest.approx(2.5, abs=0.05)
    assert line[-1][0] - line[-2][1] == pytest.approx(2.5, abs=0.1)


def test_no_distance_is_added_to_a_blank(tmp_path: Path) -> None:
    (line,) = lines_of(printed(tmp_path, "zh", "<p>用 Python 写</p>"))
    assert line[1][0] - line[0][1] < 3


def test_marks_that_meet_share_an_em(tmp_path: Path) -> None:
    (line,) = lines_of(printed(tmp_path, "zh", "<p>“好。”（是）</p>"))
    places = {text: left for left, _, text in line}
    assert places["”"] - places["。"] == pytest.approx(SIZE / 2, abs=0.05)
    assert places["（"] - places["”"] == pytest.approx(SIZE / 2, abs=0.05)


def test_a_line_that_would_be_stretched_too_far_stays_ragged(tmp_path: Path) -> None:
    found = lines_of(printed(tmp_path, "zh", f"<p>见此{'x' * 45}以及别的</p>"))
    assert found[0][-1][1] < WIDTH / 2


def test_other_languages_are_left_alone(tmp_path: Path) -> None:
    (line,) = lines_of(printed(tmp_path, "en", "<p>用Python写</p>"))
    assert line[1][0] == pytest.approx(line[0][1], abs=0.05)
