// The metadata of the selected article, or of the book. Edits become the option `metadata`, which overrides the front matter.

import { byId, h } from "./elements.js";
import { change, isSeveral, selected, sources, state, watch } from "./model.js";
import { has, t } from "./words.js";

const ALWAYS = ["title", "authors", "date", "lang", "source_name", "source_url", "keywords", "description"];
const OF_BOOK = ["title", "authors", "lang", "description"];
const MORE = [
  "subtitle", "abstract", "publisher", "rights", "license", "identifier", "doi", "isbn", "series", "categories", "modified", "fetched_at",
  "cover", "version", "type",
];
const ELSEWHERE = ["custom", "front_matter"];
const LISTS = { authors: /\s*[;；]\s*/, keywords: /\s*[,，;；、]\s*/, categories: /\s*[,，;；、]\s*/ };
const JOINED = { authors: "; ", keywords: ", ", categories: ", " };
const OWN = "custom."; // of the names of fields that are keys of the author

let shown = null; // the entry that the fields are of
let moreOpen = false;

export function start() {
  watch(["entries", "language", "chosen", "options"], () => show(true));
  watch(["checked", "edited"], () => show(false));
}

/** Fields are created once for an article and filled after each check, so that the focus stays where it is. */
function show(again) {
  const entry = selected();
  const metadata = entry?.check?.found?.metadata;
  byId("kept-of").textContent = entry && sources().length > 1 ? ` · ${entry === state.book ? t("book") : entry.name}` : "";
  if (!metadata) {
    shown = null;
    byId("kept").replaceChildren(h("p", { class: "quiet" }, t(reason(entry))));
    return;
  }
  if (shown !== entry || (again && !byId("kept").contains(document.activeElement))) {
    shown = entry;
    byId("kept").replaceChildren(...fieldsOf(entry));
  }
  fill(entry);
}

function reason(entry) {
  if (entry?.check?.several || (entry && isSeveral(entry) && !entry.check?.problem && entry.check?.state === "read")) return "keptMany";
  if (entry?.check?.problem) return "keptFailed";
  return entry ? "checking" : "keptEmpty";
}

function fieldsOf(entry) {
  const { original } = entry.check;
  const always = entry === state.book ? OF_BOOK : ALWAYS;
  const others = Object.keys(original).filter((name) => ![...ALWAYS, ...MORE, ...ELSEWHERE].includes(name));
  const more = [...ALWAYS.filter((name) => !always.includes(name)), ...MORE, ...others];
  const first = [...always, ...more.filter((name) => textOf(name, original[name]))];
  const rest = more.filter((name) => !first.includes(name));
  const folded = h("details", { open: moreOpen }, h("summary", {}, t("moreFields")), rest.map(field));
  folded.addEventListener("toggle", () => (moreOpen = folded.open));
  return [...first.map(field), folded, own(entry)].filter(Boolean);
}

const label = (name) => (has(`field.${name}`) ? t(`field.${name}`) : name.replace(OWN, ""));

function field(name) {
  const id = `field-${name}`;
  const hint = has(`hint.${name}`) ? `${id}-hint` : null;
  const long = ["description", "title", "abstract"].includes(name);
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

const originalOf = ({ check }, name) => (name.startsWith(OWN) ? check.original.custom?.[name.slice(OWN.length)] : check.original[name]);

/** Null reverts the edit. An empty field clears the value in the article. */
function edit(name, text) {
  const key = name.startsWith(OWN) ? name.slice(OWN.length) : name;
  const { [key]: _, ...others } = shown.edits;
  const original = originalOf(shown, name);
  const isSame = text === null || text === textOf(name, original);
  shown.edits = isSame ? others : { ...others, [key]: valueOf(name, text, typeof original === "string") };
  change({ edited: shown });
}

function valueOf(name, text, wasText) {
  if (!text.trim()) return null;
  if (name.startsWith(OWN)) return wasText ? text : typed(text);
  const numbered = name === "series" && /^(.*\S)\s*#(\S+)$/.exec(text.trim());
  if (numbered) return { name: numbered[1], index: numbered[2] };
  return name in LISTS ? text.split(LISTS[name]).filter(Boolean) : text;
}

function textOf(name, value) {
  if (value === null || value === undefined) return "";
  if (name.startsWith(OWN)) return typeof value === "string" ? value : JSON.stringify(value);
  if (name === "series") return typeof value === "string" ? value : [value.name, value.index].filter(Boolean).join(" #");
  if (Array.isArray(value)) return value.map((each) => each.name ?? String(each)).join(JOINED[name] ?? ", ");
  return typeof value === "object" ? value.name ?? JSON.stringify(value) : String(value);
}

/** A key of the author keeps its type: a number or a list stays one. */
function typed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fill(entry) {
  const { check: { found }, edits } = entry;
  for (const control of byId("kept").querySelectorAll("[data-field]")) {
    const name = control.dataset.field;
    const key = name.startsWith(OWN) ? name.slice(OWN.length) : name;
    const edited = key in edits;
    control.parentElement.querySelector(".edited").hidden = !edited;
    const value = name.startsWith(OWN) ? found.metadata.custom?.[key] : found.metadata[name];
    if (control !== document.activeElement) control.value = textOf(name, edited ? edits[key] : value);
    else if (!edited) control.value = textOf(name, originalOf(entry, name));
  }
}

/** The author's own keys, each a field, and a way to add one. */
function own(entry) {
  const names = new Set([...Object.keys(entry.check.original.custom ?? {}), ...Object.keys(entry.check.found.metadata.custom ?? {})]);
  const key = h("input", { id: "own-key", autocomplete: "off" });
  const addKey = () => {
    const name = key.value.trim();
    if (!name) return key.focus();
    if (!byId(`field-${OWN}${name}`)) list.append(field(OWN + name));
    key.value = "";
    byId(`field-${OWN}${name}`).focus();
  };
  key.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), addKey()));
  const list = h("div", { class: "own-fields" }, [...names].map((name) => field(OWN + name)));
  const adder = h("div", { class: "own-add" }, h("label", { for: "own-key" }, t("ownAdd")), key, h("button", { type: "button", onclick: addKey }, t("ownAddButton")));
  return h("div", { class: "own" }, h("h3", {}, t("ownKeys")), list, adder);
}
