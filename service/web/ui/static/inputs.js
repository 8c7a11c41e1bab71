// Where articles come from: files chosen or dropped, and folders walked. What an article refers to goes with it.

import { byId, size } from "./elements.js";
import { programFolder, zipped } from "./folder-zip.js";
import { change, isEdited, isFont, state, watch } from "./model.js";
import { t } from "./words.js";

const MOST_FILES = 10_000;
const NO_CONTENT = /(^|\/)(\.git|\.hg|\.svn|\.venv|\.DS_Store|node_modules|__pycache__|__MACOSX)(\/|$)/;
const MOST_SUFFIXES = 10; // named in the hint; the server accepts every suffix of /v1/formats
let counter = 0;

export function start() {
  byId("files").addEventListener("change", (event) => {
    take([...event.target.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    event.target.value = "";
  });
  listen();
  watch(["readers", "limits", "language"], hint);
  addEventListener("beforeunload", (event) => {
    const unsent = [...state.entries, state.book].some(isEdited) && !state.result;
    if (unsent) event.preventDefault();
  });
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
    await take(await dropped(event.dataTransfer));
  });
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
  return found.filter(({ path }) => !NO_CONTENT.test(path));
}

/** Adds files: the folder of a program as one zip, which the server recognises; of others what does not begin with a dot. */
export async function take(files) {
  const folder = programFolder(files);
  if (!folder) return add(files.filter(({ path }) => !/(^|\/)\./.test(path)));
  const inside = files.map(({ file, path }) => ({ file, path: path.slice(folder.length + 1) }));
  add([{ file: await zipped(inside, `${folder}.zip`), path: `${folder}.zip` }]);
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

/** Adds files; one with the name of another replaces it. `gone` are names that are removed with this. */
export function add(files, gone = []) {
  const entries = files.map(({ file, path, url }) => entry(file, path, url));
  const names = new Set([...gone, ...entries.map(({ name }) => name)]);
  change({ entries: [...state.entries.filter(({ name }) => !names.has(name)), ...entries], problem: null });
}

/** A file that replaces another of its name keeps the edits. */
function entry(file, name, url = null) {
  const readable = ["zip", ...state.readers.flatMap((reader) => reader.suffixes.map((suffix) => suffix.slice(1)))];
  const suffix = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const belongs = /^(image|font)\//.test(file.type) || isFont(name) || /^(css|bib|csl|dotx|svg|png|jpe?g|gif|webp|avif)$/.test(suffix);
  const edits = state.entries.find((each) => each.name === name)?.edits ?? {};
  return { id: (counter += 1), file, url, name, source: Boolean(url) || readable.includes(suffix) || !belongs, check: null, edits };
}

export function remove(gone) {
  change({ entries: state.entries.filter((each) => each !== gone), problem: null });
  byId("files").focus();
}

/** Moves an article by one place: the order of the chapters of a book. */
export function move(entry, step) {
  const order = state.entries.filter((each) => each.source);
  const other = order[order.indexOf(entry) + step];
  if (!other) return;
  const swapped = state.entries.map((each) => (each === entry ? other : each === other ? entry : each));
  change({ entries: swapped });
}

function hint() {
  const all = state.readers.map((reader) => reader.suffixes[0]);
  const suffixes = [...all.slice(0, MOST_SUFFIXES), ...(all.length > MOST_SUFFIXES ? ["…"] : [])].join(" ");
  const limit = state.limits.max_upload;
  byId("drop-hint").textContent = limit ? t("accepts", suffixes, size(limit.value)) : "";
}
