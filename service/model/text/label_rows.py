"""The labels of `labels.WORDS` in languages beyond the nine that have dates of their own: one row each, in the order of NAMES.

CLDR (Babel) has the dates of these languages, and no such labels.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES = (
    "source_name", "authors", "date", "modified", "source_url", "fetched_at", "contents", "cover", "start", "image", "abstract",
    "series", "doi", "license",
)  # fmt: skip
ROWS = """
ar المصدر|بقلم|نُشر في|حُدّث في|الأصل|استُرجع في|المحتويات|الغلاف|النص|صورة|الملخص|السلسلة|DOI|الرخصة
bg Източник|От|Публикувано|Обновено|Оригинал|Извлечено|Съдържание|Корица|Текст|Изображение|Резюме|Поредица|DOI|Лиценз
ca Font|Per|Publicat|Actualitzat|Original|Consultat|Índex|Coberta|Text|Imatge|Resum|Sèrie|DOI|Llicència
cs Zdroj|Autor|Vydáno|Aktualizováno|Originál|Staženo|Obsah|Obálka|Text|Obrázek|Abstrakt|Řada|DOI|Licence
da Kilde|Af|Udgivet|Opdateret|Original|Hentet|Indhold|Omslag|Tekst|Billede|Resumé|Serie|DOI|Licens
el Πηγή|Συγγραφέας|Δημοσιεύτηκε|Ενημερώθηκε|Πρωτότυπο|Ανακτήθηκε|Περιεχόμενα|Εξώφυλλο|Κείμενο|Εικόνα|Περίληψη|Σειρά|DOI|Άδεια
fa منبع|نویسنده|تاریخ انتشار|به‌روزرسانی|نسخهٔ اصلی|تاریخ دریافت|فهرست|جلد|متن|تصویر|چکیده|مجموعه|DOI|مجوز
fi Lähde|Kirjoittaja|Julkaistu|Päivitetty|Alkuperäinen|Haettu|Sisällys|Kansi|Teksti|Kuva|Tiivistelmä|Sarja|DOI|Lisenssi
he מקור|מאת|פורסם|עודכן|המקור המלא|אוחזר|תוכן העניינים|כריכה|טקסט|תמונה|תקציר|סדרה|DOI|רישיון
hi स्रोत|लेखक|प्रकाशित|अद्यतन|मूल|प्राप्त|विषय-सूची|आवरण|पाठ|चित्र|सारांश|शृंखला|DOI|लाइसेंस
hr Izvor|Autor|Objavljeno|Ažurirano|Izvornik|Preuzeto|Sadržaj|Naslovnica|Tekst|Slika|Sažetak|Niz|DOI|Licencija
hu Forrás|Szerző|Megjelent|Frissítve|Eredeti|Letöltve|Tartalom|Borító|Szöveg|Kép|Kivonat|Sorozat|DOI|Licenc
id Sumber|Oleh|Terbit|Diperbarui|Asli|Diambil|Daftar Isi|Sampul|Teks|Gambar|Abstrak|Seri|DOI|Lisensi
nb Kilde|Av|Publisert|Oppdatert|Original|Hentet|Innhold|Omslag|Tekst|Bilde|Sammendrag|Serie|DOI|Lisens
nl Bron|Door|Gepubliceerd|Bijgewerkt|Origineel|Opgehaald|Inhoud|Omslag|Tekst|Afbeelding|Samenvatting|Reeks|DOI|Licentie
pl Źródło|Autor|Opublikowano|Zaktualizowano|Oryginał|Pobrano|Spis treści|Okładka|Tekst|Obraz|Streszczenie|Seria|DOI|Licencja
pt Fonte|Por|Publicado|Atualizado|Original|Consultado|Sumário|Capa|Texto|Imagem|Resumo|Série|DOI|Licença
ro Sursa|De|Publicat|Actualizat|Original|Accesat|Cuprins|Copertă|Text|Imagine|Rezumat|Serie|DOI|Licență
ru Источник|Автор|Опубликовано|Обновлено|Оригинал|Получено|Содержание|Обложка|Текст|Изображение|Аннотация|Серия|DOI|Лицензия
sk Zdroj|Autor|Vydané|Aktualizované|Originál|Stiahnuté|Obsah|Obálka|Text|Obrázok|Abstrakt|Séria|DOI|Licencia
sr Извор|Аутор|Објављено|Ажурирано|Оригинал|Преузето|Садржај|Корице|Текст|Слика|Сажетак|Едиција|DOI|Лиценца
sv Källa|Av|Publicerad|Uppdaterad|Original|Hämtad|Innehåll|Omslag|Text|Bild|Sammanfattning|Serie|DOI|Licens
th ที่มา|โดย|เผยแพร่|ปรับปรุง|ต้นฉบับ|เรียกข้อมูล|สารบัญ|ปก|เนื้อหา|ภาพ|บทคัดย่อ|ชุด|DOI|สัญญาอนุญาต
tr Kaynak|Yazan|Yayımlanma|Güncelleme|Özgün|Erişim|İçindekiler|Kapak|Metin|Görsel|Özet|Dizi|DOI|Lisans
uk Джерело|Автор|Опубліковано|Оновлено|Оригінал|Отримано|Зміст|Обкладинка|Текст|Зображення|Анотація|Серія|DOI|Ліцензія
ur ماخذ|از|تاریخِ اشاعت|تجدید|اصل|حصول|فہرست|سرورق|متن|تصویر|خلاصہ|سلسلہ|DOI|اجازت نامہ
vi Nguồn|Tác giả|Xuất bản|Cập nhật|Bản gốc|Truy cập|Mục lục|Bìa|Nội dung|Hình|Tóm tắt|Bộ|DOI|Giấy phép
"""
WORDS: dict[str, Mapping[str, str]] = {
    row.split(" ", 1)[0]: dict(zip(NAMES, row.split(" ", 1)[1].split("|"), strict=True)) for row in ROWS.strip().splitlines()
}
# Norwegian without a written form, and old codes of ISO 639.
SAME: Mapping[str, str] = {"no": "nb", "nn": "nb", "iw": "he", "in": "id", "sh": "sr"}
