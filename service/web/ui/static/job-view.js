// A job as a table: each article with its state, its problem or its files, and a picture when asked for.

import { downloadLink, pictured } from "./artifacts.js";
import { h } from "./elements.js";
import { state } from "./model.js";
import { noticeList, problemCard } from "./notices.js";
import { download, local } from "./service.js";
import { count, t } from "./words.js";

const looks = new Map(); // artifact id → its picture: a table that is drawn anew must not lose what was opened
const MARKS = { queued: "·", running: "…", succeeded: "✓", failed: "✕", cancelled: "–" };

let drawn = null; // {id, language, view, rows} of the job that is on the page

/** The job's element: the same one for the same job, of which only what changed is drawn anew, for somebody may be in it. */
export function jobView({ job, items, left, erased = false }) {
  if (drawn?.id !== job.id || drawn.language !== state.language) {
    drawn = { id: job.id, language: state.language, view: frame(), rows: new Map() };
  }
  const { view, rows } = drawn;
  const [label, progress, whole, rest] = ["label", "progress", ".whole", ".quiet"].map((selector) => view.querySelector(selector));
  const done = job.total - job.counts.queued - job.counts.running;
  label.textContent = t("progress", done, job.total);
  Object.assign(progress, { max: job.total, value: done });
  if (erased) whole.replaceChildren(t("erased"));
  else if (!/queued|running/.test(job.state) && job.counts.succeeded && !whole.firstChild) whole.append(archive(job));
  rest.textContent = left > 0 ? t("moreItems", left) : "";
  for (const item of items) place(view.querySelector("tbody"), rows, erased ? { ...item, artifacts: [] } : item);
  return view;
}

function frame() {
  const titles = [t("itemName"), t("itemState"), t("itemFiles")];
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

function place(body, rows, item) {
  const said = JSON.stringify([item.state, item.problem, item.artifacts.map((each) => each.id)]);
  const before = rows.get(item.id);
  if (before?.said === said) return;
  const element = row(item);
  if (before) before.element.replaceWith(element);
  else body.append(element);
  rows.set(item.id, { said, element });
}

function archive(job) {
  const url = local(job.archive_url);
  const name = `${job.name || job.id}.zip`;
  return h("a", { class: "button main", href: url, download: name, onclick: (event) => download(event, url, name) }, t("downloadAll"));
}

function row(item) {
  const mark = h("span", { class: "mark", "aria-hidden": "true" }, MARKS[item.state] ?? "");
  const files = item.artifacts.map((each) => downloadLink(each, "button", each.format.toUpperCase()));
  return h(
    "tr",
    { class: item.state },
    h("th", { scope: "row" }, item.name),
    h("td", {}, mark, " ", t(`state.${item.state}`)),
    h("td", {}, item.problem ? problemCard(item.problem, "p") : [files, picture(item), notes(item)]),
  );
}

function notes({ notices }) {
  return notices.length > 0 && h("details", {}, h("summary", {}, count("noticesOf", notices.length)), noticeList(notices));
}

/** A picture costs the service a moment: it is drawn for whoever opens it. */
function picture({ artifacts }) {
  const of = artifacts.find((each) => each.format === "pdf") ?? artifacts.find((each) => each.format !== "ast");
  if (!of) return null;
  if (!looks.has(of.id)) looks.set(of.id, look(of));
  return looks.get(of.id);
}

function look(of) {
  const figure = h("figure", {}, h("p", { class: "blank" }, t("previewMaking")));
  const details = h("details", { class: "look" }, h("summary", { "aria-label": t("showPreview", of.name) }, t("showPreviewShort")), figure);
  details.addEventListener(
    "toggle",
    async () => {
      const found = await pictured(`v1/jobs/${of.job}/artifacts/${of.id}/preview`);
      const caption = of.format === "pdf" ? null : h("figcaption", {}, t("previewPrinted"));
      const shown = found.url ? h("img", { src: found.url, alt: t("previewOf", of.name), width: "320" }) : t("previewNone");
      figure.replaceChildren(...[shown, caption].filter(Boolean));
    },
    { once: true },
  );
  return details;
}
