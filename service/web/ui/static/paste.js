// Text that is typed or pasted, with its formatting where it has any, and addresses that the server may fetch.

import { byId, debounced, h } from "./elements.js";
import { add } from "./inputs.js";
import { change, state, watch } from "./model.js";
import { t } from "./words.js";

export const PASTED = ["pasted.md", "pasted.html"];
/** Tags that a web page or Word writes, and an editor for code does not. The markup is searched, never parsed. */
const FORMATTED = /<(?:h[1-6]|p|ul|ol|table|img|strong|em|b|i|blockquote|pre)[\s>]|<a\s[^>]*href=/i;
const ADDRESS = /^https?:\/\/[^\s<>"]+$/i;
let html = ""; // of the last paste, where it has formatting

export function start() {
  byId("text").addEventListener("input", debounced(typed, 350));
  byId("text").addEventListener("paste", pastedText);
  byId("formatted").addEventListener("change", put);
  byId("sample").addEventListener("click", () => {
    change({ entries: state.entries.filter(({ name }) => PASTED.includes(name)) });
    show(t("sampleText"), "");
  });
  byId("fetch-no").addEventListener("click", () => offer(""));
  byId("fetch-yes").addEventListener("click", fetchAddress);
  document.addEventListener("paste", pastedAnywhere);
  watch(["entries"], emptied);
}

const isFormatted = (markup) => FORMATTED.test(markup);

function pastedAnywhere(event) {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !event.clipboardData.files.length) return;
  const files = [...event.clipboardData.files];
  const text = event.clipboardData.getData("text/plain");
  if (files.length) add(files.map((file) => ({ file, path: file.name })));
  else if (ADDRESS.test(text.trim())) offer(text.trim());
  else if (text.trim()) show(text, event.clipboardData.getData("text/html"));
  else return;
  event.preventDefault();
}

/** A paste into the empty text area keeps formatting, too; one into written text is text. */
function pastedText(event) {
  const text = event.clipboardData.getData("text/plain");
  if (byId("text").value.trim()) return;
  if (ADDRESS.test(text.trim())) offer(text.trim());
  else if (isFormatted(event.clipboardData.getData("text/html"))) show(text, event.clipboardData.getData("text/html"));
  else return;
  event.preventDefault();
}

function show(text, markup) {
  html = isFormatted(markup) ? markup : "";
  byId("paste").open = true;
  byId("text").value = text;
  byId("formatted").checked = Boolean(html);
  put();
}

function typed() {
  html = ""; // what is typed now is not in the markup
  put();
}

/** The pasted article: with formatting as HTML, else as Markdown. */
function put() {
  const text = byId("text").value;
  byId("formatted-row").hidden = !html;
  if (!text.trim()) return change({ entries: state.entries.filter(({ name }) => !PASTED.includes(name)), problem: null });
  const formatted = html && byId("formatted").checked;
  const [path, type] = formatted ? ["pasted.html", "text/html"] : ["pasted.md", "text/markdown"];
  add([{ file: new File([formatted ? html : text], path, { type }), path }], PASTED);
}

function emptied({ entries }) {
  if (entries.some(({ name }) => PASTED.includes(name)) || document.activeElement === byId("text")) return;
  byId("text").value = "";
  byId("formatted-row").hidden = true;
}

/** Asks before the server fetches an address, or says that it does not. */
function offer(address) {
  const allowed = "url" in state.properties;
  byId("fetch").hidden = !address;
  byId("fetch").dataset.address = address;
  byId("fetch-text").replaceChildren(t(allowed ? "fetchOffer" : "fetchNot"), " ", h("span", { class: "address" }, address));
  byId("fetch-yes").hidden = !allowed;
  if (address) byId(allowed ? "fetch-yes" : "fetch-no").focus();
}

function fetchAddress() {
  const { address } = byId("fetch").dataset;
  const { hostname, pathname } = new URL(address);
  add([{ file: new File([], "page.html"), path: `${hostname}${pathname}`.replace(/\/$/, ""), url: address }]);
  offer("");
  byId("files").focus();
}
