// Checks a finished PDF, EPUB or Word file on the server (POST /v1/check), and shows what it claims and what was found.

import { said, translation } from "./details.js";
import { byId, h } from "./elements.js";
import { watch } from "./model.js";
import { problemCard } from "./notices.js";
import { json, Problem } from "./service.js";
import { t } from "./words.js";

const SHOWN = 5; // places of one rule
let last = null; // {name, report} or {name, problem}, or {name} while it is checked

export function start() {
  const panel = byId("check-panel");
  byId("check-input").addEventListener("change", (event) => {
    const [file] = event.target.files;
    if (file) check(file);
    event.target.value = "";
  });
  panel.addEventListener("drop", (event) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    event.stopPropagation(); // elsewhere on the page a file is an article
    dispatchEvent(new DragEvent("dragleave", { dataTransfer: event.dataTransfer }));
    check(file);
  });
  watch(["language"], show);
}

async function check(file) {
  const asked = (last = { name: file.name });
  show();
  try {
    const body = new FormData();
    body.append("file", file, file.name);
    asked.report = await json("v1/check", { method: "POST", body });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    asked.problem = error.document;
  }
  if (asked === last) show();
}

function show() {
  if (!last) return;
  const { name, report, problem } = last;
  const shown = problem ? problemCard(problem) : report ? reportOf(report) : h("p", {}, t("checkingFile"));
  byId("check-result").replaceChildren(h("h3", {}, name), shown);
}

function reportOf(report) {
  const groups = new Map();
  for (const each of report.findings) groups.set(each.rule, [...(groups.get(each.rule) ?? []), each]);
  return h(
    "div",
    {},
    h("p", {}, h("strong", {}, t(report.passed ? "checkPassed" : "checkFailed"))),
    report.claims.length > 0 && h("ul", {}, report.claims.map((each) => h("li", {}, claimText(each)))),
    h("ul", { class: "notices" }, [...groups.values()].map(ruleRow)),
    h("p", { class: "hint" }, t("checkedBy", report.checked_by.map((each) => `${each.name} ${each.version}`).join(", "))),
  );
}

const claimText = ({ claim, holds }) => t(holds === false ? "claimBroken" : holds ? "claimHolds" : "claimOpen", claim);

function ruleRow(group) {
  const [first] = group;
  const places = group.slice(0, SHOWN).map((each) => [each.place, translation(each.detail ?? "") ?? each.detail].filter(Boolean).join(": "));
  return h(
    "li",
    { class: first.severity === "info" ? "info" : "warning" },
    h("p", {}, h("strong", { class: "badge" }, t(`severity.${first.severity}`)), " ", said(first.message)),
    h("p", { class: "hint" }, places.join(" · "), group.length > SHOWN ? ` · ${t("similar", group.length - SHOWN)}` : ""),
    h("p", { class: "advice" }, said(first.fix)),
  );
}
