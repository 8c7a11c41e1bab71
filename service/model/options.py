"""The table of conversion options: each row of `Options` has a default, a label and a help text in English and Chinese, and the
allowed values. The schema, OpenAPI, the flags of the command line, the page and docs/options.md follow from the rows.

Names are pandoc's where pandoc has the option. `-` and `_` are equal on the wire.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from service.model import lengths, title_fields
from service.model.devices import DEVICES
from service.model.option_checks import known_placeholders, moment, web_address

Value = str | int | bool | Mapping[str, object]
Kind = TypeVar("Kind", str, int, bool, Mapping[str, object])
Check = Callable[[str], object]
PAGES = ("pdf", "docx")  # formats with pages of a size
DESIGNED = ("pdf", "epub", "docx", "html")
FOLDED, ELSEWHERE = 0, -1  # on the page at `/`: under "More options", or shown in another way

DIALECTS = (
    "auto", "markdown", "gfm", "commonmark", "commonmark_x",
    "obsidian", "mkdocs", "quarto", "docusaurus", "hugo", "jekyll", "chat",
)  # fmt: skip
HIGHLIGHT_STYLES = (
    "pygments", "none", "tango", "espresso", "zenburn", "kate", "monochrome", "breezedark", "haddock",
)  # fmt: skip


class Words(NamedTuple):
    """A text in English and in simplified Chinese."""

    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Option:
    """The row of an option. The type of `default` is the type of the option.

    `name` is the name in requests, `attribute` the name in `Options`. `check` receives a text that is not empty and raises
    ValueError if it is not valid. `range` has the least and the largest number, `longest` counts characters.
    """

    name: str
    attribute: str
    default: Value
    label: Words
    help: Words
    choices: tuple[str, ...] = ()  # empty: any value
    range: tuple[int, int] | None = None
    longest: int = 0
    check: Check | None = None
    formats: tuple[str, ...] = ()  # output formats that it applies to; empty: all
    shapes_output: bool = True  # the bytes of the artifact depend on it
    short: str = ""  # short flag of the command line
    place: int = FOLDED  # on the page: its position among the first, FOLDED or ELSEWHERE
    offered: tuple[str, ...] = ()  # suggestions of the page for options with any text

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


def row(  # noqa: PLR0913 (one for each column)
    default: Kind, label: tuple[str, str], help: tuple[str, str], *, name: str = "", choices: tuple[str, ...] = (),
    range: tuple[int, int] | None = None, longest: int = 0, check: Check | None = None, formats: tuple[str, ...] = (),
    shapes_output: bool = True, short: str = "", place: int = FOLDED, offered: tuple[str, ...] = (),
) -> Kind:  # fmt: skip
    """A field of `Options`."""
    about = {
        "default": default, "label": Words(*label), "help": Words(*help), "name": name, "choices": choices, "range": range,
        "longest": longest, "check": check, "formats": formats, "shapes_output": shapes_output, "short": short,
        "place": place, "offered": offered,
    }  # fmt: skip
    return dataclasses.field(default_factory=lambda: default, metadata=about)


NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    # fmt: off
    reader: str = row("auto", ("Input format", "输入格式"),
        ("Input format. auto detects it from name and content.", "auto：依文件名和内容判断。"), name="from", short="-f")
    dialect: str = row("auto", ("Markdown dialect", "Markdown 方言"),
        ("Markdown dialect. docs/readers.md lists what each one reads.", "哪一种 Markdown。"), choices=DIALECTS)
    profile: str = row("article", ("Look", "版式"),
        ("Design of the pages: article, book, paper, report, or a profile of the operator.",
         "页面的样式。"), formats=DESIGNED, place=1)
    metadata: Mapping[str, object] = row(NOTHING, ("Metadata", "元数据"),
        ("Metadata as a JSON object. It overrides the front matter.", "JSON 对象，优先于文首所记。"), short="-M", place=ELSEWHERE)
    metadata_defaults: Mapping[str, object] = row(NOTHING, ("Default metadata", "默认元数据"),
        ("Metadata as a JSON object, for the fields that neither the front matter nor a metadata file sets.",
         "JSON 对象，用于文首和元数据文件都没有写明的字段。"), place=ELSEWHERE)
    lang: str = row("", ("Language of the text", "正文语言"),
        ("Language of the text (BCP 47). It overrides front matter and detection.", "BCP 47 代码，如 zh-Hans；优先于文首所记。"))
    charset: str = row("", ("Encoding", "编码"),
        ("Encoding of the upload if it is not UTF-8.", "文件不是 UTF-8 时填写，如 GB18030。"))
    strict: bool = row(False, ("Strict", "严格"),
        ("Refuse the article (422) if the conversion has warnings.", "有警告时拒绝转换。"), shapes_output=False)
    clean: str = row("safe", ("Clean up", "清理"),
        ("none: change nothing. safe: remove empty images and links. web: remove menus and buttons of the site too.",
         "safe：去掉空图片和空链接；web：连网站的按钮、菜单也去掉。"), choices=("none", "safe", "web"), place=7)
    extract: str = row("none", ("Extract", "提取正文"),
        ("Part of a web page to convert. none: the whole page. main: the main text; notices list what is removed.",
         "转换网页的哪一部分。none：整页；main：只取正文，提示列出去掉的部分。"), choices=("none", "main"))
    images: str = row("embed", ("Remote images", "远程图片"),
        ("Remote images: embed (fetch and embed them), link (keep links) or drop (remove them).",
         "embed：取来嵌入；link：只留链接；drop：去掉。"), choices=("embed", "link", "drop"))
    image_quality: int = row(85, ("JPEG quality", "JPEG 质量"),
        ("JPEG quality of scaled images.", "缩小图片时的 JPEG 质量，30 到 95。"), range=(30, 95))
    math: str = row("auto", ("Formulas", "公式"),
        ("Dollar signs as formulas. auto: only text that looks like TeX.", "美元符号当作公式：auto 只取像 TeX 的。"),
        choices=("auto", "on", "off"))
    title_fields: str = row("", ("Title fields", "题下栏目"),
        ("Fields under the title. Default: the profile's. none, some (authors,date,license), or all but some "
         "(-license,-abstract).", "标题下列出的字段，默认依版式。none；或列出几项，如 authors,date；或去掉几项，如 -license。"),
        check=title_fields.parsed, formats=DESIGNED)
    typography: str = row("auto", ("Quotes and dashes", "引号与破折号"),
        ("Quotes, dashes and ellipses in Latin, Cyrillic and Greek text. smart: those of the language. as-is: as typed. "
         "auto: smart for each kind of mark that the article has only as typed on a keyboard.",
         "西文的引号、破折号和省略号；smart：依语言；as-is：照原样；auto：全文只有键盘直引号等时才改。"),
        choices=("auto", "smart", "as-is"), formats=DESIGNED)
    toc: bool = row(False, ("Table of contents", "目录"),
        ("Add a table of contents.", "放在正文之前，附页码。"), formats=DESIGNED, place=3)
    toc_depth: int = row(3, ("Depth of the table of contents", "目录层级"),
        ("Heading levels in the table of contents.", "目录列出几级标题，1 到 6。"), range=(1, 6), formats=DESIGNED)
    device: str = row("any", ("E-reader", "阅读器"),
        ("E-reader that an EPUB is for: any, kindle, kobo (.kepub.epub) or apple. Pictures, cover, formulas and styles follow "
         "the rules of its shop. `reader` is another name of this option.",
         "EPUB 供哪种阅读器使用：图片、封面、公式和样式都依其规则；kobo 得到 .kepub.epub。"),
        choices=tuple(DEVICES), formats=("epub",), place=8)
    image_budget: int = row(0, ("Size of all pictures", "图片总大小"),
        ("Size in kB that all pictures of an EPUB have together. Pictures are made smaller until they fit. 0: no limit.",
         "EPUB 中所有图片的总大小（kB）；超过时缩小图片。0：不限。"), range=(0, 1_000_000), formats=("epub",))
    number_sections: bool = row(False, ("Numbered sections", "章节编号"),
        ("Number the section headings.", "标题前加 1、1.1、1.2。"), formats=DESIGNED, place=4)
    highlight_style: str = row("pygments", ("Colours of code", "代码配色"),
        ("Colours of code: a pandoc highlight style. pygments: the profile's colours. none: no colours.",
         "代码的配色；pygments：依版式；none：不着色。"), choices=HIGHLIGHT_STYLES, formats=DESIGNED)
    since: str = row("", ("Entries since", "起始时间"),
        ("Feeds: only entries that are new or changed since this date or time, for example 2025-03-04 or "
         "2025-03-04T06:00:00Z.", "订阅源：只取此日期或时间以来新增或有改动的条目，如 2025-03-04。"), check=moment)
    combine: bool = row(False, ("One book of all", "合为一本"),
        ("Make one book of all articles in the request or zip. Each becomes a chapter with its own metadata.",
         "每篇文章成为一章，各自保留其信息。"), place=6)
    paper: str = row("", ("Paper", "纸张"),
        ("Paper size of PDF and DOCX: a4, a5, b5, letter, legal, …, a4-landscape, or a size such as 6x9in.",
         "a4、a5、b5、letter……，或 160x240mm。"), check=lengths.paper, formats=PAGES, place=2,
        offered=("a4", "a5", "b5", "letter", "a4-landscape"))
    margin: str = row("", ("Margin", "页边距"),
        ("Margins of PDF and DOCX: one to four lengths as in CSS, for example 25mm or 20mm 15mm 25mm 15mm.",
         "如 25mm，或 20mm 15mm 25mm 15mm。"), check=lengths.margins, formats=PAGES, offered=("15mm", "20mm", "25mm", "30mm"))
    font: str = row("", ("Font", "字体"),
        ("Font of the text: serif, sans, mono, an installed family, or a family or file of the uploaded fonts. A PDF and an EPUB "
         "have uploaded fonts inside; DOCX and HTML name the family.",
         "serif、sans、mono，已安装的字体名，或上传的字体的名称、文件名。PDF 和 EPUB 内嵌上传的字体，DOCX 和 HTML 只写字体名。"),
        longest=80, formats=DESIGNED, offered=("serif", "sans", "mono"))
    heading_font: str = row("", ("Font of headings", "标题字体"),
        ("Font of title and headings, as for font. Default: the profile's, or the second family of the uploaded fonts.",
         "题名和各级标题的字体，写法同上。"), longest=80, formats=DESIGNED, offered=("serif", "sans", "mono"))
    code_font: str = row("", ("Font of code", "代码字体"),
        ("Font of code, as for font. Default: the profile's, or the uploaded family of one width.", "代码的字体，写法同上。"),
        longest=80, formats=DESIGNED, offered=("mono",))
    font_size: str = row("", ("Font size", "字号"),
        ("Font size of the text, for example 11pt. Headings scale with it. Not in EPUB.", "例如 11pt。"),
        check=lengths.type_size, formats=PAGES, offered=("10pt", "11pt", "12pt", "14pt"))
    justify: str = row("auto", ("Justify", "对齐"),
        ("justified: both text edges straight. ragged: right edge ragged. auto: by language and format.",
         "justified：两端对齐；ragged：右边不齐；auto：依语言和格式。"),
        choices=("auto", "justified", "ragged"), formats=DESIGNED)
    writing_mode: str = row("horizontal-tb", ("Direction of the lines", "排版方向"),
        ("Direction of the lines, as in CSS. vertical-rl: vertical lines, for a Chinese, Japanese or Korean EPUB.",
         "vertical-rl：竖排，用于中文、日文、韩文的 EPUB。"), choices=("horizontal-tb", "vertical-rl"), formats=("epub",))
    notes: str = row("page", ("Notes", "脚注"),
        ("Notes of a PDF: page (at the foot of the page) or end (at the end). Notes too long for the foot are at the end.",
         "PDF 的脚注：page（页脚）或 end（文末）。放不进页脚的长注释在文末。"), choices=("page", "end"), formats=("pdf",))
    header: str = row("", ("Header", "页眉"),
        ("Page header of PDF and DOCX. Placeholders: {title}, {author}, {date}, {source}, {page}, {pages}. | separates left, "
         "centre and right. none: no header.", "每页上方的文字，可用 {title}、{author}、{page} 等；| 分左中右。"),
        longest=200, check=known_placeholders, formats=PAGES)
    footer: str = row("", ("Footer", "页脚"),
        ("Page footer, as for header. Without | the text is centred.", "每页下方的文字，写法同页眉。"),
        longest=200, check=known_placeholders, formats=PAGES)
    css: str = row("", ("Your own CSS", "自定 CSS"),
        ("Style sheet added to the profile's, for PDF, EPUB and HTML: CSS text, or the name of an uploaded file. A style.css in "
         "a bundle needs no option. It can use uploaded images and fetches nothing.",
         "加在版式之后的样式表，用于 PDF、EPUB 和 HTML：CSS 文字，或一起上传的文件名。"),
        longest=200_000, formats=("pdf", "epub", "html"))
    reference: str = row("", ("Word template", "Word 模板"),
        ("Name of an uploaded DOCX or DOTX (on the command line: a path). The DOCX has its styles, page, headers, footers, theme "
         "and fonts; styles that it lacks are the profile's. Templates with macros or external content are refused.",
         "一起上传的 DOCX 或 DOTX 的文件名：样式、页面、页眉页脚、主题和字体取自该模板，缺少的样式用版式的。"),
        longest=200, formats=("docx",))
    cover: str = row("", ("Cover", "封面"),
        ("Cover. none. auto: the front matter's cover, else a drawn one. first: the first image. drawn: from title, author, "
         "source and date. Or the name of an uploaded image (on the command line: a path, which must exist). Default: only an "
         "EPUB has the front matter's cover.",
         "auto、drawn（按标题作者绘制）、first（第一张图）、none，或随文章一起放入的图片名。"),
        longest=200, formats=("pdf", "epub", "docx"), place=5, offered=("auto", "drawn", "first", "none"))
    watermark: str = row("", ("Watermark", "水印"),
        ("Pale text such as DRAFT across each page of PDF and DOCX.", "淡淡印在每页上的字，如 DRAFT。"),
        longest=60, formats=PAGES)
    pdf_variant: str = row("", ("PDF variant", "PDF 变体"),
        ("PDF variant, for example pdf/a-3u, pdf/ua-1 or pdf/a-4f+ua-2.", "例如 pdf/a-3u、pdf/ua-1 或 pdf/a-4f+ua-2。"),
        formats=("pdf",), offered=("pdf/a-3u+ua-1", "pdf/a-4f+ua-2", "pdf/ua-1", "pdf/ua-2"))
    sign: str = row("auto", ("Signature", "电子签名"),
        ("Sign the PDF with the key of the service (PAdES). The bytes then differ each time. auto: as the service is set up.",
         "用服务的密钥签署 PDF（PAdES）；签名后每次的字节都不同。auto：依服务的设置。"),
        choices=("auto", "on", "off"), formats=("pdf",), shapes_output=False)
    certified_by: str = row("", ("Accessibility vouched for by", "无障碍认证者"),
        ("Person who certifies the accessibility of an EPUB (a11y:certifiedBy). Default: the automatic checks.",
         "为 EPUB 的无障碍作证的人或机构；默认为自动检查。"), longest=200, formats=("epub",))
    certifier_report: str = row("", ("Report on accessibility", "无障碍评估报告"),
        ("URL of the accessibility report (a11y:certifierReport).", "认证者的评估报告的网址。"),
        check=web_address, formats=("epub",))
    embed_source: bool = row(True, ("Keep the original inside", "内附原稿"),
        ("Embed the original upload in the artifact.", "把原稿放进成品，随时取回。"))
    verify: str = row("metadata", ("Verify", "核对"),
        ("Open the artifact again and compare it before the response. metadata: native fields. full: also the embedded record "
         "and upload, and what a PDF claims (PDF/A, PDF/UA).", "做好后重新打开，核对其中的信息。"),
        choices=("none", "metadata", "full"), shapes_output=False)
    bibliography: str = row("", ("Bibliography", "参考文献文件"),
        ("Name of an uploaded bibliography (BibTeX, CSL JSON or YAML, RIS). Default: what the front matter names.",
         "一起上传的 BibTeX、CSL JSON、CSL YAML 或 RIS 的文件名。默认：front matter 中的文件。"))
    csl: str = row("", ("Citation style (CSL)", "引文样式（CSL）"),
        ("Name of an uploaded citation style (CSL). Default: what the front matter names.",
         "一起上传的 CSL 文件名。默认：front matter 中的文件。"))
    # fmt: on

    def as_dict(self) -> dict[str, Value]:
        """Attribute → value, in the order of the rows."""
        return {option.attribute: getattr(self, option.attribute) for option in OPTIONS.values()}


def _row(field: dataclasses.Field[Value]) -> Option:
    return Option(attribute=field.name, **{**field.metadata, "name": field.metadata["name"] or field.name})


ALIASES: Mapping[str, str] = MappingProxyType({"reader": "device"})  # other names in requests
OPTIONS: Mapping[str, Option] = MappingProxyType({each.name: each for each in map(_row, dataclasses.fields(Options))})
