// The values found on one page as a list: what each is, and what its checks say.

import { attentive } from "./lines.js";
import { say } from "./words.js";

const MARKS = { checked: "✓", unchecked: "·", failed: "✗" };

// Hidden unless they were asked for. `lit(polygon)` is told of the value that has the pointer or
// the focus, or null; `copy(text)` copies.
export function fill(list, fields, lit, copy) {
  list.hidden = !fields;
  list.replaceChildren(...(fields ?? []).map((field) => item(field, lit, copy)));
  if (!fields?.length) list.append(part("li", say("no-values"), "none"));
}

function item(field, lit, copy) {
  const value = field.value ?? field.text;
  const mark = part("span", MARKS[field.status], "mark");
  mark.setAttribute("aria-hidden", "true");
  const status = say(`value-${field.status}`);
  const parts = [mark, part("span", field.title, "title"), part("span", value, "words")];
  parts.push(part("span", status, "hidden"));
  const row = attentive(parts, value, (on) => lit(on ? field.polygon : null), copy);
  row.classList.add(field.status);
  row.title = status;
  return row;
}

function part(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}
