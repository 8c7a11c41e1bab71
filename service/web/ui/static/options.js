// The options, as /v1/options describes them: an option that the service learns appears here by itself.

import { byId, h } from "./elements.js";
import { change, state, watch } from "./model.js";
import { has, t } from "./words.js";

export function start() {
  watch(["properties", "profiles", "readers", "language"], list);
  watch(["writers", "language"], formats);
  watch(["problem"], mark);
}

function formats() {
  const chips = state.writers.map((writer) => {
    const box = h("input", { type: "checkbox", name: "to", value: writer.name, checked: state.to.includes(writer.name) });
    box.addEventListener("change", () => {
      const to = state.writers.map((each) => each.name).filter((name) => (name === writer.name ? box.checked : state.to.includes(name)));
      change({ to });
    });
    const name = has(`format.${writer.name}`) ? t(`format.${writer.name}`) : writer.name.toUpperCase();
    return h("label", { class: "chip" }, box, h("span", {}, name));
  });
  byId("formats").replaceChildren(...chips);
}

function list() {
  const names = Object.keys(state.properties);
  const first = names.filter((name) => place(name) > 0).sort((one, other) => place(one) - place(other));
  byId("options").replaceChildren(...first.map(field));
  byId("more-options").replaceChildren(...names.filter((name) => place(name) === 0).map(field));
  mark();
}

/** From 1: position among the first; 0: folded; -1: elsewhere on the page. */
const place = (name) => state.properties[name]["x-place"];

function field(name) {
  const property = state.properties[name];
  const value = state.options[name] ?? property.default ?? "";
  const id = `option-${name}`;
  const control = widget(name, property, value, { id, "aria-describedby": `${id}-hint` });
  const set = () => choose(name, property, read(control, property));
  control.addEventListener(control.tagName === "SELECT" || property.type === "boolean" ? "change" : "input", set);
  const text = h("label", { for: id }, property["x-label"][state.language]);
  const boxed = property.type === "boolean";
  const hint = h("p", { class: "hint", id: `${id}-hint` }, property["x-help"][state.language]);
  const values = property["x-offered"];
  const offered = values.length > 0 && h("datalist", { id: `${id}-offered` }, values.map((each) => h("option", { value: each })));
  if (offered) control.setAttribute("list", offered.id);
  return h("div", { class: boxed ? "field boxed" : "field" }, boxed ? [control, text] : [text, control], hint, offered);
}

/** enum → select, boolean → checkbox, number → number with its range, long or structured → text area, else text. */
function widget(name, property, value, attributes) {
  const choices = choicesOf(name, property);
  if (choices) return h("select", attributes, choices.map((each) => option(each, each === value)));
  if (property.type === "boolean") return h("input", { ...attributes, type: "checkbox", checked: value === true });
  if (property.type === "integer" || property.type === "number") {
    const { minimum, maximum } = property;
    const step = property.type === "integer" ? "1" : "any";
    return h("input", { ...attributes, type: "number", min: text(minimum), max: text(maximum), step, value: String(value) });
  }
  if (property.type === "object" || (property.maxLength ?? 0) > 500) {
    return Object.assign(h("textarea", { ...attributes, rows: "3", spellcheck: "false" }), { value: written(value) });
  }
  const maxlength = text(property.maxLength);
  return h("input", { ...attributes, type: "text", value: written(value), autocomplete: "off", spellcheck: "false", maxlength });
}

const text = (number) => (number === undefined || number === null ? null : String(number));
const written = (value) => (typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : JSON.stringify(value));
const option = (value, selected) => h("option", { value, selected }, value === "" ? t("auto") : value);

function choicesOf(name, property) {
  if (property.enum) return property.enum;
  if (name === "profile" && state.profiles.length) return state.profiles;
  if (name === "from" && state.readers.length) return ["auto", ...state.readers.map((reader) => reader.name)];
  return null;
}

function read(control, property) {
  if (property.type === "boolean") return control.checked;
  if (property.type === "integer" || property.type === "number") return control.value === "" ? undefined : Number(control.value);
  return control.value;
}

function choose(name, property, value) {
  const { [name]: _, ...others } = state.options;
  const given = value !== undefined && value !== written(property.default ?? "") && value !== property.default;
  change({ options: given ? { ...others, [name]: value } : others });
}

/** The field that a problem points at says so itself. */
function mark() {
  for (const control of document.querySelectorAll("[id^=option-][aria-invalid]")) control.removeAttribute("aria-invalid");
  for (const place of state.problem?.errors ?? []) {
    const control = byId(`option-${(place.pointer || "").slice(1)}`);
    if (!control) continue;
    control.setAttribute("aria-invalid", "true");
    if (byId("more").contains(control)) byId("more").open = true;
  }
}
