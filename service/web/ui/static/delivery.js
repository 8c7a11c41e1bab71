// Where the artifacts of a job go, in the ways that the operator allows (`job_fields` of /v1/options).

import { byId, h } from "./elements.js";
import { change, state, watch } from "./model.js";
import { t } from "./words.js";

export function start() {
  watch(["jobFields", "language"], list);
}

function list() {
  const names = Object.keys(state.jobFields);
  byId("delivery-section").hidden = !names.length;
  byId("delivery").replaceChildren(...names.map(field));
}

/** A list has a line for each value. The identifiers are those of an option, so that errors find their field. */
function field(name) {
  const id = `option-${name}`;
  const attributes = { id, "aria-describedby": `${id}-hint ${id}-error`, autocomplete: "off", spellcheck: "false" };
  const isList = state.jobFields[name].type === "array";
  const control = isList ? h("textarea", { ...attributes, rows: "2" }) : h("input", { ...attributes, type: "text" });
  control.value = state.delivery[name] ?? "";
  control.addEventListener("input", () => change({ delivery: { ...state.delivery, [name]: control.value } }));
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const hint = h("p", { class: "hint", id: `${id}-hint` }, t(`${name.replace("_", ".")}.hint`));
  return h("div", { class: "field" }, h("label", { for: id }, t(name.replace("_", "."))), control, error, hint);
}

/** The fields of the request, as [name, text]: one for each value. */
export const deliveryFields = () =>
  Object.entries(state.delivery).flatMap(([name, text]) => text.split("\n").map((each) => each.trim()).filter(Boolean).map((each) => [name, each]));
