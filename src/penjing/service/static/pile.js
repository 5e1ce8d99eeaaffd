// The pictures of this visit as a row of buttons; each says how far it is.

import { say } from "./words.js";

const buttons = new WeakMap(); // of each entry; kept, so that the keyboard's focus is

// `chosen(entry)` is called for the one that is clicked.
export function draw(list, entries, current, chosen) {
  for (const entry of entries) {
    if (!buttons.has(entry)) list.append(item(entry, chosen));
    const button = buttons.get(entry);
    button.className = entry.state;
    button.setAttribute("aria-current", String(entry === current));
    button.title = `${entry.name}: ${say(`state-${entry.state}`)}`;
    button.querySelector(".hidden").textContent = `: ${say(`state-${entry.state}`)}`;
  }
}

// Moves a long row sideways, and only the row, until the entry is in its middle.
export function reveal(list, entry) {
  const { offsetLeft, offsetWidth } = buttons.get(entry);
  list.scrollLeft = offsetLeft + offsetWidth / 2 - list.clientWidth / 2;
}

function item(entry, chosen) {
  const button = document.createElement("button");
  button.type = "button";
  const [mark, name, state] = ["mark", "name", "hidden"].map((kind) => {
    const span = document.createElement("span");
    span.className = kind;
    return span;
  });
  name.textContent = entry.name;
  button.append(mark, name, state);
  button.addEventListener("click", () => chosen(entry));
  buttons.set(entry, button);
  const row = document.createElement("li");
  row.append(button);
  return row;
}
