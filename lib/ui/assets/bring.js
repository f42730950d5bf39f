// Bringing files in: the browser's half of lib/web/bring.py, drawn into the marks that
// lib/ui/bring.py leaves. Files go in pieces, one file after the other, and go on where they
// stopped. What is under way outlives the redrawing of the page; it is lost only with the tab.

const SMALLEST_PIECE = 256 * 1024;
const QUICK_MS = 500;
const TRIES = 3;
const DROPPED_SCROLL = { block: "nearest" };
const UNDER_WAY = ["waiting", "sending", "checking"];
const queues = new Map();

class Refused extends Error {}
class Again extends Error {}

function queueOf(target) {
  if (!queues.has(target)) queues.set(target, { items: [], all: 0, running: false, fresh: false });
  return queues.get(target);
}

function zoneOf(target) {
  return [...document.querySelectorAll("[data-linli-bring]")].find(
    (zone) => zone.dataset.linliBring === target,
  );
}

async function ask(item, method, way, body) {
  const words = method === "PUT" ? {} : { "content-type": "application/json" };
  const query = way.includes("?") ? "&" : "?";
  const answer = await fetch(`${way}${query}lang=${item.language}`, {
    method,
    headers: words,
    body,
    signal: item.stop.signal,
  });
  const said = await answer.json();
  if (said.state === "refused") throw new Refused(said.sentence);
  if (said.state === "again") throw new Again();
  return said;
}

async function send(item) {
  const { file } = item;
  let said = await ask(item, "POST", "/bring", JSON.stringify({
    called: `${item.target}|${file.name}|${file.lastModified}`,
    name: file.name,
    size: file.size,
    type: file.type,
  }));
  item.key = said.key;
  let length = SMALLEST_PIECE;
  while (said.have < file.size) {
    show(item, "sending", said.have);
    const began = performance.now();
    const piece = file.slice(said.have, said.have + Math.min(length, said.piece));
    const way = `/bring/${item.key}?offset=${said.have}&size=${file.size}` +
      `&name=${encodeURIComponent(file.name.slice(0, 120))}`;
    said = await ask(item, "PUT", way, piece);
    item.tries = 0;
    if (performance.now() - began < QUICK_MS) length *= 2;
  }
  show(item, "checking", file.size);
  return ask(item, "POST", `/bring/${item.key}/finish`, JSON.stringify({
    ...item.about,
    target: item.target,
    name: file.name,
    size: file.size,
  }));
}

async function bring(item) {
  item.tries = 0;
  item.stop = new AbortController();
  for (;;) {
    try {
      const said = await send(item);
      item.sentence = said.sentence || "";
      queueOf(item.target).fresh = true;
      show(item, said.state, item.file.size);
      return;
    } catch (error) {
      if (item.state === "cancelled") return;
      item.sentence = error instanceof Refused ? error.message : "";
      if (error instanceof Refused) return show(item, "refused");
      item.tries += 1;
      if (item.tries > TRIES) return show(item, "broken");
      await new Promise((go) => setTimeout(go, 1000 * item.tries));
    }
  }
}

async function run(target) {
  const queue = queueOf(target);
  if (queue.running) return;
  queue.running = true;
  for (;;) {
    const next = queue.items.find((item) => item.state === "waiting");
    if (!next) break;
    await bring(next);
  }
  queue.running = false;
  const refresh = document.querySelector(`[class*="st-key-bring-done-${target}"] button`);
  if (queue.fresh && refresh) {
    queue.fresh = false;
    refresh.click();
    // The page shows them now as pictures; what has something to say stays in the list.
    queue.items = queue.items.filter((item) => item.state !== "done" || item.sentence);
    list(target);
  }
}

function add(zone, files) {
  const target = zone.dataset.linliBring;
  const queue = queueOf(target);
  if (!queue.running) {
    queue.items = queue.items.filter((item) => !isOver(item));
    queue.all = queue.items.length;
  }
  queue.all += files.length;
  for (const file of files) {
    queue.items.push({
      file,
      target,
      state: "waiting",
      sent: 0,
      sentence: "",
      language: zone.dataset.language,
      about: JSON.parse(zone.dataset.about),
      stop: new AbortController(),
    });
  }
  list(target);
  run(target);
}

function isOver(item) {
  return ["done", "there", "refused", "cancelled"].includes(item.state);
}

function retry(item) {
  show(item, "waiting");
  run(item.target);
}

function drop(item) {
  const wasOver = isOver(item);
  const queue = queueOf(item.target);
  if (!wasOver) queue.all -= 1;
  item.state = "cancelled";
  item.stop.abort();
  queue.items = queue.items.filter((other) => other !== item);
  if (item.key && !wasOver) {
    fetch(`/bring/${item.key}?lang=${item.language}`, { method: "DELETE" }).catch(() => {});
  }
  list(item.target);
}

function show(item, state, sent) {
  if (item.state === "cancelled") return;
  item.state = state;
  if (sent !== undefined) item.sent = sent;
  list(item.target);
}

// Drawing

function made(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text; // names and sentences are text, never markup
  return element;
}

function button(words, className, action) {
  const element = made("button", className, words);
  element.type = "button";
  element.addEventListener("click", action);
  return element;
}

function percent(item) {
  return Math.floor((100 * item.sent) / Math.max(1, item.file.size));
}

function row(item, words) {
  const line = made("li", `linli-bring-${item.state}`);
  line.append(made("span", "linli-bring-name", item.file.name));
  const said = item.state === "sending" ? `${percent(item)} %` : words[item.state];
  const state = made("span", "linli-bring-state", said);
  line.append(state);
  if (UNDER_WAY.includes(item.state)) {
    const bar = made("progress");
    bar.max = 100;
    bar.setAttribute("aria-label", item.file.name);
    if (item.state !== "checking") bar.value = percent(item);
    line.append(bar);
  }
  if (item.sentence) line.append(made("p", "", item.sentence));
  const means = made("span", "linli-bring-means");
  if (item.state === "broken") means.append(button(words.retry, "", () => retry(item)));
  const leave = isOver(item) ? words.dismiss : words.cancel;
  if (item.state !== "checking") means.append(button(leave, "linli-bring-quiet", () => drop(item)));
  line.append(means);
  return line;
}

function list(target) {
  const zone = zoneOf(target);
  const rows = zone && zone.querySelector("ul");
  if (!rows) return;
  const words = JSON.parse(zone.dataset.words);
  const { items, all } = queueOf(target);
  rows.replaceChildren(...items.map((item) => row(item, words)));
  const left = items.filter((item) => !isOver(item)).length;
  const busy = items.some((item) => UNDER_WAY.includes(item.state));
  const said = all ? words.count.replace("{done}", all - left).replace("{all}", all) : "";
  const count = zone.querySelector("[role=status]");
  if (count.textContent !== said) count.textContent = said;
  zone.toggleAttribute("data-busy", busy);
}

function draw(zone) {
  const words = JSON.parse(zone.dataset.words);
  const input = made("input");
  Object.assign(input, { type: "file", multiple: true, hidden: true, accept: zone.dataset.accept });
  input.addEventListener("change", () => {
    add(zone, [...input.files]);
    input.value = ""; // so that the same file can be chosen again
  });
  const head = made("div", "linli-bring-head");
  head.append(
    button(words.choose, "linli-bring-choose", () => input.click()),
    made("span", "linli-bring-hint", words.hint),
  );
  const count = made("p", "linli-bring-count");
  count.setAttribute("role", "status");
  zone.replaceChildren(input, head, count, made("ul"));
  list(zone.dataset.linliBring);
}

function zoneUnder(event) {
  return event.target instanceof Element ? event.target.closest("[data-linli-bring]") : null;
}

function holdsFiles(event) {
  return event.dataTransfer && [...event.dataTransfer.types].includes("Files");
}

function over(event) {
  const zones = document.querySelectorAll("[data-linli-bring]");
  if (!zones.length || !holdsFiles(event)) return;
  const zone = zoneUnder(event);
  zones.forEach((each) => each.toggleAttribute("data-over", each === zone));
  if (zone) event.preventDefault();
}

function dropped(event) {
  document.querySelectorAll("[data-over]").forEach((each) => each.removeAttribute("data-over"));
  const zone = zoneUnder(event);
  if (!zone || !holdsFiles(event)) return;
  event.preventDefault();
  const files = [...event.dataTransfer.items]
    .filter((item) => item.kind === "file" && !item.webkitGetAsEntry?.()?.isDirectory)
    .map((item) => item.getAsFile())
    .filter(Boolean);
  add(zone, files);
  zone.scrollIntoView(DROPPED_SCROLL);
}

function look() {
  for (const zone of document.querySelectorAll("[data-linli-bring]")) {
    if (!zone.firstChild) draw(zone);
  }
}

window.addEventListener("dragover", over);
window.addEventListener("drop", dropped);
window.addEventListener("online", () => {
  for (const queue of queues.values()) {
    queue.items.filter((item) => item.state === "broken").forEach(retry);
  }
});
window.addEventListener("beforeunload", (event) => {
  const busy = [...queues.values()].some((queue) =>
    queue.items.some((item) => UNDER_WAY.includes(item.state)));
  if (busy) event.preventDefault();
});
new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
look();
