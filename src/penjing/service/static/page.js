// The page: files come in, and every button is tied to what it does.

import { save } from "./outputs.js";
import * as pile from "./pile.js";
import { readAgain, readWithToken, stop, work } from "./read.js";
import { compare, copyAndTell, current, drawPile, show, turn, viewer } from "./show.js";
import { tellAgain } from "./status.js";
import { switchLanguage, translate } from "./words.js";

const $ = (id) => document.getElementById(id);
const clicked = (id, act) => $(id).addEventListener("click", act);

// ---- Files come in

function take(files) {
  const [first] = pile.add(files);
  if (!first) return;
  document.body.classList.add("at-work");
  $("work").hidden = false;
  show(first);
  pile.reveal(first);
  work();
}

for (const id of ["files", "camera"]) {
  $(id).addEventListener("change", (event) => {
    take(event.target.files);
    event.target.value = ""; // so that the same file can be chosen again
  });
}
document.addEventListener("paste", (event) => take(event.clipboardData.files));
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  $("drop").classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("drop").classList.remove("over"); // it left the window
});
document.addEventListener("drop", (event) => {
  event.preventDefault();
  $("drop").classList.remove("over");
  take(event.dataTransfer.files);
});

// ---- How they are read

$("token").addEventListener("submit", (event) => {
  event.preventDefault();
  $("token").hidden = true;
  readWithToken($("token-value").value);
});
$("options").addEventListener("change", (event) => event.target.validity.valid && readAgain());
clicked("stop", stop);
clicked("again", readAgain);
clicked("more", () => {
  $("options").hidden = !toggle($("more"), "aria-expanded");
});

// ---- How they are looked at

clicked("zoom-in", () => viewer.zoomBy(1.4));
clicked("zoom-out", () => viewer.zoomBy(1 / 1.4));
clicked("zoom-fit", () => viewer.fit());
clicked("boxes", () => {
  viewer.boxes = toggle($("boxes"));
});
clicked("before", () => compare(toggle($("before"))));
clicked("previous", () => turn(-1));
clicked("next", () => turn(+1));
clicked("language", () => {
  switchLanguage();
  drawPile();
  if (current) show(current);
  tellAgain();
});

function toggle(button, state = "aria-pressed") {
  const on = button.getAttribute(state) !== "true";
  button.setAttribute(state, String(on));
  return on;
}

// ---- What is taken along

const stem = () => current.name.replace(/\.[^.]*$/, "");
const withoutPreviews = (key, value) => (key === "preview" ? undefined : value);

clicked("copy", () => copyAndTell(current.answer.text));
clicked("save-text", () => save(`${stem()}.txt`, "text/plain", current.answer.text));
clicked("save-json", () => {
  save(`${stem()}.json`, "application/json", JSON.stringify(current.answer, withoutPreviews, 2));
});

translate();
