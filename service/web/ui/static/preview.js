// The live preview: the pages of the selected article, with its edits and options, drawn again after each change.

import { byId, debounced, h } from "./elements.js";
import { change, isSeveral, selected, sources, state, watch } from "./model.js";
import { drawn, pager } from "./pager.js";
import { form } from "./request.js";
import { t } from "./words.js";

const LARGEST = 300_000; // bytes of what is drawn without a click
const WIDE = matchMedia("(min-width: 62rem)");
let shown = null; // {key, pages} of the pager on the page
let wanted = false; // by a click

export function start() {
  const again = debounced(show, 600);
  watch(["checked", "edited", "options", "chosen", "entries", "language"], again);
  WIDE.addEventListener("change", again);
}

const bytes = () => state.entries.reduce((sum, { file }) => sum + file.size, 0);

function show() {
  const entry = selected();
  const ready = entry?.check?.found && !entry.check.problem && !(entry !== state.book && isSeveral(entry));
  if (!ready) return clear();
  if (!wanted && (!WIDE.matches || bytes() > LARGEST)) return offer();
  const key = JSON.stringify([entry.id, sources().map(({ id }) => id), state.options, entry.edits, state.language]);
  if (shown?.key === key) return;
  const body = entry === state.book ? form(sources()) : form([entry], [], true);
  const page = shown?.entry === entry.id ? shown.pages.page() : 1;
  const load = (number, width, signal) => drawn("v1/preview", number, width, { method: "POST", body, signal });
  const name = entry === state.book ? t("book") : entry.name;
  const pages = pager({ load, name, note: state.to.includes("pdf") ? null : t("previewPrinted"), first: page });
  const before = shown?.pages;
  shown = { key, pages, entry: entry.id };
  pages.go(page).then(() => {
    if (shown?.pages !== pages) return pages.stop();
    before?.stop();
    byId("preview").replaceChildren(pages);
  });
  if (!before) byId("preview").replaceChildren(pages);
}

function clear() {
  shown?.pages.stop();
  shown = null;
  wanted = false;
  byId("preview").replaceChildren(h("p", { class: "blank" }, t("previewEmpty")));
}

function offer() {
  if (shown) return;
  const draw = () => {
    wanted = true;
    show();
    change({ previewed: true });
  };
  byId("preview").replaceChildren(h("button", { type: "button", onclick: draw }, t("showPages")));
}
