// The pile is read, one entry after another, until it is done or somebody stops it.

import { original, preview } from "./images.js";
import { chosenOptions, enhance } from "./options.js";
import { pile } from "./pile.js";
import { read, useToken } from "./service.js";
import { current, drawPile, show, whyLost } from "./show.js";
import { startClock, tell } from "./status.js";
import { brief, countLines, duration, explain, say } from "./words.js";

const $ = (id) => document.getElementById(id);

let reading = null; // what aborts the reading that is under way

// Reads what waits, the one that is shown before others.
export async function work() {
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
  const clock = startClock();
  const [done, all] = [pile.indexOf(entry) + 1, pile.length];
  tell(() => say(all > 1 ? "reading-some" : "reading", { name: brief(entry.name), done, all }));
  try {
    await readWith(entry, chosenOptions(entry.file), signal);
    signal.throwIfAborted();
    succeed(entry, clock.spent());
  } catch (error) {
    if (!signal.aborted) fail(entry, error); // who aborts has said what is to become of it
  } finally {
    clock.stop();
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
  entry.enhanced = enhance(options);
  // What a page looked like before: as it was read plainly, or else the file itself.
  if (!entry.enhanced) entry.before = new Map(entry.pages.map((page) => [page.number, preview(page)]));
  else entry.before ??= new Map([[undefined, await original(entry.file)]]);
}

function succeed(entry, time) {
  const lines = entry.pages.reduce((sum, page) => sum + page.lines.length, 0);
  const lost = entry.pages.find((page) => page.error);
  entry.state = lost ? "partly" : "done";
  tell(() => {
    const ready = say("ready", { name: brief(entry.name), lines: countLines(lines), time: duration(time) });
    return lost ? `${ready}; ${whyLost(lost)}` : ready;
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
    tell(() => say("failed", { name: brief(entry.name), why: explain(error) }), true);
  }
}

// Reads anew what was refused for want of the token.
export function readWithToken(token) {
  useToken(token);
  for (const entry of pile) if (entry.error?.status === 401) entry.state = "waiting";
  work();
}

export function readAgain() {
  if (!current) return;
  const underWay = current.state === "reading";
  current.state = "waiting";
  if (underWay) reading.abort();
  work();
}

// Also what has not had its turn; each can still be read again.
export function stop() {
  for (const entry of pile) if (/waiting|reading/.test(entry.state)) entry.state = "stopped";
  reading.abort();
  tell(() => say("stopped"));
  $("again").focus({ preventScroll: true }); // its own button is about to go
}
