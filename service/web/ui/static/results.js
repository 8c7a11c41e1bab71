// The results of a job: the files of one article, or a table of many, with pages, messages and the expiry.

import { byId, clock, h, size } from "./elements.js";
import { erase, hasEnded } from "./jobs.js";
import { jobView } from "./job-view.js";
import { selected, signature, state, watch } from "./model.js";
import { noticeList, problemCard } from "./notices.js";
import { artifactPager, downloadLink, shownBest } from "./pager.js";
import { time } from "./recent.js";
import { t } from "./words.js";

let drawn = null; // {key, element} of the view of one article: it is created once, so that its pager keeps its page
let delivered = null; // {key, element} of the list of deliveries

export function start() {
  watch(["result", "problem", "language"], show);
  watch(["result", "entries", "edited", "options", "delivery", "to", "language"], stale);
  byId("erase").addEventListener("click", erase);
}

function show({ result, problem }) {
  const parts = problem ? [h("div", { role: "alert" }, problemCard(problem))] : [];
  if (result && !(problem && result.job.total === 1)) parts.push(view(result));
  if (result?.job.deliveries?.length) parts.push(deliveryList(result.job.deliveries));
  byId("results").hidden = !parts.length;
  byId("results-title").textContent = t(problem ? "problemTitle" : !result || hasEnded(result.job) ? "results" : "converting");
  const before = [...byId("result").children];
  if (before.length !== parts.length || parts.some((part, index) => part !== before[index])) byId("result").replaceChildren(...parts);
  kept(result);
}

/** Where the artifacts of the job go, and whether they have arrived. */
function deliveryList(deliveries) {
  const key = JSON.stringify([deliveries, state.language]);
  if (delivered?.key !== key) {
    const rows = deliveries.map((each) => h("li", {}, `${each.to}: ${t(`delivery.${each.state}`, each.last_error)}`));
    delivered = { key, element: h("ul", { class: "deliveries", "aria-label": t("deliveries") }, rows) };
  }
  return delivered.element;
}

function kept(result) {
  const ended = Boolean(result) && hasEnded(result.job);
  byId("kept-until").hidden = !ended;
  if (ended) byId("until").textContent = result.job.expires_at ? t("keptUntil", time(result.job.expires_at)) : "";
}

/** Results of an older request are marked, not removed. */
function stale({ result, entries }) {
  const isOld = Boolean(result?.signature) && entries.length > 0 && hasEnded(result.job) && result.signature !== signature();
  byId("stale").hidden = !isOld;
  byId("results").classList.toggle("old", isOld);
}

function view(result) {
  const [item] = result.items;
  if (result.job.total > 1 || !item) return jobView(result);
  const isReady = item.artifacts.length > 0; // an event reports the end before the files are known here
  const key = JSON.stringify([item.id, item.state, isReady, state.language]);
  if (drawn?.key !== key) drawn = { key, element: isReady ? articleView(item, result.job) : waiting(item) };
  if (!isReady) drawn.element.querySelector(".stages").replaceChildren(...stages(result.stages[item.id] ?? []));
  return drawn.element;
}

function waiting(item) {
  return h("div", { class: "waiting" }, h("p", {}, `${item.name}: ${t(`state.${item.state}`)}`), h("ul", { class: "stages" }));
}

/** The stages of a long document: those that have ended with their seconds, and those that run. */
export function stages(events) {
  const rows = new Map();
  for (const event of events) {
    const key = `${event.stage} ${event.target}`;
    rows.set(key, event.ended ? { ...rows.get(key), end: event.at } : { ...event, began: event.at });
  }
  return [...rows.values()].map(({ stage, target, began, end }) => {
    const name = t(`stage.${stage}`, target ? target.toUpperCase() : "");
    const spent = end && began ? ` · ${clock((Date.parse(end) - Date.parse(began)) / 1000)}` : " …";
    return h("li", { class: end ? "ended" : "running" }, name, spent);
  });
}

function articleView({ artifacts, notices }, job) {
  const all = [...notices, ...artifacts.flatMap((each) => each.notices)];
  const known = new Set((selected()?.check?.found?.notices ?? []).map((each) => JSON.stringify(each))); // shown next to the metadata
  const unique = [...new Map(all.map((each) => [JSON.stringify(each), each]))].filter(([text]) => !known.has(text)).map(([, each]) => each);
  const best = shownBest(artifacts);
  const pages = best && artifactPager(best);
  pages?.go(1);
  const files = h("ul", { class: "artifacts" }, artifacts.map(artifactRow));
  const archive = artifacts.length > 1 && downloadLink({ url: job.archive_url, name: `${job.name || job.id}.zip` }, "button", t("downloadAll"));
  return h("div", { class: "made" }, pages, h("div", {}, files, archive, unique.length > 0 && noticeList(unique)));
}

function artifactRow(artifact) {
  const { pages } = artifact.report ?? {};
  const about = [size(artifact.size), pages && (pages === 1 ? t("pagesOf.one", pages) : t("pagesOf", pages)), verified(artifact)].filter(Boolean).join(" · ");
  return h("li", {}, h("p", { class: "name" }, artifact.name), h("p", { class: "about" }, about), downloadLink(artifact, "button main"));
}

/** What the service found when it opened the artifact again. */
function verified({ report, notices }) {
  const doubts = notices.filter((notice) => notice.code === "metadata-mismatch").length;
  if (doubts) return t("metadataNot", doubts);
  const fields = Object.keys(report?.fields ?? {}).length;
  return fields ? t("metadataSafe", fields) : "";
}
