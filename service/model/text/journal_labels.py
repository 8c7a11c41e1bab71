"""The labels of a journal's statements about an article, by language: one row each, in the order of NAMES.

The languages are those of `labels.WORDS`.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES = ("keywords", "corresponding", "received", "accepted", "volume", "funding", "conflict_of_interest")
ROWS = """
en Keywords|Corresponding author|Received|Accepted|Volume|Funding|Conflict of interest
zh-Hans 关键词|通讯作者|收稿日期|录用日期|卷期|基金项目|利益冲突
zh-Hant 關鍵詞|通訊作者|收稿日期|接受日期|卷期|經費補助|利益衝突
ja キーワード|責任著者|受付日|受理日|巻号|助成|利益相反
ko 주제어|교신저자|접수일|게재 확정일|권호|연구비 지원|이해 충돌
it Parole chiave|Autore corrispondente|Ricevuto|Accettato|Volume|Finanziamento|Conflitto di interessi
fr Mots-clés|Auteur correspondant|Reçu|Accepté|Volume|Financement|Conflit d’intérêts
de Schlüsselwörter|Korrespondenz|Eingegangen|Angenommen|Band|Förderung|Interessenkonflikt
es Palabras clave|Autor de correspondencia|Recibido|Aceptado|Volumen|Financiación|Conflicto de intereses
ar الكلمات المفتاحية|المؤلف المراسل|تاريخ الاستلام|تاريخ القبول|المجلد|التمويل|تضارب المصالح
bg Ключови думи|Автор за кореспонденция|Получена|Приета|Том|Финансиране|Конфликт на интереси
ca Paraules clau|Autor de correspondència|Rebut|Acceptat|Volum|Finançament|Conflicte d’interessos
cs Klíčová slova|Korespondenční autor|Přijato|Schváleno|Ročník|Financování|Střet zájmů
da Nøgleord|Korresponderende forfatter|Modtaget|Accepteret|Bind|Finansiering|Interessekonflikt
el Λέξεις-κλειδιά|Συγγραφέας επικοινωνίας|Παραλήφθηκε|Έγινε δεκτό|Τόμος|Χρηματοδότηση|Σύγκρουση συμφερόντων
fa کلیدواژه‌ها|نویسندهٔ مسئول|تاریخ دریافت مقاله|تاریخ پذیرش|دوره|حمایت مالی|تعارض منافع
fi Avainsanat|Vastaava kirjoittaja|Vastaanotettu|Hyväksytty|Vuosikerta|Rahoitus|Eturistiriidat
he מילות מפתח|מחבר מכותב|התקבל|אושר|כרך|מימון|ניגוד עניינים
hi मुख्य शब्द|पत्राचार लेखक|प्राप्ति तिथि|स्वीकृति तिथि|खंड|वित्तपोषण|हितों का टकराव
hr Ključne riječi|Dopisni autor|Primljeno|Prihvaćeno|Svezak|Financiranje|Sukob interesa
hu Kulcsszavak|Levelező szerző|Beérkezett|Elfogadva|Kötet|Támogatás|Összeférhetetlenség
id Kata kunci|Penulis korespondensi|Diterima|Disetujui|Volume|Pendanaan|Konflik kepentingan
nb Nøkkelord|Korresponderende forfatter|Mottatt|Akseptert|Bind|Finansiering|Interessekonflikt
nl Trefwoorden|Correspondentie|Ontvangen|Geaccepteerd|Jaargang|Financiering|Belangenconflict
pl Słowa kluczowe|Autor korespondencyjny|Otrzymano|Zaakceptowano|Tom|Finansowanie|Konflikt interesów
pt Palavras-chave|Autor correspondente|Recebido|Aceito|Volume|Financiamento|Conflito de interesses
ro Cuvinte-cheie|Autor corespondent|Primit|Acceptat|Volum|Finanțare|Conflict de interese
ru Ключевые слова|Автор для переписки|Поступила|Принята|Том|Финансирование|Конфликт интересов
sk Kľúčové slová|Korešpondenčný autor|Prijaté|Schválené|Ročník|Financovanie|Konflikt záujmov
sr Кључне речи|Аутор за кореспонденцију|Примљено|Прихваћено|Том|Финансирање|Сукоб интереса
sv Nyckelord|Korresponderande författare|Mottagen|Accepterad|Volym|Finansiering|Intressekonflikt
th คำสำคัญ|ผู้นิพนธ์ประสานงาน|วันที่รับบทความ|วันที่ตอบรับ|ปีที่|แหล่งทุน|ผลประโยชน์ทับซ้อน
tr Anahtar sözcükler|Sorumlu yazar|Geliş tarihi|Kabul tarihi|Cilt|Finansman|Çıkar çatışması
uk Ключові слова|Автор для листування|Надійшла|Прийнята|Том|Фінансування|Конфлікт інтересів
ur کلیدی الفاظ|مراسلاتی مصنف|موصول|منظور|جلد|مالی معاونت|مفادات کا ٹکراؤ
vi Từ khóa|Tác giả liên hệ|Ngày nhận bài|Ngày chấp nhận|Tập|Tài trợ|Xung đột lợi ích
"""
WORDS: dict[str, Mapping[str, str]] = {
    row.split(" ", 1)[0]: dict(zip(NAMES, row.split(" ", 1)[1].split("|"), strict=True)) for row in ROWS.strip().splitlines()
}
