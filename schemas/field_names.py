"""The names of the fields in front matter: one table, with the program or standard of each name.

Letter case and separators do not count: `publishDate`, `publish_date`, `publish-date`, `Publish Date` and `og:title`,
`og_title`, `DC.Title`, `dc:title` are one name each. The first name with a value wins, in the order of the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SEPARATORS = re.compile(r"[-_\s.:]+")
Origin = tuple[str, str]  # a program or standard, and its names for the field, separated by blanks
DUBLIN_CORE, OPEN_GRAPH, SCHEMA = "Dublin Core", "OpenGraph", "schema.org"
CHINESE, JAPANESE = "Chinese", "Japanese"

NAMES: Mapping[str, tuple[Origin, ...]] = {
    "title": (
        (CHINESE, "标题 標題"),
        (JAPANESE, "タイトル"),
        (SCHEMA, "headline"),
        (OPEN_GRAPH, "og:title"),
        ("Twitter cards", "twitter:title"),
        (DUBLIN_CORE, "dc:title dcterms:title"),
        ("WordPress", "post_title"),
    ),
    "subtitle": (
        (CHINESE, "副标题 副標題"),
        (SCHEMA, "alternativeHeadline"),
    ),
    "authors": (
        ("Hugo, Jekyll, Hexo, Pelican, Astro", "author"),
        ("feeds", "by"),
        ("pandoc EPUB", "creator"),
        ("feeds", "creators byline"),
        (CHINESE, "作者"),
        (JAPANESE, "著者"),
        (DUBLIN_CORE, "dc:creator dcterms:creator"),
        (OPEN_GRAPH, "article:author book:author"),
        ("WordPress", "post_author"),
        ("Ghost", "primary_author"),
        ("archives", "written_by posted_by"),
    ),
    "date": (
        ("Obsidian Web Clipper, archives", "published"),
        ("Ghost", "published_at"),
        ("Hugo", "publishDate"),
        ("archives", "published_date published_on published_time publication_date publish_time"),
        (SCHEMA, "datePublished"),
        ("Astro, RSS", "pubDate"),
        ("AstroPaper", "pubDatetime"),
        (OPEN_GRAPH, "article:published_time og:published_time"),
        (DUBLIN_CORE, "dc:date dcterms:date dcterms:issued dc:date:issued"),
        ("CSL", "issued"),
        ("WordPress", "post_date"),
        ("archives", "posted posted_on posted_at date_posted"),
        ("Joplin, Dendron, Notion", "created"),
        ("archives", "created_at"),
        ("Joplin, Notion", "created_time"),
        ("schema.org, Obsidian Linter", "dateCreated"),
        ("archives", "created_date created_on creation_date"),
        (DUBLIN_CORE, "dcterms:created dc:date:created"),
        (CHINESE, "日期 发布日期 发布时间 發布日期 發布時間 创建时间 創建時間 创建日期"),
        (JAPANESE, "日付 公開日 投稿日 作成日"),
    ),
    "modified": (
        ("Hexo, Zola, Joplin, Dendron", "updated"),
        ("Ghost", "updated_at"),
        ("Hugo", "lastmod"),
        ("Jekyll", "last_modified_at"),
        ("archives", "last_modified modified_at modified_date modified_on modified_time modification_date revised last_revised"),
        ("schema.org, Quarto, Obsidian Linter", "dateModified"),
        ("Astro", "updatedDate"),
        ("AstroPaper", "modDatetime"),
        ("archives", "date_updated update_date updated_on updated_time last_updated_at"),
        ("VitePress", "lastUpdated"),
        ("Docusaurus", "last_update"),
        ("Notion", "last_edited_time last_edited edited edited_at"),
        (OPEN_GRAPH, "article:modified_time og:updated_time"),
        (DUBLIN_CORE, "dcterms:modified dc:date:modified"),
        (CHINESE, "更新日期 更新时间 更新時間 修改时间 修改時間 修改日期"),
        (JAPANESE, "更新日 最終更新日"),
    ),
    "lang": (
        ("pandoc, Jekyll", "language"),
        ("feeds", "locale"),
        (CHINESE, "语言 語言"),
        (JAPANESE, "言語"),
        (SCHEMA, "inLanguage"),
        (OPEN_GRAPH, "og:locale"),
        (DUBLIN_CORE, "dc:language dcterms:language"),
        ("HTTP", "content-language"),
    ),
    "description": (
        ("Hugo, Pelican", "summary"),
        ("Jekyll, Hexo, WordPress", "excerpt post_excerpt"),
        (CHINESE, "摘要 简介 簡介 描述"),
        (JAPANESE, "概要 説明"),
        ("Dendron", "desc"),
        ("Ghost", "custom_excerpt meta_description"),
        (OPEN_GRAPH, "og:description"),
        ("Twitter cards", "twitter:description"),
        (DUBLIN_CORE, "dc:description dcterms:description"),
        ("archives", "synopsis teaser"),
    ),
    "abstract": ((DUBLIN_CORE, "dcterms:abstract dc:abstract dc:description:abstract"),),
    "keywords": (
        ("Jekyll, Hugo, Hexo, Pelican, Obsidian, Ghost", "tags"),
        ("archives", "keyword"),
        ("feeds", "tag"),
        (CHINESE, "标签 標籤 关键词 關鍵詞 关键字 關鍵字"),
        (JAPANESE, "タグ キーワード"),
        ("pandoc EPUB", "subject"),
        (OPEN_GRAPH, "article:tag"),
        (DUBLIN_CORE, "dc:subject dcterms:subject"),
        ("Blogger, GitLab", "labels"),
        ("archives", "hashtags"),
    ),
    "categories": (
        ("Hugo, Jekyll, Pelican", "category"),
        (CHINESE, "分类 分類"),
        (JAPANESE, "カテゴリ カテゴリー"),
        ("schema.org, OpenGraph", "article:section"),
    ),
    "source_url": (
        ("archives, Notion", "url"),
        ("feeds", "link"),
        ("feeds", "canonical"),
        ("Ghost, Hugo, Astro", "canonicalURL"),
        ("Jekyll", "permalink"),
        (CHINESE, "链接 鏈接 原文链接 原文鏈接 原文地址 网址 網址"),
        ("archives", "original_url page_url article_url web_url html_url canonical_link"),
        (OPEN_GRAPH, "og:url"),
        (SCHEMA, "mainEntityOfPage"),
    ),
    "source_name": (
        ("archives, Joplin, Obsidian Web Clipper", "source"),
        ("feeds", "site"),
        ("archives", "siteName"),
        ("feeds", "publication feed"),
        (CHINESE, "来源 來源 出处 出處"),
        (JAPANESE, "出典"),
        (OPEN_GRAPH, "og:site_name"),
        (DUBLIN_CORE, "dc:source dcterms:source"),
        ("archives", "publication_name website"),
    ),
    "fetched_at": (
        ("archives", "fetch_date fetched fetch_time"),
        ("archives", "retrieved retrieved_at retrieval_date"),
        ("CSL", "accessed"),
        ("archives", "accessed_at access_date date_accessed crawled_at scraped_at captured_at archived_at"),
        ("clippers", "clipped clipped_at date_clipped saved_at date_saved"),
        (CHINESE, "抓取时间 抓取時間 抓取日期 收藏时间"),
    ),
    "publisher": ((DUBLIN_CORE, "dc:publisher dcterms:publisher"), (CHINESE, "出版社 出版者")),
    "rights": (("archives", "copyright"), (DUBLIN_CORE, "dc:rights dcterms:rights"), (CHINESE, "版权 版權")),
    "license": (("British spelling", "licence"), (DUBLIN_CORE, "dcterms:license"), (CHINESE, "许可 许可证 許可 許可證")),
    "identifier": (("archives", "uuid"), ("RSS", "guid"), (DUBLIN_CORE, "dc:identifier dcterms:identifier")),
    "doi": (("Highwire", "citation_doi"), ("PRISM", "prism:doi")),
    "isbn": (("archives", "isbn13 isbn10"),),
    "series": (("pandoc EPUB", "belongs-to-collection"), ("archives", "series_name")),
    "cover": (),
    "version": ((CHINESE, "版本"),),
    "type": ((DUBLIN_CORE, "dc:type dcterms:type"), (OPEN_GRAPH, "og:type")),
}
# The place in a series, next to its name.
INDEX_NAMES: tuple[Origin, ...] = (
    ("calibre", "series_index"),
    ("archives", "series_number series_position"),
    ("Hugo themes", "series_order"),
    ("pandoc EPUB", "group-position"),
)
# Maps that contain fields one level down.
CONTAINERS: tuple[Origin, ...] = (
    ("Zola", "taxonomies"), ("Zola", "extra"), ("Hugo", "params"), ("Next.js, Eleventy", "metadata meta seo"),
)  # fmt: skip
# Maps whose names, after the name of the map, belong to a vocabulary: `dc: {title: …}`.
VOCABULARIES: tuple[Origin, ...] = ((DUBLIN_CORE, "dc dcterms"), (OPEN_GRAPH, "og article"), ("Twitter cards", "twitter"))
# Keys by which pandoc and others read files, the network or raw markup: kept as data, never applied.
IGNORED: tuple[Origin, ...] = (
    ("pandoc", """css stylesheet stylesheets bibliography csl citation-style cover-image epub-cover-image header-includes
        include-before include-after template reference-doc reference-docx reference-odt lua-filter filter filters pdf-engine
        metadata-file metadata-files resource-path epub-fonts epub-embed-font extract-media data-dir output output-file
        abbreviations citation-abbreviations syntax-definition syntax-definitions epub-metadata defaults"""),
    ("Quarto", "include-before-body include-after-body include-in-header"),
)  # fmt: skip


def plain_name(key: str) -> str:
    """The key in the form for comparison: without case and separators."""
    return SEPARATORS.sub("", key).casefold()


def spelled(origins: tuple[Origin, ...]) -> tuple[str, ...]:
    """The names of a row, in their order."""
    return tuple(name for _, names in origins for name in names.split())


def plain_names(origins: tuple[Origin, ...]) -> frozenset[str]:
    return frozenset(map(plain_name, spelled(origins)))
