"""Languages: tags as people write them, and what a text is in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.languages import detected, fallback, normalised
from service.input.encoding import decode

TAGS = {"zh_CN": "zh-CN", "EN-us": "en-US", "iw": "he", "zh-hant-tw": "zh-Hant-TW",
        "en_US.UTF-8": "en-US", "中文": "zh", "German": "de",
        "zz": None, "klingon": None, "": None, "x" * 400: None, "en us": None,
         "und": "und", "cmn-Hans-CN": "cmn-Hans-CN"}  # fmt: skip
TEXTS = {
    "ja": "日本のサイバーセキュリティは、この十年で大きく変わりました。", "ko": "한국의 사이버 보안 산업은 빠르게 발전했다.",
    "zh-Hans": "中国的网络安全产业发展很快。", "zh-Hant": "這個國家的網路安全產業發展得很快。", "ru": "Мы видим это каждый день.",
    "uk": "Ми бачимо її щодня і в цій країні є більше.", "ar": "نرى هذا كل يوم في البلاد.", "he": "אנחנו רואים את זה כל יום.",
    "fa": "این کشور پیشرفت چشمگیری داشته و گزارش می‌دهد", "el": "Το βλέπουμε κάθε μέρα.", "th": "เราเห็นสิ่งนี้ทุกวัน",
    "en": "The security of the network is what this is about and it was not easy.",
    "it": "La sicurezza della rete è un tema che non si può più ignorare nel mondo.",
    "fr": "La sécurité des réseaux est un sujet que l'on ne peut pas ignorer dans le monde.",
    "de": "Die Sicherheit der Netze ist ein Thema, das man nicht mehr ignorieren kann und soll.",
    "es": "La seguridad de las redes es un tema que no se puede ignorar en el mundo y los países.",
    "pt": "A segurança das redes é um tema que não se pode ignorar no mundo e com os países.",
    "nl": "De veiligheid van het netwerk is een onderwerp dat men niet kan negeren.",
    "": "Kubernetes PostgreSQL",
}  # fmt: skip


@pytest.mark.parametrize(("text", "tag"), TAGS.items())
def test_tags(text: str, tag: str | None) -> None:
    assert normalised(text) == tag


@pytest.mark.parametrize(("lang", "text"), TEXTS.items())
def test_texts(lang: str, text: str) -> None:
    assert detected(text) == lang


def test_the_fallback() -> None:
    assert (fallback("Kubernetes"), fallback("123 !"), detected("123")) == ("en", "und", "")


def test_a_chinese_text_may_quote_kana() -> None:
    assert detected("中国的网络安全产业发展很快，我们看到了许多新的技术和应用，例如セキュ。" * 3) == "zh-Hans"


def test_a_chinese_page_of_names_and_code() -> None:
    assert detected("CobaltStrike beacon二开指南 [logo] Server Error") == "zh-Hans"


@given(st.text())
def test_any_text(text: str) -> None:
    assert detected(text) == "" or normalised(detected(text)) == detected(text)
    tag = normalised(text)
    assert tag is None or normalised(tag) == tag


def test_the_corpus_is_reported(corpus: list[Path]) -> None:
    unsure = [path.name for path in corpus if not detected(decode(path.read_bytes())[0])]
    assert len(unsure) <= len(corpus) // 10, unsure  # exploit listings of two lines
