// Errors next to their fields: of the last request, and of the check of the selected article.

import { said } from "./details.js";
import { byId, h } from "./elements.js";
import { selected, state, watch } from "./model.js";
import { t } from "./words.js";

export function start() {
  watch(["problem", "checked", "chosen", "optionsListed", "edited", "language"], mark);
}

/** The control that a JSON pointer of a problem names, or null. */
export function controlOf(pointer = "") {
  const name = pointer.replace(/^\//, "");
  if (name.startsWith("metadata/")) return byId(`field-${name.slice("metadata/".length).split("/")[0]}`);
  return byId(`option-${name.replaceAll("-", "_")}`);
}

export const labelOf = (control) => control.labels?.[0]?.textContent ?? control.querySelector("legend")?.textContent ?? control.id;

function mark() {
  for (const control of document.querySelectorAll("[aria-invalid]")) clear(control);
  const problems = [state.problem, selected()?.check?.problem];
  for (const place of problems.flatMap((problem) => problem?.errors ?? [])) {
    const control = controlOf(place.pointer);
    if (control) show(control, place.detail);
  }
}

const errorOf = (control) => byId(`${control.id}-error`);

function clear(control) {
  control.removeAttribute("aria-invalid");
  const error = errorOf(control);
  if (error) error.hidden = true;
}

function show(control, detail) {
  control.setAttribute("aria-invalid", "true");
  const error = errorOf(control);
  if (error) error.replaceChildren(h("strong", {}, t("severity.problem")), " ", said(detail));
  if (error) error.hidden = false;
  if (byId("more").contains(control)) byId("more").open = true;
}
