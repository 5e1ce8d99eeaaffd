// The pictures of this visit, and a row of buttons for them; each says how far it is.

import { say } from "./words.js";

// {file, name, state: waiting|reading|done|partly|failed|stopped, answer, pages, page, before, error}
export const pile = [];

const row = document.getElementById("pile");
const buttons = new WeakMap(); // of each entry; kept, so that the keyboard's focus is

// The new entries for files that wait to be read.
export function add(files) {
  const added = [...files].map((file) => ({
    file,
    name: file.name || say("pasted"),
    state: "waiting",
    page: 0,
  }));
  pile.push(...added);
  return added;
}

// `chosen(entry)` is called for the one that is clicked.
export function draw(current, chosen) {
  for (const entry of pile) {
    if (!buttons.has(entry)) row.append(item(entry, chosen));
    const button = buttons.get(entry);
    button.className = entry.state;
    button.setAttribute("aria-current", String(entry === current));
    button.title = `${entry.name}: ${say(`state-${entry.state}`)}`;
    button.querySelector(".hidden").textContent = `: ${say(`state-${entry.state}`)}`;
  }
}

// Moves a long row sideways, and only the row, until the entry is in its middle.
export function reveal(entry) {
  const { offsetLeft, offsetWidth } = buttons.get(entry);
  row.scrollLeft = offsetLeft + offsetWidth / 2 - row.clientWidth / 2;
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
  const place = document.createElement("li");
  place.append(button);
  return place;
}
