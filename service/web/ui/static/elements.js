// The one way in which this page makes elements: no markup is ever parsed, so nothing that a file says can become any.

/** h("a", {href, class, onclick}, "text", child): null and false children and attributes are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Text of the server, which speaks English, on a page that may not. */
export const english = (text) => h("span", { lang: "en" }, text);

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${Number((bytes / 1e6).toFixed(1))} MB`;
}
