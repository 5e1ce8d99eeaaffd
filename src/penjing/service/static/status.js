// The line that says what is going on, and the clock beside it.

import { duration } from "./words.js";

const $ = (id) => document.getElementById(id);

let sentence = () => ""; // asked again after a change of language

export function tell(words, wrong = false) {
  sentence = words;
  tellAgain();
  $("status").classList.toggle("wrong", wrong);
}

export function tellAgain() {
  $("status").textContent = sentence();
}

// A running clock: `spent()` is in milliseconds.
export function startClock() {
  const start = performance.now();
  const spent = () => performance.now() - start;
  const ticking = setInterval(() => ($("clock").textContent = duration(spent())), 100);
  const stop = () => {
    clearInterval(ticking);
    $("clock").textContent = "";
  };
  return { spent, stop };
}
