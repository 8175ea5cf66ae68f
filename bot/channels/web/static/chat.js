// The page: says what the person does, hears what is new, shows both.

import { Composer } from "./composer.js";
import { Transcript } from "./transcript.js";

const QUIET_MS = 300;
const TYPING_MS = 12000;
const TOAST_MS = 4000;
const OFFLINE_MS = 2500;
const AGAIN_MS = 4000;
const BURST_MS = 3000;
const PHOTO_BYTES = 10000000;

const body = document.body;
const address = new URL(location.href);
const forced = address.searchParams.get("lang");
const by = (id) => document.getElementById(id);

let words = JSON.parse(body.dataset.words);
let revision = 0;
let source = null;
let timers = {};
const photos = new Map();
let burst = { first: null, at: 0 };

const transcript = new Transcript(by("log"), by("lines"), { press, retry, words: () => words });
const composer = new Composer(by("composer"), { send: write, show });

start();

async function start() {
  fit();
  by("log").addEventListener("scroll", () => { if (transcript.nearEnd()) by("newer").hidden = true; }, { passive: true });
  by("newer").addEventListener("click", () => { transcript.toEnd(); composer.text.focus(); });
  by("offline").querySelector("button").addEventListener("click", listen);
  window.addEventListener("offline", () => showOffline(true));
  window.addEventListener("online", listen);
  by("next-day")?.addEventListener("click", nextDay);
  by("language")?.addEventListener("change", changeLanguage);
  try {
    const lines = await (await ask("/chat/messages?since=0")).json();
    lines.forEach(take);
  } catch {
    showOffline(true);
  }
  transcript.toEnd(false);
  requestAnimationFrame(() => by("log").setAttribute("aria-busy", "false"));
  listen();
  greet();
}

// A first visit, or one by an invitation, begins the talk by itself.
async function greet() {
  const code = address.searchParams.get("start");
  if (code === null && !transcript.isEmpty()) return;
  if (code !== null) {
    address.searchParams.delete("start");
    history.replaceState(null, "", address);
  }
  try { await say({ text: `/start ${code || ""}`.trim(), quiet: true }); } catch { showOffline(true); }
}

function take(line) {
  revision = Math.max(revision, line.revision);
  const near = transcript.nearEnd();
  const element = transcript.put(line);
  if (line.html !== undefined) {
    typing(false);
    speak(line.language);
  }
  return { element, near };
}

// Messages that come together are read from the first of them, however many follow.
function follow(element, near) {
  const now = performance.now();
  if (now - burst.at > BURST_MS || !burst.first?.isConnected) burst = { first: near || burst.awaited ? element : null, at: now };
  burst.at = now;
  if (burst.first) transcript.reveal(burst.first);
  by("newer").hidden = burst.first ? transcript.fits(burst.first) : false;
}

function act() {
  burst = { first: null, at: 0, awaited: true };
  by("toasts").replaceChildren();
  transcript.toEnd();
}

// What the server pushes.
function listen() {
  source?.close();
  source = new EventSource(`/chat/events?since=${revision}`);
  source.addEventListener("open", () => showOffline(false));
  source.addEventListener("message", (event) => {
    const line = JSON.parse(event.data);
    const { element, near } = take(line);
    if (element) follow(element, near || line.mine);
  });
  source.addEventListener("error", () => {
    timers.offline ??= setTimeout(() => showOffline(true), OFFLINE_MS);
    if (source.readyState === EventSource.CLOSED) {
      clearTimeout(timers.again);
      timers.again = setTimeout(listen, AGAIN_MS);
    }
  });
}

function showOffline(off) {
  clearTimeout(timers.offline);
  timers.offline = undefined;
  by("offline").hidden = !off;
}

// What the person does.
function write(text, tag = fresh()) {
  const element = transcript.say(text, tag);
  Object.assign(element.dataset, { tag, text });
  act();
  retry(element);
}

function show(file) {
  if (file.size > PHOTO_BYTES) { toast(words.too_big); return; }
  const tag = fresh();
  photos.set(tag, file);
  write(words.photo, tag);
}

function fresh() { return crypto.getRandomValues(new Uint32Array(3)).join("-"); }

async function retry(element) {
  const { tag, text } = element.dataset;
  try {
    await (photos.has(tag) ? upload(tag) : say({ text, tag }));
    photos.delete(tag);
    element.classList.remove("waiting");
  } catch (error) {
    if (element.isConnected) { transcript.unsent(element); transcript.toEnd(); }
    explain(error);
  }
}

async function press(line, button, element) {
  if (element.getAttribute("aria-busy") === "true") return;
  element.setAttribute("aria-busy", "true");
  if (!element.closest(".past")) act();
  try {
    await say({ press: button.press, pressed: String(line.id) });
  } catch (error) {
    toast(error.notice ?? words.trouble);
  }
  element.setAttribute("aria-busy", "false");
}

function say(what) {
  return told(() => post(`/chat/say?lang=${document.documentElement.lang}`, { ...what, ...place() }));
}

function upload(tag) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ tag, ...place(), photo: photos.get(tag) })) form.append(name, value);
  return told(() => send(`/chat/photo?lang=${document.documentElement.lang}`, {}, form));
}

function place() {
  return { zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "", language: forced || navigator.language || "" };
}

async function told(way) {
  timers.quiet = setTimeout(() => typing(true), QUIET_MS);
  try {
    const answer = await way();
    if (answer.notice) { typing(false); toast(answer.notice); }
  } catch (error) {
    typing(false);
    throw error;
  }
}

function explain(error) {
  if (error.notice) toast(error.notice);
  else if (error.status === 401 || error.status === 403) toast(words.gone);
}

function post(path, payload) {
  return send(path, { "Content-Type": "application/json" }, JSON.stringify(payload));
}

async function send(path, headers, content) {
  const answer = await ask(path, {
    method: "POST",
    headers: { ...headers, "X-Kindling-Token": body.dataset.token, Accept: "application/json" },
    body: content,
  });
  return answer.json();
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { credentials: "same-origin", ...options });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(path), { status: answer.status, notice: told.notice });
}

function typing(on) {
  clearTimeout(timers.quiet);
  clearTimeout(timers.typing);
  const near = transcript.nearEnd();
  by("typing").hidden = !on;
  if (!on) return;
  if (near) transcript.toEnd();
  timers.typing = setTimeout(() => typing(false), TYPING_MS);
}

function toast(text) {
  if (!text) return;
  const element = Object.assign(document.createElement("p"), { className: "toast", textContent: text, dir: "auto" });
  by("toasts").replaceChildren(element);
  clearTimeout(timers.toast);
  timers.toast = setTimeout(() => element.remove(), TOAST_MS + text.length * 30);
}

// The page follows the language of the talk, unless its address asks for one.
async function speak(language) {
  if (forced || language === document.documentElement.lang || language === speak.asked) return;
  speak.asked = language;
  const told = await (await ask(`/chat/words?lang=${encodeURIComponent(language)}`)).json().catch(() => null);
  if (told?.language !== language) return;
  words = told.words;
  Object.assign(document.documentElement, { lang: told.language, dir: told.direction });
  document.querySelectorAll("[data-word]").forEach((element) => { element.textContent = words[element.dataset.word]; });
  document.querySelectorAll("[data-label]").forEach((element) => element.setAttribute("aria-label", words[element.dataset.label]));
  document.querySelectorAll("[data-placeholder]").forEach((element) => { element.placeholder = words[element.dataset.placeholder]; });
  for (const { command, description } of told.commands) {
    document.querySelectorAll(`[data-command="${command}"] span`).forEach((element) => { element.textContent = description; });
  }
  if (by("language")) by("language").value = told.language;
  transcript.arrange();
}

// The demo's switches.
async function nextDay() {
  const button = by("next-day");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  act();
  try {
    by("today").textContent = (await post("/demo/next-day", {})).today;
  } catch (error) {
    toast(error.notice ?? words.trouble);
  }
  button.setAttribute("aria-busy", "false");
}

async function changeLanguage() {
  const language = by("language").value;
  try { await post("/demo/language", { language }); } catch { /* the page itself can still change */ }
  address.searchParams.set("lang", language);
  location.assign(address);
}

// Where the on-screen keyboard covers the page instead of resizing it.
function fit() {
  const view = window.visualViewport;
  if (!view) return;
  const set = () => {
    if (view.scale > 1.01) return;
    document.documentElement.style.setProperty("--height", `${view.height}px`);
    window.scrollTo(0, 0);
  };
  view.addEventListener("resize", set);
  set();
}
