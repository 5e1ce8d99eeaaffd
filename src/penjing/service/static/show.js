// One entry of the pile on the screen: its picture with boxes, its text, and what is known of both.

import * as valueList from "./fields.js";
import { load, original, preview } from "./images.js";
import * as lineList from "./lines.js";
import { copy } from "./outputs.js";
import { draw, pile } from "./pile.js";
import { tell } from "./status.js";
import { Viewer } from "./viewer.js";
import { cautions, countLines, duration, explain, say } from "./words.js";

const $ = (id) => document.getElementById(id);

export let current = null; // the entry that is shown
let shown = ""; // which entry and page the viewer shows
let latest = null; // what the latest call of `show` waits for

export const viewer = new Viewer($("canvas"), {
  hovered: (index) => lightBoth(index),
  chosen: (index) => lightBoth(index, true),
});

function lightBoth(index, scroll = false) {
  viewer.light(index);
  lineList.light($("lines"), index, scroll);
}

export const drawPile = () => draw(current, show);

export function show(entry) {
  current = entry;
  drawPile();
  const page = entry.pages?.[entry.page];
  for (const id of ["copy", "save-text", "save-json"]) $(id).disabled = !page;
  $("before").setAttribute("aria-pressed", "false");
  $("before").hidden = !page || !entry.enhanced || !entry.before.get(page.number);
  $("pager").hidden = !page || entry.pages.length < 2;
  if (page) fill(entry, page);
  else empty(entry);
  drawPicture(entry, page);
}

function fill(entry, page) {
  const light = (index) => (index < 0 ? viewer.light(-1) : viewer.reveal(index));
  lineList.fill($("lines"), page.lines, light, copyAndTell, page.error && whyLost(page));
  const lightAround = (polygon) => light(polygon ? viewer.lineAround(polygon) : -1);
  valueList.fill($("values"), page.fields, lightAround, copyAndTell);
  drawFacts(entry, page);
}

// What waits, or was refused, has no text.
function empty(entry) {
  const stopped = entry.state === "stopped" ? say("state-stopped") : "";
  $("facts").textContent = entry.error ? explain(entry.error) : stopped;
  $("lines").replaceChildren();
  $("values").hidden = true;
  viewer.clear();
}

// The page as it was read, or the visitor's own file. An image takes a while to be decoded; by then
// another may be wanted.
async function drawPicture(entry, page) {
  const decoding = page ? load(preview(page)) : original(entry.file);
  latest = decoding;
  $("canvas").setAttribute("aria-busy", "true");
  const image = await decoding;
  if (decoding !== latest) return;
  const place = `${pile.indexOf(entry)}/${entry.page}`;
  const asItIs = { width: image?.naturalWidth, height: image?.naturalHeight, lines: [] };
  if (image) viewer.show(image, page ?? asItIs, Boolean(page) && place === shown);
  shown = place;
  $("canvas").setAttribute("aria-busy", "false");
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

export const whyLost = ({ number, error }) => say("lost", { number, why: explain(error) });

// The page that many before or after the one that is shown.
export function turn(step) {
  current.page += step;
  show(current);
}

// The page as it looked before it was enhanced, or again as it was read.
export async function compare(on) {
  const before = current.before.get(current.pages[current.page].number);
  viewer.compare(on ? await load(before) : null);
}

export async function copyAndTell(text) {
  const copied = await copy(text);
  tell(() => say(copied ? "copied" : "no-copy"), !copied);
}
