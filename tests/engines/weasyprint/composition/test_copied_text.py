"""Text of complex scripts, copied from the PDF by pdftotext."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from service.engines.weasyprint import rendering

TEXTS = {
    "th": "น้ำทำให้คำนี้ยาว",
    "lo": "ນ້ຳ ທຳງານ",
    "km": "ភាសាខ្មែរបន្ទាត់",
    "my": "မြန်မာစကား",
    "hi": "किताब श्रीमान् क्षत्रिय",
    "mr": "मराठी ज्ञान",
    "bn": "বাংলা কিতাব",
    "pa": "ਪੰਜਾਬੀ ਕਿਤਾਬ",
    "gu": "ગુજરાતી ક્ષેત્ર",
    "ta": "தமிழ் மொழி",
    "te": "తెలుగు క్షేత్రం",
    "kn": "ಕನ್ನಡ ಕ್ಷೇತ್ರ",
    "ml": "മലയാളം കൊല്ലം",
    "si": "සිංහල භාෂාව",
    "or": "ଓଡ଼ିଆ କ୍ଷେତ୍ର",
    "bo": "བོད་ཡིག",
    "ar": "النص العربي",
    "he": "שלום עולם",
    "ur": "اردو زبان",
    "el": "Ελληνική",
    "ru": "Русский",
    "ka": "ქართული",
    "hy": "Հայերեն",
    "am": "አማርኛ",
    "ko": "한국어 문장",
    "ja": "日本語の文",
    "zh": "中文句子",
    "vi": "Tiếng Việt",
    "en": "office fluffy",
    "de": "Straße fließt",
}
MARKS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\f"))
RIGHT_TO_LEFT = {"ar", "he", "ur"}


@pytest.mark.parametrize("lang", TEXTS)
def test_a_copy_is_the_source(lang: str, tmp_path: Path) -> None:
    direction = "rtl" if lang in RIGHT_TO_LEFT else "ltr"
    html = f'<!DOCTYPE html><html lang="{lang}" dir="{direction}"><body><p>{TEXTS[lang]}</p></body></html>'
    printed = rendering.render(html, ["html { font: 12pt serif }"], {})
    if any(each.startswith(rendering.MISSING_GLYPH) for each in printed.messages):
        pytest.skip(f"no font of this machine has glyphs for the language {lang}")
    (made := tmp_path / "a.pdf").write_bytes(printed.data)
    shown = subprocess.run(["pdftotext", made, "-"], check=True, capture_output=True, text=True).stdout
    assert " ".join(shown.translate(MARKS).split()) == TEXTS[lang]


def test_places_for_breaks_are_not_copied(tmp_path: Path) -> None:
    html = '<!DOCTYPE html><html lang="km"><body><p>ភា\u200bសា</p></body></html>'
    (made := tmp_path / "a.pdf").write_bytes(rendering.render(html, [], {}).data)
    shown = subprocess.run(["pdftotext", made, "-"], check=True, capture_output=True, text=True).stdout
    assert shown.strip() == "ភាសា"
