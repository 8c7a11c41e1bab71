// What is converted: files chosen, dropped or pasted, folders walked, and text typed in. Images go with their article.

import { byId, h, size } from "./elements.js";
import { change, isArchive, state, watch } from "./model.js";
import { count, t } from "./words.js";

const MOST_FILES = 2000;
const MOST_SUFFIXES = 10; // named in the hint; whatever else is readable is taken too
const PASTED = "pasted.md";
let counter = 0;

export function start() {
  byId("files").addEventListener("change", (event) => {
    add([...event.target.files].map((file) => ({ file, path: file.name })));
    event.target.value = "";
  });
  byId("text").addEventListener("input", debounced(textChanged, 350));
  byId("sample").addEventListener("click", () => {
    byId("paste").open = true;
    byId("text").value = t("sampleText");
    textChanged();
  });
  listen();
  watch(["entries", "checked", "language"], list);
  watch(["readers", "limits", "language"], hint);
}

export function debounced(run, milliseconds) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds, ...values);
  };
}

function listen() {
  let depth = 0;
  const over = (step) => byId("drop").classList.toggle("over", (depth = Math.max(0, depth + step)) > 0);
  const carriesFiles = (event) => [...event.dataTransfer.types].includes("Files");
  addEventListener("dragenter", (event) => carriesFiles(event) && over(1));
  addEventListener("dragleave", (event) => carriesFiles(event) && over(-1));
  addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  addEventListener("drop", async (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(-depth);
    add(await dropped(event.dataTransfer));
  });
  document.addEventListener("paste", pastedAnywhere);
}

function pastedAnywhere(event) {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !event.clipboardData.files.length) return;
  const files = [...event.clipboardData.files];
  const text = event.clipboardData.getData("text/plain");
  if (files.length) add(files.map((file) => ({ file, path: file.name })));
  else if (text.trim()) {
    byId("paste").open = true;
    byId("text").value = text;
    textChanged();
  } else return;
  event.preventDefault();
}

/** Files with their paths, folders walked through. */
async function dropped(transfer) {
  const roots = [...transfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  if (roots.some((root) => !root)) return [...transfer.files].map((file) => ({ file, path: file.name }));
  const found = [];
  const todo = [...roots];
  while (todo.length && found.length < MOST_FILES) {
    const entry = todo.shift();
    if (entry.isFile) found.push({ file: await new Promise((ok, no) => entry.file(ok, no)), path: entry.fullPath.slice(1) });
    else todo.push(...(await inside(entry)));
  }
  return found.filter(({ path }) => !/(^|\/)(\.|__MACOSX)/.test(path));
}

async function inside(folder) {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((ok, no) => reader.readEntries(ok, no));
    if (!some.length || found.length > MOST_FILES) return found;
    found.push(...some);
  }
}

export function add(files) {
  const entries = files.map(({ file, path }) => entry(file, path));
  const names = new Set(entries.map(({ name }) => name));
  change({ entries: [...state.entries.filter(({ name }) => !names.has(name)), ...entries], problem: null });
}

/** A file that takes the place of another of its name keeps what was changed there. */
function entry(file, name) {
  const readable = ["zip", ...state.readers.flatMap((reader) => reader.suffixes.map((suffix) => suffix.slice(1)))];
  const suffix = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const beside = /^(image|font)\//.test(file.type) || /^(css|bib|csl|dotx|svg|png|jpe?g|gif|webp|avif)$/.test(suffix);
  const edits = state.entries.find((each) => each.name === name)?.edits ?? {};
  return { id: (counter += 1), file, name, source: readable.includes(suffix) || !beside, check: null, edits };
}

function textChanged() {
  const text = byId("text").value;
  const others = state.entries.filter(({ name }) => name !== PASTED);
  const file = new File([text], PASTED, { type: "text/markdown" });
  change({ entries: text.trim() ? [...others, entry(file, PASTED)] : others, problem: null });
}

function remove(gone) {
  if (gone.name === PASTED) byId("text").value = "";
  change({ entries: state.entries.filter((each) => each !== gone), problem: null });
  byId("files").focus();
}

function list() {
  byId("file-list").replaceChildren(...state.entries.map(row));
}

function row(each) {
  const name = each.name === PASTED ? t("pasted") : each.name;
  return h(
    "li",
    {},
    h("span", { class: "name" }, name),
    h("span", { class: "about" }, [size(each.file.size), about(each)].filter(Boolean).join(" · ")),
    h("button", { type: "button", class: "plain", "aria-label": t("remove", name), onclick: () => remove(each) }, "×"),
  );
}

function about({ source, check, name }) {
  if (!source) return t("image");
  if (isArchive({ name })) return t("archive");
  if (!check) return "";
  if (check.state === "checking") return t("checking");
  if (check.problem) return t("severity.problem");
  const number = check.found.notices.length;
  return number ? count("noticesOf", number) : t("sound");
}

function hint() {
  const all = state.readers.map((reader) => reader.suffixes[0]);
  const suffixes = [...all.slice(0, MOST_SUFFIXES), ...(all.length > MOST_SUFFIXES ? ["…"] : [])].join(" ");
  const limit = state.limits.max_upload;
  byId("drop-hint").textContent = limit ? t("accepts", suffixes, size(limit.value)) : "";
}
