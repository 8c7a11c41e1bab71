// The request. The form that is sent and the curl command that is shown come from the same fields.

import { deliveryFields } from "./delivery.js";
import { size } from "./elements.js";
import { assets, isBook, isEdited, isFont, isJob, sources, state } from "./model.js";
import { address, key, Problem } from "./service.js";

/** The fields next to the files, as [name, text]: only what differs from the defaults. `alone`: not as a book. */
function fields(of, alone = false) {
  const given = Object.entries(state.options).filter(([name]) => !(alone && name === "combine"));
  const options = given.map(([name, value]) => [name, String(value)]);
  const about = isBook() && !alone ? state.book : of.length === 1 ? of[0] : null;
  return about && isEdited(about) ? [...options, ["metadata", JSON.stringify(about.edits)]] : options;
}

/** The edits of one of several articles are its metadata file, as [name, text]. */
function metadataFiles(of) {
  if (of.length < 2) return [];
  const called = (entry) => (state.options.combine ? `c${of.indexOf(entry) + 1}/${entry.name.split("/").pop()}` : entry.name);
  return of.filter(isEdited).map((entry) => [`${called(entry)}.metadata.json`, JSON.stringify(entry.edits)]);
}

const targets = () => state.to.map((name) => ["to", name]);

/** An image's name is what the article calls it: its path from the article's own folder. */
function assetName(asset, of) {
  const folder = of.length === 1 ? of[0].name.slice(0, of[0].name.lastIndexOf("/") + 1) : "";
  return folder && asset.name.startsWith(folder) ? asset.name.slice(folder.length) : asset.name;
}

/** The field of a file next to the article. */
const field = ({ name }) => (isFont(name) ? "font" : "asset");

/** A browser reports a server that refuses during the upload as a lost connection, so the page checks the size. */
function checkSize(entries) {
  const limit = state.limits.max_upload?.value ?? Infinity;
  const whole = entries.reduce((sum, { file }) => sum + file.size, 0);
  if (whole > limit) throw new Problem({ code: "payload-too-large", type: "/problems/payload-too-large", status: 413, detail: `${size(whole)} > ${size(limit)}` });
}

/** The multipart body for some of the sources; `more` are further fields. Throws Problem if it is too large. */
export function form(of = sources(), more = [], alone = false) {
  checkSize([...of, ...assets()]);
  const body = new FormData();
  for (const entry of of) entry.url ? body.append("url", entry.url) : body.append("file", entry.file, entry.name);
  for (const asset of assets()) body.append(field(asset), asset.file, assetName(asset, of));
  for (const [name, text] of metadataFiles(of)) body.append("asset", new Blob([text], { type: "application/json" }), name);
  for (const [name, value] of [...more, ...fields(of, alone)]) body.append(name, value);
  return body;
}

/** The body of a job; `name` is that of its archive. */
export const wholeForm = (name) => form(sources(), [...targets(), ...(name ? [["name", name]] : []), ...deliveryFields()]);

/** One word of a shell command, quoted if necessary. */
function word(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The media types that curl sends by suffix. For all others it sends application/octet-stream. */
const CURL_TYPES = { gif: "image/gif", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", svg: "image/svg+xml", txt: "text/plain", htm: "text/html", html: "text/html", pdf: "application/pdf", xml: "application/xml" };

function typeOf({ file, name }) {
  const sentByCurl = CURL_TYPES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";
  const own = file.type || "application/octet-stream";
  return own === sentByCurl ? "" : `;type=${own}`;
}

/** A value in a part for curl. Characters with a meaning for curl need double quotes, which curl removes. */
const quoted = (value) => (/[,;"\\]/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value);

/** A file whose text is in the command. */
const literal = (name, text, as) => word(`${name}=${quoted(text)};type=application/json;filename=${quoted(as)}`);

/** A file part as curl has it. */
function part(name, entry, as) {
  return word(`${name}=@${quoted(entry.name)}${typeOf(entry)}${as === entry.name && !as.includes("/") ? "" : `;filename=${quoted(as)}`}`);
}

/** A name as a browser sends it (HTML, section 4.10.22.8), so that the service receives the same name. */
const sent = (name) => name.replaceAll('"', "%22");

/** The command that sends the same request and saves the response. */
export function command() {
  const of = sources();
  const delivered = deliveryFields();
  const job = isJob() || delivered.length > 0; // only a job can be delivered
  const lines = ["curl --fail-with-body"];
  if (key()) lines.push('-H "Authorization: Bearer $COLOPHON_KEY"');
  lines.push(...of.map((entry) => (entry.url ? `--form-string ${word(`url=${entry.url}`)}` : `-F ${part("file", entry, sent(entry.name))}`)));
  lines.push(...assets().map((asset) => `-F ${part(field(asset), asset, sent(assetName(asset, of)))}`));
  lines.push(...metadataFiles(of).map(([name, text]) => `-F ${literal("asset", text, sent(name))}`));
  lines.push(...targets().map(([name, value]) => `-F ${word(`${name}=${value}`)}`));
  lines.push(...[...fields(of), ...delivered].map(([name, value]) => `--form-string ${word(`${name}=${value}`)}`));
  lines.push(word(address(job ? "v1/jobs" : "v1/convert")));
  if (!job) lines.push(`-o ${word(outputName(of[0].name))}`);
  return lines.join(" \\\n  ");
}

function outputName(name) {
  const stem = name.slice(name.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const suffix = state.to.length === 1 ? state.writers.find((writer) => writer.name === state.to[0])?.suffix : ".zip";
  return `${stem}${suffix ?? ""}`;
}
