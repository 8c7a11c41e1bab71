// What was made: a download for each artifact, its notices, and a picture of its first page.

import { downloadLink } from "./artifacts.js";
import { byId, h, size } from "./elements.js";
import { jobView } from "./job-view.js";
import { single, state, watch } from "./model.js";
import { noticeList, problemCard } from "./notices.js";
import { t } from "./words.js";

export function start() {
  watch(["result", "problem", "language"], show);
  watch(["picture"], showPicture);
}

function show({ result, problem }) {
  const parts = problem ? [h("div", { role: "alert" }, problemCard(problem))] : [];
  if (result?.report) parts.push(...articleView(result));
  if (result?.job) parts.push(jobView(result));
  byId("results").hidden = !parts.length;
  byId("results-title").textContent = t(problem ? "problemTitle" : "results");
  const before = [...byId("result").children];
  if (before.length !== parts.length || parts.some((part, index) => part !== before[index])) byId("result").replaceChildren(...parts);
  showPicture(state);
}

function articleView({ report }) {
  const all = report.notices.concat(report.artifacts.flatMap((each) => each.notices));
  const known = new Set((single()?.check?.found?.notices ?? []).map((each) => JSON.stringify(each))); // told above already
  const unique = [...new Map(all.map((each) => [JSON.stringify(each), each])).entries()].filter(([text]) => !known.has(text)).map(([, each]) => each);
  return [
    h(
      "div",
      { class: "made" },
      h("figure", { id: "picture", hidden: true }),
      h("div", {}, h("ul", { class: "artifacts" }, report.artifacts.map(artifactRow)), unique.length > 0 && noticeList(unique)),
    ),
  ];
}

function artifactRow(artifact) {
  return h(
    "li",
    {},
    h("p", { class: "name" }, artifact.name),
    h("p", { class: "about" }, size(artifact.size), verified(artifact)),
    downloadLink(artifact, "button main"),
  );
}

/** What the service found when it opened the artifact again. */
function verified({ report, notices }) {
  const doubts = notices.filter((notice) => notice.code === "metadata-mismatch").length;
  if (doubts) return ` · ${t("metadataNot", doubts)}`;
  const fields = Object.keys(report?.fields ?? {}).length;
  return fields ? ` · ${t("metadataSafe", fields)}` : "";
}

/** Comes later than the rest, and must not disturb who is there already. */
function showPicture({ picture, result }) {
  const figure = byId("picture");
  if (!figure) return;
  const artifacts = result.report.artifacts;
  const printed = !artifacts.some((each) => each.format === "pdf");
  figure.hidden = !picture || picture.failed;
  if (figure.hidden) return;
  const shown = picture.url
    ? h("img", { src: picture.url, alt: t("previewOf", artifacts[0].name), width: "320" })
    : h("p", { class: "blank" }, t("previewMaking"));
  figure.replaceChildren(shown, h("figcaption", {}, t(printed ? "previewPrinted" : "preview")));
}
