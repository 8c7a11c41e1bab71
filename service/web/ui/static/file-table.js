// The files as a compact table: name, title, state, pages, size, messages. A book has a row of its own and an order.

import { byId, h, size } from "./elements.js";
import { move, remove } from "./inputs.js";
import { change, isBook, isEdited, selected, sources, state, watch } from "./model.js";
import { PASTED } from "./paste.js";
import { count, t } from "./words.js";

const MOST_ROWS = 500;

export function start() {
  watch(["entries", "checked", "edited", "chosen", "language", "options", "result"], show);
}

function show() {
  const table = byId("file-table");
  table.hidden = !state.entries.length;
  byId("new").hidden = !state.entries.length && !state.result;
  const many = sources().length > 1 || isBook();
  table.classList.toggle("many", many);
  const focus = document.activeElement?.dataset?.focus;
  const heads = ["fileName", "fileTitle", "fileState", "filePages", "fileSize", "fileMessages"].map((word) => h("th", { scope: "col" }, t(word)));
  const rows = state.entries.slice(0, MOST_ROWS).map((entry) => row(entry, many));
  table.replaceChildren(
    h("caption", { class: "unseen" }, t("files")),
    h("thead", {}, h("tr", {}, heads, h("td", {}))),
    h("tbody", {}, isBook() && bookRow(), rows),
  );
  byId("more-files").textContent = state.entries.length > MOST_ROWS ? t("moreFiles", state.entries.length - MOST_ROWS) : "";
  if (focus) table.querySelector(`[data-focus="${CSS.escape(focus)}"]`)?.focus();
}

const nameOf = ({ name }) => (PASTED.includes(name) ? t(name === "pasted.html" ? "pastedFormatted" : "pasted") : name);

function row(entry, many) {
  const { check, file, source, url } = entry;
  const metadata = check?.found?.metadata;
  const title = entry.edits.title ?? metadata?.title ?? "";
  return h(
    "tr",
    { class: entry === selected() && many ? "chosen" : null },
    h("th", { scope: "row" }, source && many ? chooser(entry, nameOf(entry)) : nameOf(entry)),
    h("td", { class: "title" }, title, isEdited(entry) && [" ", h("span", { class: "edited" }, t("edited"))]),
    h("td", { class: "state" }, stateOf(entry)),
    h("td", { class: "number" }, pagesOf(entry)),
    h("td", { class: "number" }, url ? "" : size(file.size)),
    h("td", {}, messages(check)),
    h("td", { class: "tools" }, many && isBook() && source && order(entry), removal(entry)),
  );
}

function chooser(entry, text) {
  const choose = () => change({ chosen: entry.id });
  const pressed = String(entry === selected());
  return h("button", { type: "button", class: "plain choose", "aria-pressed": pressed, "data-focus": `choose-${entry.id}`, title: t("editName", text), onclick: choose }, text);
}

function bookRow() {
  const { edits, check } = state.book;
  const title = edits.title ?? check?.found?.metadata?.title ?? "";
  return h(
    "tr",
    { class: selected() === state.book ? "chosen" : null },
    h("th", { scope: "row" }, chooser(state.book, t("book"))),
    h("td", { class: "title" }, title, isEdited(state.book) && [" ", h("span", { class: "edited" }, t("edited"))]),
    h("td", {}, count("chapters", sources().length)),
    h("td", {}), h("td", {}), h("td", {}, messages(check)), h("td", {}),
  );
}

function stateOf({ source, check, name }) {
  if (!source) return t("image");
  const done = state.result?.items.find((item) => item.name === name || item.name === name.split("/").pop());
  if (done && state.result.signature) return t(`state.${done.state}`);
  if (!check || check.state === "checking") return t("checking");
  if (check.several) return count("severalArticles", check.several);
  return check.problem ? t("unreadable") : t("sound");
}

/** The pages of the PDF, once there is one. */
function pagesOf({ name }) {
  const done = state.result?.items.find((item) => item.name === name || item.name === name.split("/").pop());
  return done?.artifacts.map((each) => each.report?.pages).find(Boolean) ?? "";
}

function messages(check) {
  if (check?.problem) return h("span", { class: "problem-mark" }, t("severity.problem"));
  const notices = check?.found?.notices ?? [];
  const warnings = notices.filter((each) => each.severity === "warning").length;
  const parts = [warnings && count("warningsOf", warnings), notices.length - warnings && count("notesOf", notices.length - warnings)];
  return parts.filter(Boolean).map((text, index) => h("span", { class: index === 0 && warnings ? "warning-mark" : "note-mark" }, index ? ` · ${text}` : text));
}

function order(entry) {
  const one = (step, word, sign) =>
    h("button", { type: "button", class: "plain", "data-focus": `${word}-${entry.id}`, "aria-label": t(word, entry.name), onclick: () => move(entry, step) }, sign);
  return [one(-1, "moveUp", "↑"), one(1, "moveDown", "↓")];
}

const removal = (entry) =>
  h("button", { type: "button", class: "plain remove", "aria-label": t("remove", nameOf(entry)), onclick: () => remove(entry) }, "×");
