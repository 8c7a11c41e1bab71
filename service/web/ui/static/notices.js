// Notices and problems: the severity, what happened, where, and what to do.

import { said, translation } from "./details.js";
import { byId, h } from "./elements.js";
import { controlOf, labelOf } from "./field-errors.js";
import { selected, state, watch } from "./model.js";
import { address } from "./service.js";
import { has, t } from "./words.js";

const LONGEST_TEXT = 2_000_000; // bytes of a file whose lines are shown

export function start() {
  watch(["checked", "entries", "language", "problem", "chosen", "options"], show);
}

let shown = "";

function show() {
  const check = selected()?.check;
  const problem = check?.problem;
  const notices = problem ? [] : (check?.found?.notices ?? []);
  const said = JSON.stringify([selected()?.id, problem, notices, state.language]);
  if (said === shown) return; // a screen reader reads a live region again after each change
  shown = said;
  byId("notices-section").hidden = !problem && !notices.length;
  byId("notices").replaceChildren(...(problem ? [problemCard(problem)] : [noticeList(notices)]));
}

/** A list, warnings first, the same message once. */
export function noticeList(notices) {
  const warnings = notices.filter((each) => each.severity === "warning");
  const ordered = [...warnings, ...notices.filter((each) => each.severity !== "warning")];
  const groups = new Map();
  for (const each of ordered) groups.set(each.code, [...(groups.get(each.code) ?? []), each]);
  return h("ul", { class: "notices" }, [...groups.values()].map(noticeRow));
}

function noticeRow(group) {
  const [first] = group;
  const advice = has(`advice.${first.code}`) ? h("p", { class: "advice" }, t(`advice.${first.code}`)) : null;
  const more = group.length > 1 ? h("p", { class: "hint" }, t("similar", group.length - 1)) : null;
  return h("li", { class: first.severity }, h("p", {}, badge(first.severity), " ", message(first), place(first)), excerpt(first), advice, more);
}

/** The message. In another language than English, the meaning of the code, and the message below it if it says more. */
function message({ code, message: text, data = {} }) {
  if (state.language === "en" || !has(`notice.${code}`) || translation(text) !== null) return said(text);
  const meaning = filled(t(`notice.${code}`), data);
  return text === state.meanings[code] ? meaning : [meaning, h("small", { class: "original", lang: "en" }, text)];
}

const filled = (text, data) => text.replace(/\{(\w+)\}/g, (whole, name) => (data[name] === undefined ? whole : String(data[name])));

const badge = (severity) => h("strong", { class: "badge" }, t(`severity.${severity}`));

function place({ line, column, message = "" }) {
  if (!line || /^Line \d/.test(message)) return null; // the message contains it
  return h("span", { class: "place" }, " ", column ? t("place", line, column) : t("placeLine", line));
}

/** The line itself, if the article is a text file. */
function excerpt({ line }) {
  const file = selected()?.file;
  if (!line || !file || file.size > LONGEST_TEXT || !/\.(md|markdown|txt|html?|rst|org|tex)$/i.test(file.name)) return null;
  const code = h("code", { class: "excerpt", hidden: true });
  file.text().then((text) => {
    const found = text.split(/\r?\n/)[line - 1] ?? "";
    code.textContent = found.length > 160 ? `${found.slice(0, 160)}…` : found;
    code.hidden = !found.trim();
  });
  return code;
}

/** A problem document (RFC 9457). In another language than English, the meaning of the code comes first. */
export function problemCard(problem, heading = "h3") {
  const { code, title, detail, errors = [] } = problem;
  const ours = has(`problem.${code}`) ? t(`problem.${code}`) : null;
  const others = errors.filter((each) => each.line || each.pointer || each.detail !== detail);
  const repeated = others.length === 1 && others[0].detail === detail;
  const remedy = has(`remedy.${code}`) ? h("p", { class: "advice" }, t(`remedy.${code}`)) : null;
  return h(
    "div",
    { class: "problem" },
    h(heading, {}, badge("problem"), " ", ours ?? (title ? said(title) : t("problemTitle"))),
    detail && detail !== title && !repeated && h("p", {}, said(detail)),
    others.length > 0 && h("ul", {}, others.map((each) => h("li", {}, field(each), said(each.detail), place(each), excerpt(each)))),
    remedy,
    problem.retryable && h("p", { class: "advice" }, problem.retry_after ? t("retry", problem.retry_after) : t("again")),
    problem.type && h("p", {}, h("a", { href: address(`problems/${encodeURIComponent(code)}`) }, t("explain")), " ", h("code", {}, code)),
  );
}

/** The form field that a problem names, with the label that it has on this page. */
function field({ pointer }) {
  const control = pointer && controlOf(pointer);
  return control ? [h("a", { href: `#${control.id}` }, labelOf(control)), ": "] : null;
}
