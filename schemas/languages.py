"""Languages: BCP 47 tags in the spellings of authors, and the language of a text by its script and most common words."""

from __future__ import annotations

import functools
import re
from collections import Counter

import langcodes

# Names in front matter instead of tags.
NAMES = {
    "english": "en", "chinese": "zh", "中文": "zh",
    "简体中文": "zh-Hans", "繁體中文": "zh-Hant", "繁体中文": "zh-Hant", "汉语": "zh",
    "japanese": "ja", "日本語": "ja", "korean": "ko", "한국어": "ko", "german": "de", "deutsch": "de", "french": "fr",
    "français": "fr", "italian": "it", "italiano": "it", "spanish": "es", "español": "es", "portuguese": "pt", "português": "pt",
    "russian": "ru", "русский": "ru", "dutch": "nl", "nederlands": "nl", "arabic": "ar", "hebrew": "he", "polish": "pl",
}  # fmt: skip
SAMPLE = 20_000
CJK_WEIGHT = 3  # one ideograph counts as about three letters
SCRIPTS = (
    ("kana", "\u3041", "\u3096"), ("kana", "\u30a1", "\u30fa"), ("hangul", "\uac00", "\ud7a3"), ("han", "\u3400", "\u4dbf"),
    ("han", "\u4e00", "\u9fff"), ("han", "\U00020000", "\U0003ffff"), ("ru", "\u0400", "\u052f"), ("ar", "\u0600", "\u06ff"),
    ("he", "\u0590", "\u05ff"), ("el", "\u0370", "\u03ff"), ("th", "\u0e00", "\u0e7f"), ("hi", "\u0900", "\u097f"),
    ("bn", "\u0980", "\u09ff"), ("ta", "\u0b80", "\u0bff"), ("te", "\u0c00", "\u0c7f"), ("ka", "\u10a0", "\u10ff"),
    ("hy", "\u0530", "\u058f"), ("km", "\u1780", "\u17ff"), ("lo", "\u0e80", "\u0eff"), ("my", "\u1000", "\u109f"),
    ("latin", "A", "Z"), ("latin", "a", "z"), ("latin", "\u00c0", "\u024f"), ("latin", "\u1e00", "\u1eff"),
)  # fmt: skip
# Common characters of only one of the two Chinese scripts.
SIMPLIFIED = frozenset("这个们来时为说国会学对过发经动两长无开见头后里么还没当样体点实业电现进种关问题机应产网与华东车马门话语")
TRADITIONAL = frozenset("這個們來時為說國會學對過發經動兩長無開見頭後裡麼還沒當樣體點實業電現進種關問題機應產網與華東車馬門話語")
OWN_LETTERS = (("ru", "uk", "іїєґІЇЄҐ"), ("ar", "ur", "ٹڈڑےں"), ("ar", "fa", "پچژگ"))
WORDS = {
    "en": "the of and to in is that for it was on with as are be this by from at have not has or an which you",
    "it": "di che il la è e per un una in del della con non sono le dei i si da al gli nel ha più anche questo",
    "fr": "de la le les et des est en un une que du pour dans qui par sur au plus ne pas avec ce sont il aux",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus",
    "es": "de la que el en y los del se las por un para con una no su al es lo como más pero sus este",
    "pt": "de que e o do da em um para com não uma os no se na por mais as dos como mas ao das é são",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als door maar naar worden bij",
    "pl": "w i na z do nie się jest to że o jak po co dla od przez ale tym są był oraz być przy",
    "sv": "och i att det som en på är av för med den till inte om ett har de men var från kan så",
    "tr": "ve bir bu için ile da de çok olarak daha en gibi olan sonra kadar ne ya her değil ancak",
    "vi": "và của là có các được trong cho một không với những người này để đã khi tại đến về",
}
STOP_WORDS = {tag: frozenset(words.split()) for tag, words in WORDS.items()}
WORD = re.compile(r"[^\W\d_]+")
FEWEST_WORDS = 3
LEAD = 1.15  # by how much the best must beat the second


def normalised(text: str) -> str | None:
    """The BCP 47 tag (`zh_CN` → `zh-CN`, `EN-us` → `en-US`, `iw` → `he`), or None if it is not a language."""
    bare = text.strip()
    if named := NAMES.get(bare.lower()):
        return named
    bare = re.split(r"[.@]", bare, maxsplit=1)[0].replace("_", "-")  # en_US.UTF-8
    if not re.fullmatch(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8}){0,7}", bare):
        return None
    try:
        tag: str = langcodes.standardize_tag(bare)
        return tag if tag == "und" or langcodes.tag_is_valid(tag) else None
    except (langcodes.LanguageTagError, ValueError):
        return None


def detected(text: str) -> str:
    """The language of `text`; empty if neither script nor words are clear."""
    sample = text[:SAMPLE]
    chars = Counter(sample)
    counts = _scripts(chars)
    if not counts:
        return ""
    east_asian = CJK_WEIGHT * (counts["han"] + counts["kana"] + counts["hangul"])
    others = {script: count for script, count in counts.items() if script not in {"han", "kana", "hangul"}}
    best = max(others, key=others.__getitem__, default="")
    if east_asian >= others.get(best, 0):
        return _east_asian(chars, counts)
    if best != "latin":
        return _own_letters(best, sample)
    # A Chinese page of code, names and addresses has more Latin letters, but no sentence of a Latin language.
    return _latin(sample) or (_east_asian(chars, counts) if east_asian > others["latin"] / 10 else "")


def fallback(text: str) -> str:
    """The language if detection is not sure: English for Latin letters, else none."""
    return "en" if _scripts(Counter(text[:SAMPLE]))["latin"] else "und"


def _scripts(chars: Counter[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for char, times in chars.items():
        if script := _script(char):
            counts[script] += times
    return counts


@functools.lru_cache(maxsize=1 << 16)
def _script(char: str) -> str:
    """The script of a letter; empty for other characters and other scripts."""
    return next((script for script, first, last in SCRIPTS if first <= char <= last and char.isalpha()), "")


def _east_asian(chars: Counter[str], counts: Counter[str]) -> str:
    """A Chinese text may quote kana, a Japanese one always has plenty; hangul is Korean."""
    if counts["hangul"] > counts["han"] + counts["kana"]:
        return "ko"
    if counts["kana"] > 0.1 * (counts["han"] + counts["kana"]):
        return "ja"
    traditional = sum(chars[char] for char in TRADITIONAL - SIMPLIFIED)
    simplified = sum(chars[char] for char in SIMPLIFIED - TRADITIONAL)
    return "zh-Hant" if traditional > simplified else "zh-Hans"


def _own_letters(script: str, text: str) -> str:
    """Ukrainian, Urdu and Persian have letters that the most common language of the script lacks."""
    letters = sum(1 for char in text if char.isalpha())
    for base, tag, own in OWN_LETTERS:
        if base == script and sum(text.count(char) for char in own) > 0.01 * letters:
            return tag
    return script


def _latin(text: str) -> str:
    words = Counter(WORD.findall(text.lower()))
    scores = {tag: sum(words[word] for word in known) for tag, known in STOP_WORDS.items()}
    (best, most), (_, second) = sorted(scores.items(), key=lambda item: item[1], reverse=True)[:2]
    return best if most >= FEWEST_WORDS and most >= second * LEAD else ""
