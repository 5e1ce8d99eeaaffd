// The page: files come in, wait in a pile, are read one after another, and are shown.

import * as valueList from "./fields.js";
import * as lineList from "./lines.js";
import { copy, save } from "./outputs.js";
import * as pileList from "./pile.js";
import { read, useToken } from "./service.js";
import { Viewer } from "./viewer.js";
import { cautions, countLines, duration, explain, say, switchLanguage, translate } from "./words.js";

const $ = (id) => document.getElementById(id);

const pile = []; // {file, name, state: waiting|reading|done|partly|failed|stopped, answer, pages, page, before, error}
let current = null; // the entry that is shown
let shown = ""; // which entry and page the viewer shows
let reading = null; // what aborts the reading that is under way
let sentence = () => ""; // what the status says; asked again after a change of language

const viewer = new Viewer($("canvas"), {
  hovered: (index) => lightBoth(index),
  chosen: (index) => lightBoth(index, true),
});

function lightBoth(index, scroll = false) {
  viewer.light(index);
  lineList.light($("lines"), index, scroll);
}

function tell(words, wrong = false) {
  sentence = words;
  $("status").textContent = sentence();
  $("status").classList.toggle("wrong", wrong);
}

// ---- Files come in

function add(files) {
  const added = [...files].map((file) => ({
    file,
    name: file.name || say("pasted"),
    state: "waiting",
    page: 0,
  }));
  if (!added.length) return;
  pile.push(...added);
  document.body.classList.add("at-work");
  $("work").hidden = false;
  show(added[0]);
  pileList.reveal($("pile"), added[0]);
  work();
}

for (const id of ["files", "camera"]) {
  $(id).addEventListener("change", (event) => {
    add(event.target.files);
    event.target.value = ""; // so that the same file can be chosen again
  });
}
document.addEventListener("paste", (event) => add(event.clipboardData.files));
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
  add(event.dataTransfer.files);
});

// ---- They are read

const STEPS = ["auto", "stretch", "denoise", "clahe", "binarise", "deskew"];

function chosenOptions(file) {
  const line = { auto: null, page: false, line: true }[$("line").value];
  const paged = /pdf|tiff/.test(file.type) || /\.(pdf|tiff?)$/i.test(file.name);
  const pages = paged && $("pages").validity.valid && $("pages").value ? $("pages").value : null;
  const steps = Object.fromEntries(STEPS.map((id) => [id, $(id).checked]));
  const [language, turned, fields] = [!$("literal").checked, $("turned").checked, $("fields").checked];
  return { line, pages, language, turned, fields, preview: true, ...steps };
}

async function work() {
  if (reading) return;
  const next = () => [current, ...pile].find((entry) => entry?.state === "waiting");
  $("stop").hidden = false;
  for (let entry; (entry = next()); ) {
    reading = new AbortController();
    await readOne(entry, reading.signal);
  }
  $("stop").hidden = true;
  reading = null;
}

async function readOne(entry, signal) {
  entry.state = "reading";
  entry.error = null;
  drawPile();
  const start = performance.now();
  const spent = () => performance.now() - start;
  const clock = setInterval(() => ($("clock").textContent = duration(spent())), 100);
  const [done, all] = [pile.indexOf(entry) + 1, pile.length];
  tell(() => say(all > 1 ? "reading-some" : "reading", { name: entry.name, done, all }));
  try {
    await readWith(entry, chosenOptions(entry.file), signal);
    signal.throwIfAborted();
    succeed(entry, spent());
  } catch (error) {
    if (!signal.aborted) fail(entry, error); // who aborts has said what is to become of it
  } finally {
    clearInterval(clock);
    $("clock").textContent = "";
  }
  drawPile();
  if (entry === current) show(entry);
}

async function readWith(entry, options, signal) {
  const waiting = (seconds) => tell(() => say("waiting", { seconds }));
  const answer = await read(entry.file, options, signal, waiting);
  entry.answer = answer;
  entry.pages = answer.pages ?? [answer];
  entry.page = Math.min(entry.page, entry.pages.length - 1);
  entry.enhanced = STEPS.some((step) => options[step]);
  // What a page looked like before: as it was read plainly, or else the file itself.
  if (!entry.enhanced) entry.before = new Map(entry.pages.map((page) => [page.number, preview(page)]));
  else entry.before ??= new Map([[undefined, await original(entry)]]);
}

const why = ({ number, error }) => say("lost", { number, why: explain(error) });

function succeed(entry, time) {
  const lines = entry.pages.reduce((sum, page) => sum + page.lines.length, 0);
  const lost = entry.pages.find((page) => page.error);
  entry.state = lost ? "partly" : "done";
  tell(() => {
    const ready = say("ready", { name: entry.name, lines: countLines(lines), time: duration(time) });
    return lost ? `${ready}; ${why(lost)}` : ready;
  }, Boolean(lost));
}

function fail(entry, error) {
  entry.state = "failed";
  entry.error = error;
  if (error.status === 401) {
    $("token").hidden = false;
    $("token-value").focus();
    tell(() => say("need-token"), true);
  } else {
    tell(() => say("failed", { name: entry.name, why: explain(error) }), true);
  }
}

$("token").addEventListener("submit", (event) => {
  event.preventDefault();
  useToken($("token-value").value);
  $("token").hidden = true;
  for (const entry of pile) if (entry.error?.status === 401) entry.state = "waiting";
  work();
});

function readAgain() {
  if (!current) return;
  const underWay = current.state === "reading";
  current.state = "waiting";
  if (underWay) reading.abort();
  work();
}

// Also what has not had its turn; each can still be read again.
function stop() {
  for (const entry of pile) if (/waiting|reading/.test(entry.state)) entry.state = "stopped";
  reading.abort();
  tell(() => say("stopped"));
  $("again").focus({ preventScroll: true }); // its own button is about to go
}

$("stop").addEventListener("click", stop);
$("again").addEventListener("click", readAgain);
$("options").addEventListener("change", (event) => event.target.validity.valid && readAgain());
$("more").addEventListener("click", () => {
  const open = toggle($("more"), "aria-expanded");
  $("options").hidden = !open;
});

// ---- They are shown

const drawPile = () => pileList.draw($("pile"), pile, current, show);

async function show(entry) {
  const place = `${pile.indexOf(entry)}/${entry.page}`;
  const keep = place === shown;
  shown = place;
  current = entry;
  drawPile();
  const page = entry.pages?.[entry.page];
  for (const id of ["copy", "save-text", "save-json"]) $(id).disabled = !page;
  $("before").setAttribute("aria-pressed", "false");
  $("before").hidden = !page || !entry.enhanced || !entry.before.get(page.number);
  $("pager").hidden = !page || entry.pages.length < 2;
  if (!page) return showUnread(entry);
  const light = (index) => (index < 0 ? viewer.light(-1) : viewer.reveal(index));
  lineList.fill($("lines"), page.lines, light, copyAndTell, page.error && why(page));
  const lightAround = (polygon) => light(polygon ? viewer.lineAround(polygon) : -1);
  valueList.fill($("values"), page.fields, lightAround, copyAndTell);
  drawFacts(entry, page);
  const image = await load(preview(page));
  if (entry === current && page === entry.pages[entry.page]) viewer.show(image, page, keep);
}

function drawFacts({ answer, pages, page: index }, page) {
  const letters = page.lines.reduce((sum, line) => sum + line.text.length, 0);
  const weighed = page.lines.reduce((sum, line) => sum + line.confidence * line.text.length, 0);
  const facts = [
    countLines(page.lines.length),
    letters && say("sure", { percent: lineList.percent(weighed / letters) }),
    duration(Math.round(answer.elapsed_ms)),
    `${page.width} × ${page.height}`,
  ];
  $("facts").textContent = page.error ? "" : [facts.filter(Boolean).join(" · "), ...cautions(page)].join("\n");
  $("page-number").textContent = page.number ? `${page.number} / ${answer.page_count}` : "";
  $("previous").disabled = index === 0;
  $("next").disabled = index === pages.length - 1;
}

// The visitor's own file, while it waits or if it was refused; browsers cannot show every format.
async function showUnread(entry) {
  const stopped = entry.state === "stopped" ? say("state-stopped") : "";
  $("facts").textContent = entry.error ? explain(entry.error) : stopped;
  $("lines").replaceChildren();
  $("values").hidden = true;
  viewer.clear();
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

const preview = (page) => `data:image/jpeg;base64,${page.preview}`;

// An image of a URL; an image stays what it is.
async function load(source) {
  if (source instanceof Image) return source;
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}

// ---- Tools

async function copyAndTell(text) {
  const copied = await copy(text);
  tell(() => say(copied ? "copied" : "no-copy"), !copied);
}

const stem = () => current.name.replace(/\.[^.]*$/, "");
const withoutPreviews = (key, value) => (key === "preview" ? undefined : value);

$("copy").addEventListener("click", () => copyAndTell(current.answer.text));
$("save-text").addEventListener("click", () => save(`${stem()}.txt`, "text/plain", current.answer.text));
$("save-json").addEventListener("click", () => {
  save(`${stem()}.json`, "application/json", JSON.stringify(current.answer, withoutPreviews, 2));
});
$("zoom-in").addEventListener("click", () => viewer.zoomBy(1.4));
$("zoom-out").addEventListener("click", () => viewer.zoomBy(1 / 1.4));
$("zoom-fit").addEventListener("click", () => viewer.fit());
$("boxes").addEventListener("click", () => {
  viewer.boxes = toggle($("boxes"));
});
$("before").addEventListener("click", async () => {
  const before = current.before.get(current.pages[current.page].number);
  viewer.compare(toggle($("before")) ? await load(before) : null);
});
for (const [id, step] of [["previous", -1], ["next", 1]]) {
  $(id).addEventListener("click", () => {
    current.page += step;
    show(current);
  });
}

function toggle(button, state = "aria-pressed") {
  const on = button.getAttribute(state) !== "true";
  button.setAttribute(state, String(on));
  return on;
}

$("language").addEventListener("click", () => {
  switchLanguage();
  drawPile();
  if (current) show(current);
  $("status").textContent = sentence();
});

translate();
