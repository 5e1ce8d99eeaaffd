// Renders /openapi.json, without any outside host.

import { translated } from "./docs-words.js";
import { say, switchLanguage, translate } from "./words.js";

const described = await (await fetch("/openapi.json")).json();
const $ = (id) => document.getElementById(id);

function make(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

// A schema in a few signs; references are names.
function brief(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.oneOf) return schema.oneOf.map(brief).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `${brief(schema.items ?? {})}[]`;
  if (schema.type === "object" && schema.properties) return `{ ${Object.keys(schema.properties).join(", ")} }`;
  return [schema.type ?? "any"].flat().join(" | ");
}

function contents(content = {}) {
  return Object.entries(content).map(([type, { schema }]) => `${type}: ${brief(schema)}`);
}

// Text in which the names of schemas lead to them.
function linked(tag, text) {
  const element = make(tag);
  for (const part of text.split(/\b/)) {
    const known = part in described.components.schemas;
    const piece = known ? make("a", part) : part;
    if (known) piece.href = `#${part}`;
    element.append(piece);
  }
  return element;
}

function table(rows) {
  const list = make("dl");
  for (const [name, about] of rows) list.append(make("dt", name), linked("dd", about));
  return list;
}

function example(path, method, operation) {
  const here = location.origin + path;
  const content = operation.requestBody?.content ?? {};
  if (method === "get") return `curl ${here}`;
  if (content["multipart/form-data"]) return `curl -F image=@page.png ${here}`;
  return `curl -H 'Content-Type: application/json' -d @body.json ${here}`;
}

function door([path, item]) {
  const [[method, operation]] = Object.entries(item);
  const details = make("details", "", "door");
  details.id = path;
  const summary = make("summary");
  summary.append(make("span", method.toUpperCase(), `method ${method}`), make("code", path));
  summary.append(make("span", translated(operation.summary)));
  const body = make("div");
  body.append(make("pre", example(path, method, operation)));
  if (operation.requestBody) {
    body.append(make("h3", say("send")));
    for (const line of contents(operation.requestBody.content)) body.append(linked("p", line));
  }
  body.append(make("h3", say("answers")));
  body.append(table(Object.entries(operation.responses).map(([status, response]) => [
    status,
    [translated(response.description), ...(status === "200" ? contents(response.content) : [])].join("; "),
  ])));
  details.append(summary, body);
  return details;
}

function schemaBox([name, schema]) {
  const details = make("details", "", "door");
  details.id = name;
  const summary = make("summary");
  summary.append(make("code", name));
  const body = make("div");
  const required = new Set(schema.required ?? []);
  body.append(table(Object.entries(schema.properties ?? {}).map(([key, value]) => [
    key + (required.has(key) ? "" : "?"),
    [brief(value), value.description && translated(value.description)].filter(Boolean).join(": "),
  ])));
  details.append(summary, body);
  return details;
}

// Also after a change of language; what was open stays open.
function draw() {
  const open = [...document.querySelectorAll("details[open]")].map((details) => details.id);
  $("about").textContent = translated(described.info.description);
  $("doors").replaceChildren(...Object.entries(described.paths).map(door));
  $("schemas").replaceChildren(...Object.entries(described.components.schemas).map(schemaBox));
  for (const id of open) $(id).open = true;
}

// Following a link to a schema opens it.
function openTarget() {
  const target = $(location.hash.slice(1));
  if (target?.matches("details")) {
    target.open = true;
    target.scrollIntoView();
  }
}

$("language").addEventListener("click", () => {
  switchLanguage();
  draw();
});
addEventListener("hashchange", openTarget);
translate();
draw();
openTarget();
