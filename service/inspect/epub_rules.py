"""The rules for an EPUB, as a table: package, navigation, content, links, and accessibility.

`source` names the same check of epubcheck (its message) or of Ace (its rule): the tests compare the two. The standards are
EPUB 3.3 and EPUB Accessibility 1.1 (W3C). This is not a validation: schemas, style sheets and scripts are not checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from langcodes import tag_is_valid
from lxml import etree

from service.containers.namespaces import OPF
from service.containers.parts import text
from service.inspect import epub_accessibility
from service.inspect.epub_book import EPUB_TYPE, NCX, SPACE, XHTML, Book, Place, is_remote, line_of, resolved

Found = Iterable[Place]
# Elements and attributes that load a resource, and those that link to one.
LOADED = {"img": "src", "image": "{http://www.w3.org/1999/xlink}href", "source": "src", "audio": "src", "video": "src",
          "link": "href", "script": "src", "iframe": "src", "object": "data", "embed": "src", "track": "src"}  # fmt: skip
OPEN_TO_THE_WEB = frozenset({"audio", "video", "source", "track"})
CORE = frozenset({XHTML, "image/svg+xml"})
BESIDES = ("META-INF/", "mimetype")  # parts that no manifest lists


class Rule(NamedTuple):
    """`severity`: error, warning or info. `find` yields the places that break the rule, `fix` says what to do."""

    name: str
    source: str
    severity: str
    message: str
    find: Callable[[Book], Found]
    fix: str


def _mimetype(book: Book) -> Found:
    first = book.parts.archive.infolist()[:1]
    if not first or first[0].filename != "mimetype" or first[0].compress_type != 0:
        yield Place("mimetype", 0, "It must be the first entry, uncompressed.")
    elif book.parts.get("mimetype", 1000) != b"application/epub+zip":
        yield Place("mimetype", 0, "It must say application/epub+zip.")


def _container(book: Book) -> Found:
    if "META-INF/container.xml" not in book.parts.names:
        yield Place("META-INF/container.xml")
    elif book.package_path not in book.parts.names:
        yield Place(book.package_path or "META-INF/container.xml", 0, "The package document is missing.")


def _unreadable(book: Book) -> Found:
    return book.unreadable


def _unchecked(book: Book) -> Found:
    return book.unchecked


def _encryption(book: Book) -> Found:
    if "META-INF/encryption.xml" in book.parts.names:
        yield Place("META-INF/encryption.xml")


def _required(name: str) -> Callable[[Book], Found]:
    def find(book: Book) -> Found:
        if book.package is not None and not book.metadata(name):
            yield Place(book.package_path, 0, f"dc:{name}")

    return find


def _identifier(book: Book) -> Found:
    if book.package is None:
        return
    named = book.package.get("unique-identifier", "")
    if not any(each.get("id") == named for each in book.metadata("identifier")):
        yield Place(book.package_path, line_of(book.package), named)


def _modified(book: Book) -> Found:
    if book.version.startswith("3") and not book.properties("dcterms:modified"):
        yield Place(book.package_path)


def _language(book: Book) -> Found:
    for each in book.metadata("language"):
        if not tag_is_valid(text(each)):
            yield Place(book.package_path, line_of(each), text(each)[:80])


def _missing(book: Book) -> Found:
    for item in book.items:
        if item.path and item.path not in book.parts.names:
            yield Place(book.package_path, item.line, item.href[:200])


def _unlisted(book: Book) -> Found:
    if book.package is None:
        return
    linked = {resolved(book.package_path, each.get("href", ""))[0] for each in book.package.iter(f"{{{OPF}}}link")}
    listed = {item.path for item in book.items} | linked | {book.package_path}
    for name in sorted(book.parts.names - listed):
        if not name.startswith(BESIDES) and not name.endswith("/"):
            yield Place(name)


def _twice(book: Book) -> Found:
    ids, paths = (Counter(getattr(item, name) for item in book.items) for name in ("id", "path"))
    for item in book.items:
        if ids[item.id] > 1 or (item.path and paths[item.path] > 1):
            yield Place(book.package_path, item.line, item.id[:80])


def _spine(book: Book) -> Found:
    if book.package is None:
        return
    if not book.spine():
        yield Place(book.package_path, 0, "The spine is empty.")
    for each in book.spine():
        if each.get("idref", "") not in book.by_id:
            yield Place(book.package_path, line_of(each), each.get("idref", "")[:80])


def _foreign_spine(book: Book) -> Found:
    for each in book.spine():
        item = book.by_id.get(each.get("idref", ""))
        if item and item.media_type not in CORE and not item.fallback:
            yield Place(book.package_path, line_of(each), f"{item.href[:120]} ({item.media_type[:80]})")


def _navigation(book: Book) -> Found:
    if book.package is None:
        return
    if book.version.startswith("3"):
        nav = book.nav()
        if nav is None:
            yield Place(book.package_path, 0, "No item has the property nav.")
        elif (root := book.documents.get(nav.path)) is not None and not list(_navs(root, "toc")):
            yield Place(nav.path, 0, 'It has no nav with epub:type="toc".')
    elif not any(item.media_type == NCX for item in book.items):
        yield Place(book.package_path, 0, "No item is an NCX.")


def _navs(root: etree._Element, kind: str) -> Iterator[etree._Element]:
    return (each for each in root.iter(f"{SPACE}nav") if kind in (each.get(EPUB_TYPE) or "").split())


def _empty_navigation(book: Book) -> Found:
    nav = book.nav()
    root = book.documents.get(nav.path) if nav else None
    for each in _navs(root, "toc") if root is not None and nav else ():
        if next(each.iter(f"{SPACE}a"), None) is None:
            yield Place(nav.path if nav else "", line_of(each))


def ncx_identifier(book: Book) -> Found:
    if book.package is None:
        return
    named = book.package.get("unique-identifier", "")
    own = {text(each) for each in book.metadata("identifier") if each.get("id") == named}
    for item in book.items:
        root = book.documents.get(item.path) if item.media_type == NCX else None
        for each in root.iter("{*}meta") if root is not None else ():
            if each.get("name") == "dtb:uid" and own and (each.get("content") or "").strip() not in own:
                yield Place(item.path, line_of(each), (each.get("content") or "")[:120])


def _titles(book: Book) -> Found:
    for path, root in book.documents.items():
        if root.tag == f"{SPACE}html" and not any(text(each) for each in root.iter(f"{SPACE}title")):
            yield Place(path)


def _identifiers(book: Book) -> Found:
    for path, root in book.documents.items():
        seen: set[str] = set()
        for each in root.iter(etree.Element):
            name = each.get("id")
            if name is not None and name in seen:
                yield Place(path, line_of(each), name[:80])
            seen |= {name} if name else set()


def _targets(book: Book) -> Iterator[tuple[Place, str, str]]:
    """Each link and resource within the book: its place, the name in the zip and the fragment."""
    for path, root in book.documents.items():
        for each in root.iter(etree.Element):
            name = etree.QName(each).localname
            for attribute in ("href",) if name == "a" else ("src",) if name == "content" else (LOADED.get(name, ""),):
                reference = each.get(attribute) if attribute else None
                if reference and not is_remote(reference):
                    yield (Place(path, line_of(each), reference[:200]), *resolved(path, reference))


def broken_links(book: Book) -> Found:
    return (place for place, target, _ in _targets(book) if target not in book.parts.names)


def _unlisted_targets(book: Book) -> Found:
    listed = book.by_path
    return (place for place, target, _ in _targets(book) if target in book.parts.names and target not in listed)


def broken_fragments(book: Book) -> Found:
    known: dict[str, set[str]] = {}
    for place, target, fragment in _targets(book):
        root = book.documents.get(target)
        if root is None or not fragment or "(" in fragment or "=" in fragment:
            continue
        if target not in known:
            known[target] = {each.get("id", "") for each in root.iter(etree.Element)}
        if fragment not in known[target]:
            yield place


def _remote(book: Book) -> Found:
    for path, root in book.documents.items():
        for each in root.iter(etree.Element):
            name = etree.QName(each).localname
            reference = each.get(LOADED.get(name, "")) if name in LOADED and name not in OPEN_TO_THE_WEB else None
            stylesheet = name != "link" or "stylesheet" in (each.get("rel") or "")
            if reference and stylesheet and reference.strip().lower().startswith(("http:", "https:", "file:")):
                yield Place(path, line_of(each), reference[:200])


ERROR, WARNING, INFO = "error", "warning", "info"
RULES: tuple[Rule, ...] = (
    Rule("mimetype", "PKG-006", ERROR, "The entry `mimetype` is missing, or is not as it must be.", _mimetype,
         "Store `mimetype` first and uncompressed in the zip, with the text application/epub+zip."),
    Rule("container", "OPF-002", ERROR, "The container or the package document is missing.", _container,
         "Name the package document in META-INF/container.xml."),
    Rule("not-well-formed", "RSC-016", ERROR, "A part is not well-formed XML, or cannot be read.", _unreadable,
         "Repair the XML at this line."),
    Rule("not-checked", "", INFO, "The book is large: this part was not checked.", _unchecked, "Run a full validator."),
    Rule("encrypted", "RSC-004", INFO, "Parts of the book are encrypted and were not checked.", _encryption,
         "Check the book before it is encrypted."),
    Rule("no-title", "RSC-005", ERROR, "The package has no title.", _required("title"), "Add dc:title."),
    Rule("no-language", "RSC-005", ERROR, "The package has no language.", _required("language"), "Add dc:language."),
    Rule("wrong-language", "OPF-092", ERROR, "The language is not a tag of BCP 47.", _language,
         "Write a tag such as en or zh-Hans."),
    Rule("no-identifier", "OPF-030", ERROR, "unique-identifier names no dc:identifier.", _identifier,
         "Give dc:identifier the id that unique-identifier names."),
    Rule("no-modified", "RSC-005", ERROR, "The package does not say when it was modified.", _modified,
         "Add one meta with the property dcterms:modified."),
    Rule("resource-missing", "RSC-001", ERROR, "A file of the manifest is missing.", _missing,
         "Add the file to the book, or remove the item."),
    Rule("resource-unlisted", "OPF-003", INFO, "A file is not in the manifest.", _unlisted,
         "Add an item for the file, or remove the file."),
    Rule("item-twice", "OPF-074", ERROR, "An item of the manifest is declared twice.", _twice,
         "Give each item an id and a file of its own."),
    Rule("spine", "OPF-049", ERROR, "The spine names no item of the manifest.", _spine, "Name the id of an item."),
    Rule("spine-foreign", "OPF-043", ERROR, "A file of the spine is of a type that needs a fallback.", _foreign_spine,
         "Use XHTML or SVG, or name a fallback."),
    Rule("no-navigation", "RSC-005", ERROR, "The book has no table of contents.", _navigation,
         'Add a navigation document with epub:type="toc" (EPUB 3), or an NCX (EPUB 2).'),
    Rule("navigation-empty", "RSC-005", ERROR, "The table of contents has no link.", _empty_navigation,
         "Add an entry for each chapter."),
    Rule("ncx-identifier", "NCX-001", ERROR, "The identifier of the NCX is not that of the package.", ncx_identifier,
         "Write the identifier of the package into dtb:uid."),
    Rule("document-title", "RSC-017", WARNING, "A content document has no title.", _titles, "Add a title element to the head."),
    Rule("id-twice", "RSC-005", ERROR, "An id occurs twice in a document.", _identifiers, "Give each element an id of its own."),
    Rule("link-broken", "RSC-007", ERROR, "A link or resource leads to a file that is not in the book.", broken_links,
         "Correct the address, or add the file."),
    Rule("link-unlisted", "RSC-008", ERROR, "A link or resource leads to a file that is not in the manifest.", _unlisted_targets,
         "Add an item for the file."),
    Rule("fragment-broken", "RSC-012", ERROR, "A link leads to an id that is not in the document.", broken_fragments,
         "Correct the fragment, or add the id."),
    Rule("remote-resource", "RSC-006", ERROR, "A picture, style sheet or script is loaded from elsewhere.", _remote,
         "Put the file into the book."),
    Rule("image-alt", "image-alt", WARNING, "A picture has no description.", epub_accessibility.undescribed,
         'Add the attribute alt; alt="" for a decorative picture.'),
    Rule("formula-alt", "", WARNING, "A formula has neither content nor a description.",
         epub_accessibility.undescribed_formulas, "Add alttext."),
    Rule("html-has-lang", "html-has-lang", WARNING, "A content document has no language.", epub_accessibility.languages,
         "Add lang and xml:lang to the html element."),
    Rule("link-name", "link-name", WARNING, "A link has no text.", epub_accessibility.silent_links,
         "Give the link a text or a label."),
    Rule("empty-heading", "empty-heading", WARNING, "A heading has no text.", epub_accessibility.silent_headings,
         "Give the heading a text, or use another element."),
    Rule("heading-order", "heading-order", WARNING, "A heading skips a level.", epub_accessibility.heading_order,
         "Use the next heading level, without a gap."),
    Rule("table-head", "", WARNING, "A table has no head.", epub_accessibility.headless_tables,
         'Use th for the heads; role="presentation" for a table that is only layout.'),
    Rule("metadata-accessmode", "metadata-accessmode", WARNING, "The package does not say how the book is perceived.",
         epub_accessibility.says("schema:accessMode"), "Add a meta with the property schema:accessMode."),
    Rule("metadata-accessibilityfeature", "metadata-accessibilityfeature", WARNING,
         "The package lists no accessibility features.", epub_accessibility.says("schema:accessibilityFeature"),
         "Add a meta with the property schema:accessibilityFeature for each feature."),
    Rule("metadata-accessibilityhazard", "metadata-accessibilityhazard", WARNING,
         "The package does not say whether the book has hazards.", epub_accessibility.says("schema:accessibilityHazard"),
         "Add a meta with the property schema:accessibilityHazard, for example none."),
    Rule("metadata-accessibilitysummary", "metadata-accessibilitysummary", INFO, "The package has no accessibility summary.",
         epub_accessibility.says("schema:accessibilitySummary"), "Add a meta with the property schema:accessibilitySummary."),
    Rule("metadata-accessmodesufficient", "metadata-accessmodesufficient", INFO,
         "The package does not say which way of perception suffices.", epub_accessibility.says("schema:accessModeSufficient"),
         "Add a meta with the property schema:accessModeSufficient."),
)  # fmt: skip
# The rules that a claim of EPUB Accessibility depends on.
ACCESSIBILITY = frozenset(
    rule.name for rule in RULES[[rule.name for rule in RULES].index("image-alt") :] if rule.severity == WARNING
) | {"document-title"}  # fmt: skip
