// A job of many articles as a table: each article with its state, its problem or files, and its pages on request.

import { h } from "./elements.js";
import { finished, hasEnded } from "./jobs.js";
import { state } from "./model.js";
import { noticeList, problemCard } from "./notices.js";
import { artifactPager, downloadLink, shownBest } from "./pager.js";
import { stages } from "./results.js";
import { download, local } from "./service.js";
import { count, t } from "./words.js";

const MARKS = { queued: "·", running: "…", succeeded: "✓", failed: "✕", cancelled: "–" };
const opened = new Map(); // artifact id → its pages: a row that is created again keeps them

let drawn = null; // {id, language, view, rows} of the job that is on the page

/** The element of the job. Only rows that changed are created again, so that the focus stays where it is. */
export function jobView({ job, items, left, stages: reported }) {
  if (drawn?.id !== job.id || drawn.language !== state.language) {
    drawn = { id: job.id, language: state.language, view: frame(), rows: new Map() };
  }
  const { view, rows } = drawn;
  const [label, progress, whole, rest] = ["label", "progress", ".whole", ".quiet"].map((selector) => view.querySelector(selector));
  label.textContent = t("progress", finished(job), job.total);
  Object.assign(progress, { max: job.total, value: finished(job) });
  if (hasEnded(job) && !whole.firstChild) whole.append(...summary(job));
  rest.textContent = left > 0 ? t("moreItems", left) : "";
  for (const item of items) place(view.querySelector("tbody"), rows, item, reported[item.id] ?? []);
  return view;
}

function summary(job) {
  const { succeeded, cancelled } = job.counts;
  const said = cancelled > 0 && h("span", { class: "left" }, t("cancelledLeft", succeeded, job.total), " ");
  return [said, succeeded > 0 && archive(job)].filter(Boolean);
}

function frame() {
  const titles = [t("fileName"), t("fileTitle"), t("fileState"), t("itemFiles")];
  return h(
    "div",
    { class: "job" },
    h("p", {}, h("label", { for: "progress" })),
    h("progress", { id: "progress" }),
    h("p", { class: "whole" }),
    h("table", {}, h("thead", {}, h("tr", {}, titles.map((text) => h("th", { scope: "col" }, text)))), h("tbody")),
    h("p", { class: "quiet" }),
  );
}

function place(body, rows, item, reported) {
  const key = JSON.stringify([item.state, item.problem, item.artifacts.map((each) => each.id), reported.length]);
  const before = rows.get(item.id);
  if (before?.key === key) return;
  const element = row(item, reported);
  if (before) before.element.replaceWith(element);
  else body.append(element);
  rows.set(item.id, { key, element });
}

function archive(job) {
  const url = local(job.archive_url);
  const name = `${job.name || job.id}.zip`;
  return h("a", { class: "button main", href: url, download: name, onclick: (event) => download(event, url, name) }, t("downloadAll"));
}

function row(item, reported) {
  const mark = h("span", { class: "mark", "aria-hidden": "true" }, MARKS[item.state] ?? "");
  const files = item.artifacts.map((each) => downloadLink(each, "button", each.format.toUpperCase()));
  const running = item.state === "running" && reported.length > 0 && h("ul", { class: "stages" }, stages(reported));
  return h(
    "tr",
    { class: item.state },
    h("th", { scope: "row" }, item.name),
    h("td", { class: "title" }, item.metadata?.title ?? ""),
    h("td", { class: "state" }, mark, " ", t(`state.${item.state}`), running),
    h("td", {}, item.problem ? problemCard(item.problem, "p") : [h("div", { class: "files" }, files), pages(item), notes(item)]),
  );
}

function notes({ notices }) {
  return notices.length > 0 && h("details", {}, h("summary", {}, count("noticesOf", notices.length)), noticeList(notices));
}

/** The service draws a page only when it is opened. */
function pages({ artifacts }) {
  const best = shownBest(artifacts);
  if (!best) return null;
  if (!opened.has(best.id)) opened.set(best.id, closed(best));
  return opened.get(best.id);
}

function closed(best) {
  const details = h("details", { class: "look" }, h("summary", { "aria-label": t("showPagesOf", best.name) }, t("showPages")));
  const open = () => {
    const shown = artifactPager(best);
    details.append(shown);
    shown.go(1);
  };
  details.addEventListener("toggle", open, { once: true });
  return details;
}
