// Notices and problems: how grave, what, where, and what can be done about it.

import { byId, english, h } from "./elements.js";
import { single, state, watch } from "./model.js";
import { address } from "./service.js";
import { has, t } from "./words.js";

const LONGEST_TEXT = 2_000_000; // bytes of a file whose lines are shown

export function start() {
  watch(["checked", "entries", "language", "problem"], show);
}

let shown = "";

function show() {
  const check = single()?.check;
  const problem = check?.problem;
  const notices = problem ? [] : (check?.found?.notices ?? []);
  const said = JSON.stringify([single()?.id, problem, notices, state.language]);
  if (said === shown) return; // a live region that is drawn anew is read out anew
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
  const what = has(`notice.${first.code}`) ? h("p", { class: "advice" }, t(`notice.${first.code}`)) : null;
  const more = group.length > 1 ? h("p", { class: "hint" }, t("similar", group.length - 1)) : null;
  return h(
    "li",
    { class: first.severity },
    h("p", {}, badge(first.severity), " ", english(first.message), place(first)),
    excerpt(first),
    what,
    more,
  );
}

const badge = (severity) => h("strong", { class: "badge" }, t(`severity.${severity}`));

function place({ line, column, message = "" }) {
  if (!line || /^Line \d/.test(message)) return null; // some say it themselves
  return h("span", { class: "place" }, " ", column ? t("place", line, column) : t("placeLine", line));
}

/** The line itself, where the article is text that the browser can read. */
function excerpt({ line }) {
  const file = single()?.file;
  if (!line || !file || file.size > LONGEST_TEXT || !/\.(md|markdown|txt|html?|rst|org|tex)$/i.test(file.name)) return null;
  const code = h("code", { class: "excerpt", hidden: true });
  file.text().then((text) => {
    const found = text.split(/\r?\n/)[line - 1] ?? "";
    code.textContent = found.length > 160 ? `${found.slice(0, 160)}…` : found;
    code.hidden = !found.trim();
  });
  return code;
}

/** A problem document (RFC 9457) in full; what is ours to say first, what the server said below it. */
export function problemCard(problem, heading = "h3") {
  const { code, title, detail, errors = [] } = problem;
  const ours = has(`problem.${code}`) ? t(`problem.${code}`) : null;
  const others = errors.filter((each) => each.line || each.detail !== detail);
  return h(
    "div",
    { class: "problem" },
    h(heading, {}, badge("problem"), " ", ours ?? (title ? english(title) : t("problemTitle"))),
    detail && detail !== title && h("p", {}, english(detail)),
    others.length > 0 && h("ul", {}, others.map((each) => h("li", {}, english(each.detail), place(each), field(each), excerpt(each)))),
    problem.retryable && h("p", { class: "advice" }, problem.retry_after ? t("retry", problem.retry_after) : t("again")),
    problem.type && h("p", {}, h("a", { href: address(`problems/${encodeURIComponent(code)}`) }, t("explain")), " ", h("code", {}, code)),
  );
}

/** The form field that a problem names, by the label it has on this page. */
function field({ pointer }) {
  const control = pointer && byId(`option-${pointer.slice(1)}`);
  if (!control) return null;
  return h("span", { class: "place" }, " ", h("a", { href: `#${control.id}` }, control.labels[0]?.textContent ?? pointer));
}
