// Messages of the service in the language of the page: details of problems and notices, and the findings of a check.
// A detail of the catalogue has its English text as its key, with {} for values: "The archive has {} entries."

import { english, h } from "./elements.js";
import { state } from "./model.js";

const KIND = "detail.";
const DEEPEST = 3; // a value can be a detail itself
const LONGEST = 4_000; // characters of a message that is looked up

/** An element with the message: translated, else marked as English. */
export function said(text) {
  const found = translation(text);
  return found === null ? english(text) : h("span", {}, found);
}

/** The message in the language of the page; null if the catalogue does not have it. English needs no catalogue. */
export function translation(text) {
  if (state.language === "en" || text.length > LONGEST) return null;
  return whole(text, 0) ?? sentences(text);
}

let known = { messages: null, rows: [] };

/** Rows of the catalogue, the most specific first. */
function rows() {
  if (known.messages !== state.messages) {
    const found = Object.entries(state.messages).filter(([name]) => name.startsWith(KIND));
    const made = found.map(([name, words]) => ({ parts: name.slice(KIND.length).split("{}"), words }));
    // Words at the start make a row specific; two values without words between them do not.
    const rank = ({ parts }) => (parts[0] ? 1_000 : 0) - (parts.slice(1, -1).includes("") ? 2_000 : 0) + parts.join("").length;
    made.sort((one, other) => rank(other) - rank(one));
    known = { messages: state.messages, rows: made };
  }
  return known.rows;
}

function whole(text, depth) {
  for (const { parts, words } of rows()) {
    const values = valuesOf(parts, text);
    if (values) return filled(words, values.map((each) => (depth < DEEPEST && each ? (whole(each, depth + 1) ?? each) : each)));
  }
  return null;
}

/** A message of several sentences, each of which the catalogue has. */
function sentences(text) {
  const found = text.split(/(?<=\.) (?=[A-Z])/).map((each) => whole(each, 0));
  return found.length > 1 && !found.includes(null) ? found.join("") : null;
}

/** The values between the parts of a row; null if the text is not of this row. */
function valuesOf(parts, text) {
  const [first, ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first ? [] : null;
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return null;
  const values = [];
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return null;
    values.push(text.slice(at, found));
    at = found + part.length;
  }
  return [...values, text.slice(at, end)];
}

/** {} is the next value, {2} the second. */
function filled(words, values) {
  let next = 0;
  return words.replace(/\{(\d?)\}/g, (_, number) => values[number ? number - 1 : next++] ?? "");
}
