// The lines of one page as a list: hovering lights the box, doubtful characters are marked.
// Recognised text is only ever put in as text.

import { say } from "./words.js";

export const DOUBTFUL = 0.6; // a confidence below this is marked

export const percent = (value) => `${Math.round(value * 100)}%`;

// `lit(index)` is told of the line that has the pointer or the focus, or -1; `copy(text)` copies;
// `none` is said where there are no lines.
export function fill(list, lines, lit, copy, none = say("nothing")) {
  list.replaceChildren(...lines.map((line, index) => item(line, (on) => lit(on ? index : -1), copy)));
  if (!lines.length) {
    const row = document.createElement("li");
    row.className = "none";
    row.textContent = none;
    list.append(row);
  }
}

export function light(list, index, scroll = false) {
  list.querySelector(".lit")?.classList.remove("lit");
  const item = index < 0 ? null : list.children[index];
  item?.classList.add("lit");
  if (scroll) item?.scrollIntoView({ block: "nearest" });
}

// A row with a button that copies its text; `lit(on)` is told when it gets or loses attention.
export function attentive(parts, text, lit, copy) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = say("copy");
  button.setAttribute("aria-label", `${say("copy")}: ${text}`);
  button.addEventListener("click", () => copy(text));
  row.append(...parts, button);
  for (const event of ["pointerenter", "focusin"]) row.addEventListener(event, () => lit(true));
  for (const event of ["pointerleave", "focusout"]) row.addEventListener(event, () => lit(false));
  return row;
}

function item(line, lit, copy) {
  const sure = document.createElement("span");
  sure.className = "sure";
  sure.textContent = percent(line.confidence);
  sure.title = say("sure", { percent: percent(line.confidence) });
  const row = attentive([words(line), sure], line.text, lit, copy);
  row.classList.toggle("doubtful", line.confidence < DOUBTFUL);
  return row;
}

function words(line) {
  const span = document.createElement("span");
  span.className = "words";
  line.words.forEach((word, k) => {
    if (k) span.append(" ");
    for (const [text, doubtful] of runs(word.characters)) {
      if (!doubtful) {
        span.append(text);
        continue;
      }
      const mark = document.createElement("mark");
      mark.textContent = text;
      span.append(mark);
    }
  });
  return span;
}

// Neighbouring characters that are equally sure or doubtful, as [text, doubtful].
function runs(characters) {
  const found = [];
  for (const { text, confidence } of characters) {
    const doubtful = confidence < DOUBTFUL;
    const last = found.at(-1);
    if (last && last[1] === doubtful) last[0] += text;
    else found.push([text, doubtful]);
  }
  return found;
}
