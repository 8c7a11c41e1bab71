// The pages of a document as images, with a pager: in a panel, and enlarged in a dialog.

import { byId, h } from "./elements.js";
import { ask, download, local } from "./service.js";
import { t } from "./words.js";

const SMALL = 800; // pixels, for a panel of 400 on a screen of double density
const LARGE = 1600;

/** A page as {url, pages}. Throws Problem, and AbortError after `signal`. */
export async function drawn(path, page, width, init = {}) {
  const response = await ask(`${path}?width=${width}&page=${page}`, init);
  const pages = Number(response.headers.get("Colophon-Pages")) || 1;
  return { url: URL.createObjectURL(await response.blob()), pages };
}

/**
 * An element that shows the pages which `load(page, width, signal)` draws. `name` is that of the document, `note` a caption.
 * It has the methods `go(page)`, and `stop()`, which frees the image.
 */
export function pager({ load, name, note = null, large = false, first = 1 }) {
  const image = h("img", { alt: "", hidden: true, width: "400" });
  const blank = h("p", { class: "blank" }, t("previewMaking"));
  const label = h("span", { class: "page-number", "aria-live": "polite" });
  const back = h("button", { type: "button", class: "turn", "aria-label": t("pageBack"), onclick: () => go(state.page - 1) }, "‹");
  const next = h("button", { type: "button", class: "turn", "aria-label": t("pageNext"), onclick: () => go(state.page + 1) }, "›");
  const zoom = !large && h("button", { type: "button", class: "plain zoom", onclick: () => enlarge({ load, name, note, page: state.page }) }, t("enlarge"));
  const state = { page: first, pages: 1, url: "", abort: new AbortController() };
  const bar = h("div", { class: "pager-bar", hidden: true }, back, label, next, zoom);
  const element = h("figure", { class: "pager" }, blank, image, bar, note && h("figcaption", {}, note));
  element.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -1, PageDown: 1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(state.page + step);
  });

  async function go(page) {
    const wanted = Math.max(1, state.url ? Math.min(page, state.pages) : page);
    state.abort.abort();
    state.abort = new AbortController();
    element.setAttribute("aria-busy", "true");
    try {
      const found = await load(wanted, large ? LARGE : SMALL, state.abort.signal);
      show(wanted, found);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (wanted > 1 && error.document?.errors?.some(({ pointer }) => pointer === "/page")) return go(1); // it is shorter now
      blank.textContent = t("previewNone");
      [blank.hidden, image.hidden, bar.hidden] = [false, true, true];
    }
    element.removeAttribute("aria-busy");
  }

  function show(page, { url, pages }) {
    if (state.url) URL.revokeObjectURL(state.url);
    Object.assign(state, { page, pages, url });
    Object.assign(image, { src: url, alt: t("pageOf", page, name), hidden: false });
    label.textContent = t("pageNumber", page, pages);
    back.setAttribute("aria-disabled", String(page <= 1));
    next.setAttribute("aria-disabled", String(page >= pages));
    [blank.hidden, bar.hidden] = [true, false];
  }

  function stop() {
    state.abort.abort();
    if (state.url) URL.revokeObjectURL(state.url);
  }
  return Object.assign(element, { go, stop, page: () => state.page });
}

function enlarge({ page, ...document_ }) {
  const dialog = byId("enlarged");
  const pages = pager({ ...document_, large: true });
  const close = h("button", { type: "button", class: "close", "aria-label": t("close"), onclick: () => dialog.close() }, "×");
  dialog.setAttribute("aria-label", document_.name);
  dialog.replaceChildren(close, pages);
  dialog.addEventListener("close", () => pages.stop(), { once: true });
  dialog.showModal();
  pages.go(page);
}

export function downloadLink(artifact, style, text = t("download")) {
  const url = local(artifact.url);
  return h(
    "a",
    {
      class: style, href: url, download: artifact.name,
      "aria-label": t("downloadName", artifact.name), onclick: (event) => download(event, url, artifact.name),
    },
    text,
  );
}

/** The pager of an artifact of a job. */
export function artifactPager(of) {
  const path = `v1/jobs/${of.job}/artifacts/${of.id}/preview`;
  const load = (page, width, signal) => drawn(path, page, width, { signal });
  return pager({ load, name: of.name, note: of.format === "pdf" ? null : t("previewPrinted") });
}

/** The artifact whose pages show a result best. */
export const shownBest = (artifacts) =>
  artifacts.find((each) => each.format === "pdf") ?? artifacts.find((each) => each.format !== "ast") ?? null;
