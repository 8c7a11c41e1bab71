# An EPUB and a PDF next to each page of a static site: `make -f site.mk` after the site is built (Hugo, Zola, Eleventy…).
# content/posts/one.md → public/posts/one.epub and .pdf. What is unchanged is not made again: .colophon/ knows.
CONTENT ?= content
PUBLIC ?= public
KEPT ?= .colophon
FORMATS ?= epub,pdf
OPTIONS ?= --toc

downloads:
	colophon batch $(CONTENT) --to $(FORMATS) --out $(KEPT) $(OPTIONS)
	mkdir -p $(PUBLIC)
	cd $(KEPT) && find . \( -name '*.epub' -o -name '*.pdf' \) -exec cp --parents -t '$(abspath $(PUBLIC))' {} +

.PHONY: downloads
