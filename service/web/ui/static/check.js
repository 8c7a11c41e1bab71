// Reads each article on the server as soon as it is given (POST /v1/validate): its metadata, its notices, or what is wrong.

import { debounced } from "./inputs.js";
import { change, isArchive, isEdited, single, sources, state, watch } from "./model.js";
import { form } from "./request.js";
import { json, Problem } from "./service.js";

/** Of a heap of files only so many are read beforehand; the rest is read when it is converted. */
const MOST_READ = 12;
let current = new AbortController();

export function start() {
  const again = debounced(checkAll, 300);
  watch(["entries"], again);
  watch(["options", "edited"], debounced(checkSingle, 500));
}

async function checkAll() {
  const todo = sources().filter((entry) => !entry.check && !isArchive(entry)).slice(0, MOST_READ);
  for (const entry of todo) if (!entry.check) await check(entry);
}

/** Options and edits change what an article says of itself; of many, each would have to be read again: that is not done. */
async function checkSingle() {
  const entry = single();
  if (entry?.check && entry.check.asked !== asked(entry) && !isArchive(entry)) await check(entry);
}

const asked = (entry) => JSON.stringify([state.options, entry.edits]);

async function check(entry) {
  if (entry === single()) current.abort();
  const { signal } = (current = new AbortController());
  const before = entry.check;
  entry.check = { ...before, state: "checking", asked: asked(entry) };
  change({ checked: entry });
  try {
    const read = (each) => json("v1/validate", { method: "POST", body: form([each]), signal });
    const found = await read(entry);
    // What the article itself says, without what was changed here: edits are told from it.
    const original = before?.original ?? (isEdited(entry) ? (await read({ ...entry, edits: {} })).metadata : found.metadata);
    entry.check = { ...entry.check, state: "read", found, original, problem: null };
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Problem)) throw error;
    entry.check = { ...entry.check, state: "read", problem: error.document };
  }
  if (state.entries.includes(entry)) change({ checked: entry });
}
