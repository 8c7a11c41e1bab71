"""The words for a figure, a table and a callout, by language.

CLDR (Babel) has no such words. A language without a row uses the English words: a caption always has its label.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES = ("figure", "table", "note", "tip", "important", "warning", "caution")
ROWS = """
en Figure|Table|Note|Tip|Important|Warning|Caution
ar الشكل|الجدول|ملاحظة|نصيحة|مهم|تحذير|تنبيه
bg Фигура|Таблица|Бележка|Съвет|Важно|Предупреждение|Внимание
ca Figura|Taula|Nota|Consell|Important|Advertència|Atenció
cs Obrázek|Tabulka|Poznámka|Tip|Důležité|Varování|Pozor
da Figur|Tabel|Bemærk|Tip|Vigtigt|Advarsel|Forsigtig
de Abbildung|Tabelle|Hinweis|Tipp|Wichtig|Warnung|Vorsicht
el Σχήμα|Πίνακας|Σημείωση|Συμβουλή|Σημαντικό|Προειδοποίηση|Προσοχή
es Figura|Tabla|Nota|Consejo|Importante|Advertencia|Precaución
fa شکل|جدول|یادداشت|نکته|مهم|هشدار|احتیاط
fi Kuva|Taulukko|Huomautus|Vinkki|Tärkeää|Varoitus|Huomio
fr Figure|Tableau|Note|Conseil|Important|Avertissement|Attention
he איור|טבלה|הערה|טיפ|חשוב|אזהרה|זהירות
hi चित्र|तालिका|टिप्पणी|सुझाव|महत्वपूर्ण|चेतावनी|सावधानी
hr Slika|Tablica|Napomena|Savjet|Važno|Upozorenje|Oprez
hu ábra|táblázat|Megjegyzés|Tipp|Fontos|Figyelmeztetés|Vigyázat
id Gambar|Tabel|Catatan|Tips|Penting|Peringatan|Perhatian
it Figura|Tabella|Nota|Suggerimento|Importante|Avvertenza|Attenzione
ja 図|表|注記|ヒント|重要|警告|注意
ko 그림|표|참고|도움말|중요|경고|주의
nb Figur|Tabell|Merk|Tips|Viktig|Advarsel|Forsiktig
nl Figuur|Tabel|Opmerking|Tip|Belangrijk|Waarschuwing|Let op
no Figur|Tabell|Merk|Tips|Viktig|Advarsel|Forsiktig
pl Rysunek|Tabela|Uwaga|Wskazówka|Ważne|Ostrzeżenie|Przestroga
pt Figura|Tabela|Nota|Dica|Importante|Aviso|Cuidado
ro Figura|Tabelul|Notă|Sfat|Important|Avertisment|Atenție
ru Рисунок|Таблица|Примечание|Совет|Важно|Предупреждение|Осторожно
sk Obrázok|Tabuľka|Poznámka|Tip|Dôležité|Varovanie|Pozor
sr Слика|Табела|Напомена|Савет|Важно|Упозорење|Опрез
sv Figur|Tabell|Anmärkning|Tips|Viktigt|Varning|Försiktighet
th รูปที่|ตารางที่|หมายเหตุ|เคล็ดลับ|สำคัญ|คำเตือน|ข้อควรระวัง
tr Şekil|Tablo|Not|İpucu|Önemli|Uyarı|Dikkat
uk Рисунок|Таблиця|Примітка|Порада|Важливо|Попередження|Обережно
ur شکل|جدول|نوٹ|مشورہ|اہم|انتباہ|احتیاط
vi Hình|Bảng|Ghi chú|Mẹo|Quan trọng|Cảnh báo|Thận trọng
zh-hans 图|表|注意|提示|重要|警告|小心
zh-hant 圖|表|注意|提示|重要|警告|小心
"""
WORDS: Mapping[str, Mapping[str, str]] = {
    row.split(" ", 1)[0]: dict(zip(NAMES, row.split(" ", 1)[1].split("|"), strict=True)) for row in ROWS.strip().splitlines()
}
TRADITIONAL = frozenset({"hant", "tw", "hk", "mo"})


def word(name: str, lang: str) -> str:
    """`name`, one of NAMES, in the language `lang` (BCP 47); empty for any other name."""
    return _row(lang).get(name, "")


def words(name: str) -> frozenset[str]:
    """`name` in every language, in lower case."""
    return frozenset(row[name].lower() for row in WORDS.values())


def _row(lang: str) -> Mapping[str, str]:
    primary, *rest = lang.lower().replace("_", "-").split("-")
    if primary == "zh":
        primary = "zh-hans" if TRADITIONAL.isdisjoint(rest) else "zh-hant"
    return WORDS.get(primary, WORDS["en"])
