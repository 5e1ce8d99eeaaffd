// The picture on a canvas: zoom, move, boxes over the lines, and which box the pointer is on.

import { DOUBTFUL } from "./lines.js";

const MOST = 24; // times the fitting size

export class Viewer {
  #canvas;
  #pen;
  #image = null; // an HTMLImageElement
  #other = null; // shown in its place, without boxes, such as the picture before enhancement
  #page = null; // {width, height, lines}: the coordinates in which polygons are given
  #boxes = true;
  #lit = -1;
  #zoom = 1;
  #centre = { x: 0.5, y: 0.5 }; // of the view, in fractions of the picture
  #pointers = new Map();

  // `hovered(index)` is told the line under the pointer, or -1; `chosen(index)` on a click.
  constructor(canvas, { hovered, chosen }) {
    this.#canvas = canvas;
    this.#pen = canvas.getContext("2d");
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event, hovered));
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => this.#up(event, chosen));
    }
    canvas.addEventListener("pointerleave", () => hovered(-1));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("dblclick", (event) => this.zoomBy(2, this.#at(event)));
  }

  // `keep` leaves the view where it is: the same picture was read again.
  show(image, page, keep = false) {
    this.#image = image;
    this.#other = null;
    this.#page = page;
    this.#lit = -1;
    if (keep) this.draw();
    else this.fit();
  }

  clear() {
    this.show(null, null);
  }

  // Show another image of the same page, or with null the page itself again.
  compare(image) {
    this.#other = image;
    this.draw();
  }

  set boxes(on) {
    this.#boxes = on;
    this.draw();
  }

  light(index) {
    if (index === this.#lit) return;
    this.#lit = index;
    this.draw();
  }

  // Move the view so that a line's box is inside it.
  reveal(index) {
    const line = this.#page?.lines[index];
    if (!line) return;
    const { left, top, scale } = this.#frame();
    const [x, y] = middle(line.polygon);
    const [sx, sy] = [left + x * scale, top + y * scale];
    const inside = sx > 0 && sy > 0 && sx < this.#canvas.clientWidth && sy < this.#canvas.clientHeight;
    if (!inside) this.#centre = { x: x / this.#page.width, y: y / this.#page.height };
    this.light(index);
    this.draw();
  }

  // The index of the line that a part of it lies on, or -1.
  lineAround(polygon) {
    return this.#lineWith(...middle(polygon));
  }

  fit() {
    this.#zoom = 1;
    this.#centre = { x: 0.5, y: 0.5 };
    this.draw();
  }

  zoomBy(factor, at = null) {
    if (!this.#page) return;
    const before = this.#frame();
    const point = at ?? { x: this.#canvas.clientWidth / 2, y: this.#canvas.clientHeight / 2 };
    const fixed = { x: (point.x - before.left) / before.scale, y: (point.y - before.top) / before.scale };
    this.#zoom = Math.min(MOST, Math.max(0.5, this.#zoom * factor));
    const after = this.#frame();
    this.#shift(after.left + fixed.x * after.scale - point.x, after.top + fixed.y * after.scale - point.y);
  }

  draw() {
    const ratio = devicePixelRatio || 1;
    const [width, height] = [this.#canvas.clientWidth, this.#canvas.clientHeight];
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    // A finger scrolls the page past a picture that fits, and moves one that does not.
    this.#canvas.style.touchAction = this.#zoom > 1 ? "none" : "pan-y";
    if (!this.#page) return;
    const { left, top, scale } = this.#frame();
    const pen = this.#pen;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const image = this.#other ?? this.#image;
    pen.drawImage(image, left, top, this.#page.width * scale, this.#page.height * scale);
    if (!this.#boxes || this.#other) return;
    pen.lineJoin = "round";
    this.#page.lines.forEach((line, index) => this.#box(line, index === this.#lit));
  }

  #box(line, lit) {
    const { left, top, scale } = this.#frame();
    const pen = this.#pen;
    const colour = line.confidence < DOUBTFUL ? "#b8730a" : lit ? "#b03a22" : "#3f7a4a";
    pen.beginPath();
    for (const [x, y] of line.polygon) pen.lineTo(left + x * scale, top + y * scale);
    pen.closePath();
    pen.globalAlpha = lit ? 0.22 : 0.07;
    pen.fillStyle = colour;
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = "#fffc"; // a pale halo, so that a box is seen on any ground
    pen.lineWidth = lit ? 5 : 3.5;
    pen.setLineDash([]);
    pen.stroke();
    pen.strokeStyle = colour;
    pen.lineWidth = lit ? 2.5 : 1.5;
    pen.setLineDash(line.confidence < DOUBTFUL ? [5, 4] : []);
    pen.stroke();
  }

  // Where the picture lies on the canvas, in CSS pixels.
  #frame() {
    const margin = 12;
    const { width, height } = this.#page;
    const [across, down] = [this.#canvas.clientWidth, this.#canvas.clientHeight];
    const fitting = Math.min((across - 2 * margin) / width, (down - 2 * margin) / height, 3);
    const scale = Math.max(1e-4, fitting) * this.#zoom;
    return {
      scale,
      left: across / 2 - this.#centre.x * width * scale,
      top: down / 2 - this.#centre.y * height * scale,
    };
  }

  #shift(dx, dy) {
    const { scale } = this.#frame();
    const clamp = (value) => Math.min(1, Math.max(0, value));
    this.#centre.x = clamp(this.#centre.x + dx / (this.#page.width * scale));
    this.#centre.y = clamp(this.#centre.y + dy / (this.#page.height * scale));
    this.draw();
  }

  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  // The index of the line at a point of the canvas, or -1.
  #lineAt(point) {
    if (!this.#page) return -1;
    const { left, top, scale } = this.#frame();
    return this.#lineWith((point.x - left) / scale, (point.y - top) / scale);
  }

  // The same for coordinates of the picture.
  #lineWith(x, y) {
    return this.#page?.lines.findIndex((line) => inside(line.polygon, x, y)) ?? -1;
  }

  #wheel(event) {
    event.preventDefault();
    this.zoomBy(Math.exp(-event.deltaY / 400), this.#at(event));
  }

  #down(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, { ...this.#at(event), moved: 0 });
  }

  #move(event, hovered) {
    const now = this.#at(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before || !this.#page) return hovered(this.#lineAt(now));
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    const moved = before.moved + Math.hypot(now.x - before.x, now.y - before.y);
    this.#pointers.set(event.pointerId, { ...now, moved });
    if (other) {
      const spread = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      this.zoomBy(spread(now) / spread(before), other);
    } else {
      this.#shift(before.x - now.x, before.y - now.y);
    }
  }

  #up(event, chosen) {
    const before = this.#pointers.get(event.pointerId);
    this.#pointers.delete(event.pointerId);
    if (before && before.moved < 5 && event.type === "pointerup") chosen(this.#lineAt(this.#at(event)));
  }

  #key(event) {
    const step = 60;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (!this.#page) return;
    if (moves[event.key]) this.#shift(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.25);
    else if (event.key === "-") this.zoomBy(0.8);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }
}

function middle(polygon) {
  return [0, 1].map((axis) => polygon.reduce((sum, point) => sum + point[axis], 0) / polygon.length);
}

// Even-odd rule.
function inside(polygon, x, y) {
  let odd = false;
  polygon.forEach(([ax, ay], k) => {
    const [bx, by] = polygon[(k + 1) % polygon.length];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  });
  return odd;
}
