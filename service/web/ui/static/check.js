// Reads each article on the server as soon as it is given (POST /v1/validate): its metadata, its notices, or what is wrong.

import { debounced } from "./inputs.js";
import { change, isArchive, single, sources, state, watch } from "./model.js";
import { form } from "./request.js";
import { json, Problem } from "./service.js";

/** Of a heap of files only so many are read beforehand; the rest is read when it is converted. */
const MOST_READ = 12;
let current = new AbortController();

export function start() {
  const again = debounced(checkAll, 300);
  watch(["entries"], again);
  watch(["options", "edits"], debounced(checkSingle, 500));
}

async function checkAll() {
  const todo = sources().filter((entry) => !entry.check && !isArchive(entry)).slice(0, MOST_READ);
  for (const entry of todo) if (!entry.check) await check(entry);
}

/** Options and edits change what an article says of itself; of many, each would have to be read again: that is not done. */
async function checkSingle() {
  const entry = single();
  if (entry?.check && entry.check.asked !== asked() && !isArchive(entry)) await check(entry);
}

const asked = () => JSON.stringify([state.options, state.edits]);

async function check(entry) {
  if (entry === single()) current.abort();
  const { signal } = (current = new AbortController());
  const before = entry.check;
  entry.check = { ...before, state: "checking", asked: asked() };
  change({ checked: entry });
  try {
    const found = await json("v1/validate", { method: "POST", body: form([entry]), signal });
    // What the article itself says, before anything was changed here: edits are told from it.
    const original = before?.original ?? found.metadata;
    entry.check = { ...entry.check, state: "read", found, original, problem: null };
  } catch (error) {
    if (error.name === "AbortError") return;
    if (!(error instanceof Problem)) throw error;
    entry.check = { ...entry.check, state: "read", problem: error.document };
  }
  if (state.entries.includes(entry)) change({ checked: entry });
}
