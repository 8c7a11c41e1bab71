// The state of the page, in one place. Views watch parts of it; every change goes through `change`.

export const state = {
  language: "en",
  messages: {}, // of /v1/messages: code → text in the language of the page
  meanings: {}, // code of a notice → its English text
  readers: [], // of /v1/formats
  writers: [],
  profiles: [],
  properties: {}, // of /v1/options: name → JSON Schema
  limits: {},
  jobFields: {}, // the ways of delivery that the operator allows: name → JSON Schema
  entries: [], // what was given: {id, file, url, name, source, check, edits}; edits: metadata field → value over the article's
  book: { id: "book", edits: {}, check: null }, // the whole, where `combine` is on
  chosen: null, // id of the entry whose metadata is shown, or "book"
  to: ["pdf"],
  delivery: {}, // name of one of these fields → its text
  options: {}, // name → value, only what differs from the default
  problem: null, // of the last request
  running: false,
  result: null, // {job, items, left, stages, signature} of the job that is shown
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
export const isFont = (name) => /\.(ttf|otf|ttc|otc|woff2?)$/i.test(name);
export const isEdited = (entry) => Object.keys(entry.edits).length > 0;
export const isArchive = (entry) => /\.zip$/i.test(entry.name ?? "");
/** An archive of several articles, or one of which that is not known yet. */
export const isSeveral = (entry) => isArchive(entry) && !entry.check?.found;
export const isBook = () => Boolean(state.options.combine) && (sources().length > 1 || sources().some(isSeveral));

/** Several articles, or an archive of several, can only be a job; one article, or one book of all, can be answered at once. */
export const isJob = () => !state.options.combine && (sources().length > 1 || sources().some(isSeveral));

/** The entry whose metadata and messages are shown: the chosen one, the book, or the first article. */
export function selected() {
  if (isBook() && (state.chosen === "book" || !sources().some((entry) => entry.id === state.chosen))) return state.book;
  return sources().find((entry) => entry.id === state.chosen) ?? sources()[0] ?? null;
}

/** Equal for two requests that are equal. */
export const signature = () =>
  JSON.stringify([state.entries.map(({ id, edits }) => [id, edits]), isBook() && state.book.edits, state.to, state.options, state.delivery]);
