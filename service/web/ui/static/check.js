// Reads each article on the server as soon as it is added (POST /v1/validate): its metadata and messages, or its problem.

import { debounced } from "./elements.js";
import { change, isBook, isEdited, selected, sources, state, watch } from "./model.js";
import { form } from "./request.js";
import { json, Problem } from "./service.js";

/** Articles that are read in advance. The others are read when they are chosen, and when they are converted. */
const MOST_READ = 200;
/** The AbortController of the check that runs, by article: a newer check of the same article ends it. */
const checks = new WeakMap();

export function start() {
  const all = debounced(checkAll, 300);
  watch(["entries"], all);
  watch(["options", "edited", "chosen"], debounced(checkSelected, 500));
}

async function checkAll() {
  const todo = sources().filter((entry) => !entry.check).slice(0, MOST_READ);
  for (const entry of todo) if (!entry.check && state.entries.includes(entry)) await check(entry);
  await checkSelected();
}

/** Options and edits change what is found. Only what is shown is read again. */
async function checkSelected() {
  const entry = selected();
  if (entry && entry.check?.asked !== asked(entry)) await check(entry);
}

const asked = (entry) => JSON.stringify([state.options, entry.edits, entry === state.book && sources().map(({ id, edits }) => [id, edits])]);

/** Options for a whole book say nothing about one of its articles. */
const formOf = (entry) => (entry === state.book ? form(sources()) : form([entry], [], isBook()));

async function check(entry) {
  checks.get(entry)?.abort();
  const { signal } = checks.set(entry, new AbortController()).get(entry);
  const before = entry.check;
  entry.check = { ...before, state: "checking", asked: asked(entry) };
  change({ checked: entry });
  const read = (body) => json("v1/validate", { method: "POST", body, signal });
  try {
    const found = await read(formOf(entry));
    // What the article itself says, without the edits made here, which are compared with it.
    const original = before?.original ?? (isEdited(entry) ? (await read(formOf({ ...entry, edits: {} }))).metadata : found.metadata);
    entry.check = { ...entry.check, state: "read", found, original, problem: null, several: 0 };
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Problem)) throw error;
    entry.check = { ...entry.check, state: "read", ...failed(error.document) };
  }
  change({ checked: entry });
}

/** An archive of several articles is not a problem: each becomes an item of the job. */
function failed(document) {
  const several = document.code === "ambiguous-article" ? Number(/\d+/.exec(document.detail)?.[0] ?? 2) : 0;
  return { problem: several ? null : document, several };
}
