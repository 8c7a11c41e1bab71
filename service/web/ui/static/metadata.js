// What will be kept of the article, and changed where it is wrong: edits go into the option `metadata`, on top of the front matter.

import { byId, h } from "./elements.js";
import { change, isArchive, isEdited, single, sources, watch } from "./model.js";
import { has, t } from "./words.js";

const ALWAYS = ["title", "authors", "date", "lang", "source_name", "source_url", "keywords", "description"];
const MORE = ["subtitle", "abstract", "publisher", "rights", "license", "identifier", "doi", "isbn", "categories", "modified", "fetched_at", "version", "type"];
const ELSEWHERE = ["series", "cover", "custom", "front_matter"];
const LISTS = { authors: /\s*[;；]\s*/, keywords: /\s*[,，;；、]\s*/, categories: /\s*[,，;；、]\s*/ };
const JOINED = { authors: "; ", keywords: ", ", categories: ", " };

let shown = null; // the entry that the fields are of
let moreOpen = false;

export function start() {
  watch(["entries", "language"], () => show(true));
  watch(["checked", "edited"], () => show(false));
}

/** Fields are built once for an article and then only filled anew, so that nobody loses the place while typing. */
function show(anew) {
  const entry = single();
  const metadata = entry?.check?.found?.metadata;
  if (!metadata) {
    shown = null;
    byId("kept").replaceChildren(h("p", { class: "quiet" }, t(reason(entry))), many());
    return;
  }
  if (anew || shown !== entry) {
    shown = entry;
    byId("kept").replaceChildren(...fieldsOf(entry.check));
  }
  fill(entry);
}

function reason(entry) {
  if (sources().length > 1 || (entry && isArchive(entry))) return "keptMany";
  if (entry?.check?.problem) return "keptFailed";
  return entry ? "checking" : "keptEmpty";
}

/** Of several articles, what each calls itself. */
function many() {
  const read = sources().length > 1 ? sources().filter((entry) => entry.check?.found) : [];
  const said = ({ title, authors, date }) => [title, textOf("authors", authors), date].filter(Boolean).join(" · ");
  const changed = (entry) => isEdited(entry) && [" · ", h("span", { class: "edited" }, t("edited"))];
  const about = (entry) => [h("dt", {}, entry.name), h("dd", {}, said({ ...entry.check.found.metadata, ...entry.edits }), changed(entry))];
  return h("dl", { class: "each" }, read.map(about));
}

function fieldsOf({ original }) {
  const others = Object.keys(original).filter((name) => ![...ALWAYS, ...MORE, ...ELSEWHERE].includes(name));
  const more = [...MORE, ...others];
  const first = [...ALWAYS, ...more.filter((name) => textOf(name, original[name]))];
  const rest = more.filter((name) => !first.includes(name));
  const folded = h("details", { open: moreOpen }, h("summary", {}, t("moreFields")), rest.map(field));
  folded.addEventListener("toggle", () => (moreOpen = folded.open));
  return [...first.map(field), folded, own(original.custom)].filter(Boolean);
}

const label = (name) => (has(`field.${name}`) ? t(`field.${name}`) : name);

function field(name) {
  const id = `field-${name}`;
  const hint = has(`hint.${name}`) ? `${id}-hint` : null;
  const long = name === "description" || name === "title";
  const control = h(long ? "textarea" : "input", { id, rows: long ? "2" : null, "aria-describedby": hint, autocomplete: "off" });
  control.dataset.field = name;
  control.addEventListener("input", () => edit(name, control.value));
  const undo = () => (edit(name, null), control.focus());
  return h(
    "div",
    { class: "field kept" },
    h("label", { for: id }, label(name)),
    control,
    hint && h("p", { class: "hint", id: hint }, t(`hint.${name}`)),
    h(
      "p",
      { class: "edited", hidden: true },
      t("edited"),
      " · ",
      h("button", { type: "button", class: "plain", "aria-label": t("undo", label(name)), onclick: undo }, t("undoShort")),
    ),
  );
}

/** Null takes the change back. What is emptied is cleared in the article too. */
function edit(name, text) {
  const { [name]: _, ...others } = shown.edits;
  const before = textOf(name, shown.check.original[name]);
  shown.edits = text === null || text === before ? others : { ...others, [name]: valueOf(name, text) };
  change({ edited: shown });
}

function valueOf(name, text) {
  if (!text.trim()) return null;
  return name in LISTS ? text.split(LISTS[name]).filter(Boolean) : text;
}

function textOf(name, value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((each) => each.name ?? String(each)).join(JOINED[name] ?? ", ");
  return typeof value === "object" ? value.name ?? JSON.stringify(value) : String(value);
}

function fill({ check: { found, original }, edits }) {
  for (const control of byId("kept").querySelectorAll("[data-field]")) {
    const name = control.dataset.field;
    const edited = name in edits;
    control.parentElement.querySelector(".edited").hidden = !edited;
    if (control !== document.activeElement) {
      const value = edited ? edits[name] : found.metadata[name];
      control.value = textOf(name, value);
    } else if (!edited) control.value = textOf(name, original[name]);
  }
}

function own(custom) {
  const names = Object.keys(custom ?? {});
  if (!names.length) return null;
  const rows = names.map((name) => [h("dt", {}, name), h("dd", {}, plain(custom[name]))]);
  return h("div", { class: "own" }, h("h3", {}, t("ownKeys")), h("dl", {}, rows));
}

const plain = (value) => (typeof value === "string" ? value : JSON.stringify(value));
