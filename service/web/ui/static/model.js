// What the page knows, in one place. Views watch parts of it; everything else goes through `change`.

export const state = {
  language: "en",
  readers: [], // of /v1/formats
  writers: [],
  profiles: [],
  properties: {}, // of /v1/options: name → JSON Schema
  limits: {},
  entries: [], // what was given: {id, file, name, source, check, edits}; edits: metadata field → value over the article's
  to: ["pdf"],
  options: {}, // name → value, only what differs from the default
  problem: null, // of the last request
  running: false,
  result: null, // {report} of one article, or {job, items, left, erased} of many
  picture: null, // of the first page: {} while it is drawn, then {url} or {failed}
  needsKey: false,
};

const watchers = [];

/** `view(state)` runs whenever one of `names` is changed. */
export function watch(names, view) {
  watchers.push({ names, view });
}

export function change(patch) {
  Object.assign(state, patch);
  for (const { names, view } of watchers) if (names.some((name) => name in patch)) view(state);
}

export const sources = () => state.entries.filter((entry) => entry.source);
export const assets = () => state.entries.filter((entry) => !entry.source);
export const isEdited = (entry) => Object.keys(entry.edits).length > 0;
export const isArchive = (entry) => /\.zip$/i.test(entry.name);

/** Many, or an archive that may hold many, are a job; one article, or one book of all, is converted while you wait. */
export const isJob = () => !state.options.combine && (sources().length > 1 || sources().some(isArchive));
/** The article whose metadata can be edited: the only one. */
export const single = () => (sources().length === 1 ? sources()[0] : null);
