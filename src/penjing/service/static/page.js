// The page: files come in, wait in a pile, are read one after another, and are shown.

import * as lineList from "./lines.js";
import { read } from "./service.js";
import "./theme.js";
import { Viewer } from "./viewer.js";
import { say, switchLanguage, translate } from "./words.js";

const $ = (id) => document.getElementById(id);

const pile = []; // {file, name, state: waiting|reading|done|failed, answer, pages, page, error}
let current = null;
let busy = false;
let lastFact = null; // says the status again after a change of language

const viewer = new Viewer($("canvas"), {
  hovered: (index) => lightBoth(index),
  chosen: (index) => lightBoth(index, true),
});

function lightBoth(index, scroll = false) {
  viewer.light(index);
  lineList.light($("lines"), index, scroll);
}

function status(key, values = {}, wrong = false) {
  lastFact = [key, values, wrong];
  $("status").textContent = key in { "": 1 } ? "" : say(key, values);
  $("status").classList.toggle("wrong", wrong);
}

// ---- Files come in

function add(files) {
  const added = [...files].map((file) => ({ file, name: file.name || say("pasted"), state: "waiting" }));
  if (!added.length) return;
  pile.push(...added);
  document.body.classList.add("busy-page");
  $("work").hidden = false;
  show(added[0]);
  work();
}

$("files").addEventListener("change", (event) => {
  add(event.target.files);
  event.target.value = "";
});
$("camera").addEventListener("change", (event) => {
  add(event.target.files);
  event.target.value = "";
});
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) add(event.clipboardData.files);
});
let depth = 0; // dragenter and dragleave come for every child
document.addEventListener("dragenter", () => $("drop").classList.toggle("over", ++depth > 0));
document.addEventListener("dragleave", () => $("drop").classList.toggle("over", --depth > 0));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  depth = 0;
  $("drop").classList.remove("over");
  add(event.dataTransfer.files);
});

// ---- They are read

function chosenOptions() {
  const line = { auto: null, page: false, line: true }[$("line").value];
  const pages = $("pages").validity.valid && $("pages").value ? $("pages").value : null;
  const steps = Object.fromEntries(["clahe", "binarise", "deskew"].map((id) => [id, $(id).checked]));
  return { line, pages, preview: true, ...steps };
}

async function work() {
  if (busy) return;
  busy = true;
  for (let next; (next = pile.find((entry) => entry.state === "waiting")); ) await readOne(next);
  busy = false;
}

async function readOne(entry) {
  entry.state = "reading";
  drawPile();
  const start = performance.now();
  const tick = () => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    status("reading", { name: entry.name, seconds });
  };
  tick();
  const timer = setInterval(tick, 100);
  try {
    const options = chosenOptions();
    entry.answer = await read(entry.file, options, (seconds) => status("waiting", { seconds }));
    entry.enhanced = options.clahe || options.binarise || options.deskew;
    entry.pages = entry.answer.pages ?? [entry.answer];
    entry.page = 0;
    entry.state = "done";
    const lines = entry.pages.reduce((sum, page) => sum + page.lines.length, 0);
    status("ready", { name: entry.name, lines, ms: Math.round(performance.now() - start) });
  } catch (error) {
    entry.state = "failed";
    entry.error = error;
    complain(entry);
  } finally {
    clearInterval(timer);
  }
  drawPile();
  if (entry === current) show(entry);
}

function complain(entry) {
  const { error } = entry;
  if (error.status === 401) {
    $("token").hidden = false;
    $("token-value").focus();
    status("need-token", {}, true);
  } else if (error.code === "unreachable") {
    status("unreachable", {}, true);
  } else {
    status("failed", {}, true);
    $("status").textContent = `${say("failed")}: ${entry.name}: ${error.message}`;
  }
}

$("token").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", $("token-value").value);
  $("token").hidden = true;
  for (const entry of pile) if (entry.error?.status === 401) entry.state = "waiting";
  work();
});

$("again").addEventListener("click", () => {
  if (!current || current.state === "reading") return;
  current.state = "waiting";
  work();
});

// ---- They are shown

function drawPile() {
  const items = pile.map((entry) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const mark = document.createElement("span");
    const name = document.createElement("span");
    button.type = "button";
    button.className = entry.state;
    button.setAttribute("aria-current", String(entry === current));
    mark.className = "mark";
    name.className = "name";
    name.textContent = entry.name;
    button.append(mark, name);
    button.addEventListener("click", () => show(entry));
    item.append(button);
    return item;
  });
  $("pile").replaceChildren(...items);
}

async function show(entry) {
  current = entry;
  drawPile();
  const page = entry.pages?.[entry.page];
  for (const id of ["copy", "save-text", "save-json"]) $(id).disabled = !page;
  $("before").setAttribute("aria-pressed", "false");
  $("before").hidden = !page || !entry.enhanced;
  $("pager").hidden = !page || entry.pages.length < 2;
  lineList.fill($("lines"), page?.lines ?? [], {
    lit: (index) => (index < 0 ? viewer.light(-1) : viewer.reveal(index)),
    copy,
  });
  if (!page) {
    $("facts").textContent = entry.error ? `${say("failed")}: ${entry.error.message}` : "";
    $("lines").replaceChildren();
    return showOriginal(entry);
  }
  drawFacts(entry, page);
  const image = await load(`data:image/jpeg;base64,${page.preview}`);
  if (entry === current && page === entry.pages[entry.page]) viewer.show(image, page);
}

function drawFacts(entry, page) {
  const letters = page.lines.reduce((sum, line) => sum + line.text.length, 0);
  const weighed = page.lines.reduce((sum, line) => sum + line.confidence * line.text.length, 0);
  const sure = lineList.percent(letters ? weighed / letters : 0);
  const ms = Math.round(entry.answer.elapsed_ms);
  const facts = say("facts", { lines: page.lines.length, sure, ms, size: `${page.width} × ${page.height}` });
  $("facts").textContent = [facts, ...page.warnings].join("\n");
  $("page-number").textContent = page.number ? `${page.number} / ${entry.answer.page_count}` : "";
  $("previous").disabled = entry.page === 0;
  $("next").disabled = entry.page === entry.pages.length - 1;
}

// The visitor's own file, while it is being read; browsers cannot show every format.
async function showOriginal(entry) {
  const image = await original(entry);
  if (!image || entry !== current || entry.pages) return;
  viewer.show(image, { width: image.naturalWidth, height: image.naturalHeight, lines: [] });
}

async function original(entry) {
  const url = URL.createObjectURL(entry.file);
  try {
    return await load(url);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function load(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

// ---- Tools

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    status("copied");
  } catch {
    copyOldWay(text);
  }
}

// Pages that came over plain http from another machine have no clipboard object.
function copyOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden";
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  status(copied ? "copied" : "no-copy", {}, !copied);
}

function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const stem = () => current.name.replace(/\.[^.]*$/, "");
const withoutPreviews = (key, value) => (key === "preview" ? undefined : value);

$("copy").addEventListener("click", () => copy(current.answer.text));
$("save-text").addEventListener("click", () => save(`${stem()}.txt`, "text/plain", current.answer.text));
$("save-json").addEventListener("click", () =>
  save(`${stem()}.json`, "application/json", JSON.stringify(current.answer, withoutPreviews, 2)),
);
$("zoom-in").addEventListener("click", () => viewer.zoomBy(1.4));
$("zoom-out").addEventListener("click", () => viewer.zoomBy(1 / 1.4));
$("zoom-fit").addEventListener("click", () => viewer.fit());
$("boxes").addEventListener("click", () => {
  viewer.boxes = toggle($("boxes"));
});
$("before").addEventListener("click", async () => {
  const page = current.pages[current.page];
  const before = toggle($("before")) ? await original(current) : null;
  viewer.swap(before ?? (await load(`data:image/jpeg;base64,${page.preview}`)));
});
for (const [id, step] of [["previous", -1], ["next", 1]]) {
  $(id).addEventListener("click", () => {
    current.page += step;
    show(current);
  });
}

function toggle(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
}

$("language").addEventListener("click", () => {
  switchLanguage();
  if (current?.pages) show(current);
  if (lastFact) status(...lastFact);
});

translate();
