"""A paragraph in each of the 30 scripts and languages that are written most, read back from the PDF by two programs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from service.engines import Engines
from service.model.document import Artifact, Conversion, Source
from service.pipeline import steps

Recipe = Callable[..., Conversion]
SENTENCES = {
    "en": "The office lit a fluffy lamp, and nobody asked why.",
    "de": "Die Straße fließt über große Füße.",
    "pl": "Źdźbło trawy chwiało się nad łąką, gdzie śpi jeż.",
    "tr": "Işığın gölgesi İzmir'de çağrıyı şaşırttı.",
    "vi": "Ngọn đèn ở cuối đường vẫn sáng mỗi tối.",
    "ru": "Смотритель зажёг лампу, и корабли вошли в бухту.",
    "el": "Ο φαροφύλακας άναψε τη λάμπα κάθε βράδυ.",
    "hy": "Փարոսի պահակը վառեց լամպը ամեն երեկո։",
    "ka": "შუქურის მცველმა ყოველ საღამოს ანთო ლამპა.",
    "am": "የመብራት ጠባቂው ማታ ማታ መብራቱን ያበራል።",
    "ar": "أشعل حارس المنارة المصباح كل مساء، ولم يسأل أحد.",
    "fa": "نگهبان فانوس هر شب چراغ را می‌افروخت و کسی نپرسید.",
    "ur": "مینار کا نگہبان ہر شام چراغ جلاتا تھا۔",
    "he": "שומר המגדלור הדליק את המנורה בכל ערב.",
    "hi": "प्रकाशस्तंभ का रक्षक हर शाम श्रद्धा से दीपक जलाता था।",
    "mr": "दीपगृहाचा रक्षक दररोज संध्याकाळी ज्ञानाचा दिवा लावी.",
    "ne": "प्रकाशस्तम्भको रक्षकले हरेक साँझ बत्ती बाल्थ्यो।",
    "bn": "বাতিঘরের রক্ষী প্রতি সন্ধ্যায় প্রদীপ জ্বালাত।",
    "pa": "ਚਾਨਣ ਮੁਨਾਰੇ ਦਾ ਰਾਖਾ ਹਰ ਸ਼ਾਮ ਦੀਵਾ ਜਗਾਉਂਦਾ ਸੀ।",
    "gu": "દીવાદાંડીનો રક્ષક દરરોજ સાંજે શ્રદ્ધાથી દીવો પ્રગટાવતો.",
    "or": "ବତୀଘରର ରକ୍ଷକ ପ୍ରତି ସନ୍ଧ୍ୟାରେ ଦୀପ ଜଳାଉଥିଲା।",
    "ta": "கலங்கரை விளக்கின் காவலர் ஒவ்வொரு மாலையும் விளக்கேற்றினார்.",
    "te": "దీపస్తంభం కాపలాదారు ప్రతి సాయంత్రం దీపం వెలిగించేవాడు.",
    "kn": "ದೀಪಸ್ತಂಭದ ಕಾವಲುಗಾರ ಪ್ರತಿ ಸಂಜೆ ದೀಪ ಹಚ್ಚುತ್ತಿದ್ದ.",
    "ml": "വിളക്കുമാടത്തിലെ കാവൽക്കാരൻ എല്ലാ വൈകുന്നേരവും വിളക്ക് കൊളുത്തി.",
    "si": "ප්‍රදීපාගාරයේ මුරකරු සෑම සවසකම පහන දැල්වීය.",
    "th": "คนเฝ้าประภาคารจุดตะเกียงทุกค่ำ น้ำทะเลก็สงบ",
    "lo": "ຄົນເຝົ້າປະພາຄານຈູດຕະກຽງທຸກຄ່ຳ ນ້ຳກໍສະຫງົບ",
    "km": "អ្នកយាមប៉មភ្លើងហ្វារបំភ្លឺចង្កៀងរាល់ល្ងាច។",
    "my": "မီးပြတိုက်စောင့်သူသည် ညတိုင်း မီးအိမ်ကို ထွန်းသည်။",
    "bo": "སྒྲོན་མེའི་སྲུང་མ་ས་དགོང་མོ་རེ་རེར་སྒྲོན་མེ་བཏང་།",
    "zh-Hans": "守塔人每晚点灯，船都停在湾里；2024年换了LED灯。",
    "zh-Hant": "守塔人每晚點燈，船都停在灣裡。",
    "ja": "灯台守は毎晩、ランプに火をともした。",
    "ko": "등대지기는 저녁마다 등불을 켰다.",
}
HEAD = "---\ntitle: T\nlang: {}\n---\n\n{}\n"
ROUNDS = 9  # of the sentence: some lines of a paragraph
# Marks of direction, soft hyphens, and the zero-width blanks that a reader may leave out.
UNSEEN = dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\u00ad\ufeff\ufffe\f\x02")
)


def convert(lang: str, engines: Engines, conversion: Recipe) -> Artifact:
    recipe = conversion("pdf", title_fields="none", header="none", footer="none", typography="as-is")
    paragraph = " ".join([SENTENCES[lang]] * ROUNDS)
    document = steps.read(Source("a.md", HEAD.format(lang, paragraph).encode()), recipe, engines)
    return steps.write(document, recipe, "pdf", engines)


def letters(text: str) -> str:
    """The text for the comparison: lines end with the page, and a hyphen at their end is not from the author."""
    return "".join(text.translate(UNSEEN).replace("-\n", "").replace("-\r\n", "").split())


@pytest.mark.parametrize("lang", SENTENCES)
def test_a_paragraph_is_read_back(lang: str, engines: Engines, conversion: Recipe, tmp_path: Path) -> None:
    made = convert(lang, engines, conversion)
    if any(each.code == "text-without-glyphs" for each in made.notices):
        pytest.skip(f"no font of this machine has glyphs for the language {lang}")
    (path := tmp_path / "a.pdf").write_bytes(made.data)
    shown = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
    assert letters(shown) == letters(f"T{SENTENCES[lang] * ROUNDS}")


def test_they_are_thirty() -> None:
    assert len(SENTENCES) >= 30


@pytest.mark.parametrize("lang", SENTENCES)
def test_another_program_reads_the_same(lang: str, engines: Engines, conversion: Recipe) -> None:
    made = convert(lang, engines, conversion)
    if any(each.code == "text-without-glyphs" for each in made.notices):
        pytest.skip(f"no font of this machine has glyphs for the language {lang}")
    shown = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(made.data))
    assert letters(shown) == letters(f"T{SENTENCES[lang] * ROUNDS}")
