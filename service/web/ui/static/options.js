// The options, as /v1/options describes them: a new option of the service appears here without a change of the page.

import { byId, english, h } from "./elements.js";
import { assets, change, state, watch } from "./model.js";
import { has, t } from "./words.js";

const PICTURED = ["article", "book", "report", "paper"]; // profiles with a look-….svg

export function start() {
  watch(["properties", "profiles", "readers", "language"], list);
  watch(["writers", "language"], formats);
  watch(["entries"], covers);
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
  const names = Object.keys(state.properties).filter((name) => name !== "url");
  const first = names.filter((name) => place(name) > 0).sort((one, other) => place(one) - place(other));
  byId("options").replaceChildren(...first.map(field));
  byId("more-options").replaceChildren(...names.filter((name) => place(name) === 0).map(field));
  change({ optionsListed: true });
}

/** From 1: position among the first; 0: folded; -1: elsewhere on the page. */
const place = (name) => state.properties[name]["x-place"] ?? 0;

/** The images among the files, as covers to choose from. */
function covers() {
  const select = byId("option-cover");
  if (select?.tagName !== "SELECT") return;
  const names = assets().map(({ name }) => name).filter((name) => /\.(png|jpe?g|gif|webp|avif|svg)$/i.test(name));
  const shown = [...select.options].map((each) => each.value);
  if (names.every((name) => shown.includes(name))) return;
  byId("options").querySelector("[data-option=cover]")?.replaceWith(field("cover"));
}

const label = (name) => state.properties[name]["x-label"]?.[state.language] ?? `${name[0].toUpperCase()}${name.slice(1).replaceAll("_", " ")}`;
const helpOf = ({ description = "", "x-help": help }) => help?.[state.language] ?? english(description);

/** A value in words: "none" is a value of many options, and its words may differ. */
function valueLabel(name, value) {
  if (value === "") return t("auto");
  if (has(`value.${name}.${value}`)) return t(`value.${name}.${value}`);
  return has(`value.${value}`) ? t(`value.${value}`) : value;
}

function field(name) {
  const property = state.properties[name];
  if (name === "profile" && state.profiles.length) return looks(property);
  const value = state.options[name] ?? property.default ?? "";
  const id = `option-${name}`;
  const attributes = { id, "aria-describedby": `${id}-hint ${id}-error` };
  const boxed = property.type === "boolean";
  const control = property["x-offered"]?.length && !property.enum ? offered(name, property, value, attributes) : widget(name, property, value, attributes);
  const text = h("label", { for: id }, label(name));
  const hint = h("p", { class: "hint", id: `${id}-hint` }, helpOf(property));
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  return h("div", { class: boxed ? "field boxed" : "field", "data-option": name }, boxed ? [control, text] : [text, control], error, hint);
}

/** The profiles as pictures to choose from. */
function looks(property) {
  const value = state.options.profile ?? property.default;
  const choices = state.profiles.map((profile) => {
    const box = h("input", { type: "radio", name: "profile", value: profile, checked: profile === value, onchange: () => choose("profile", property, profile) });
    const picture = PICTURED.includes(profile) ? `static/look-${profile}.svg` : "static/look-article.svg";
    return h("label", { class: "look-choice" }, box, h("img", { src: picture, alt: "", width: "84", height: "112" }), h("span", {}, valueLabel("profile", profile)));
  });
  const error = h("p", { class: "error", id: "option-profile-error", hidden: true });
  return h("fieldset", { class: "field looks", id: "option-profile", "data-option": "profile" }, h("legend", {}, label("profile")), h("div", {}, choices), error);
}

/** A select of common values, and a text field for all others. */
function offered(name, property, value, { id, ...described }) {
  const images = name === "cover" ? assets().map((each) => each.name).filter((each) => /\.(png|jpe?g|gif|webp|avif|svg)$/i.test(each)) : [];
  const values = ["", ...property["x-offered"].filter((each) => each !== ""), ...images];
  const isOther = !values.includes(value);
  const select = h("select", { id, ...described }, values.map((each) => h("option", { value: each, selected: each === value }, valueLabel(name, each))));
  select.append(h("option", { value: "other…", selected: isOther }, t("other")));
  const text = h("input", { type: "text", id: `${id}-other`, hidden: !isOther, "aria-label": t("otherOf", label(name)), ...described, autocomplete: "off", spellcheck: "false", maxlength: textOf(property.maxLength) });
  text.value = isOther ? value : "";
  const set = () => choose(name, property, select.value === "other…" ? text.value : select.value);
  select.addEventListener("change", () => {
    text.hidden = select.value !== "other…";
    if (!text.hidden) text.focus();
    set();
  });
  text.addEventListener("input", set);
  return h("div", { class: "offered" }, select, text);
}

/** enum → select, boolean → checkbox, number → number with its range, long or structured → text area, else text. */
function widget(name, property, value, attributes) {
  const set = () => choose(name, property, read(control, property));
  const control = bare(name, property, value, attributes);
  control.addEventListener(control.tagName === "SELECT" || property.type === "boolean" ? "change" : "input", set);
  return control;
}

function bare(name, property, value, attributes) {
  const choices = choicesOf(name, property);
  if (choices) return h("select", attributes, choices.map((each) => option(name, each, each === value)));
  if (property.type === "boolean") return h("input", { ...attributes, type: "checkbox", checked: value === true });
  if (property.type === "integer" || property.type === "number") {
    const { minimum, maximum } = property;
    const step = property.type === "integer" ? "1" : "any";
    return h("input", { ...attributes, type: "number", min: textOf(minimum), max: textOf(maximum), step, value: String(value) });
  }
  if (property.type === "object" || (property.maxLength ?? 0) > 500) {
    return Object.assign(h("textarea", { ...attributes, rows: "3", spellcheck: "false" }), { value: written(value) });
  }
  const maxlength = textOf(property.maxLength);
  return h("input", { ...attributes, type: "text", value: written(value), autocomplete: "off", spellcheck: "false", maxlength });
}

const textOf = (number) => (number === undefined || number === null ? null : String(number));
const written = (value) => (typeof value === "string" ? value : Array.isArray(value) ? value.join(", ") : JSON.stringify(value));
const option = (name, value, selected) => h("option", { value, selected }, name === "from" && value !== "auto" ? value : valueLabel(name, value));

function choicesOf(name, property) {
  if (property.enum) return property.enum;
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
