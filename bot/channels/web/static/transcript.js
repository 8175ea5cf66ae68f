// The transcript: lines in, elements out. Whatever a line says is already safe HTML (`html`) or is set as text.

const GROUP_MINUTES = 10;
const ARROW = "M6 4h6v6M12 4 4.5 11.5";

export class Transcript {
  /** `press(line, button, element)` is called for a tap on a button, `retry(element)` for a message that was not sent. */
  constructor(log, list, { press, retry, words }) {
    Object.assign(this, { log, list, press, retry, words });
    this.byId = new Map();
    this.byTag = new Map();
  }

  /** Show a line of the server, new or edited; returns its element, or null when there is nothing to show. */
  put(line) {
    const shown = line.mine ? "text" in line : "html" in line;
    let element = this.byId.get(line.id) || (line.tag && this.byTag.get(line.tag));
    if (!shown) return null;
    const held = element && element.contains(document.activeElement) ? document.activeElement : null;
    const fresh = this.build(line);
    if (element) {
      element.replaceWith(fresh);
    } else {
      this.list.insertBefore(fresh, this.after(line.id));
    }
    this.byId.set(line.id, fresh);
    this.byTag.delete(line.tag);
    if (held) this.refocus(fresh, held);
    this.arrange();
    return element ? null : fresh;
  }

  /** Show at once what the person just wrote; the server's line takes its place. */
  say(text, tag) {
    const element = this.build({ mine: true, text, tag, at: this.lastTime() });
    element.classList.add("waiting");
    this.byTag.set(tag, element);
    this.list.append(element);
    this.arrange();
    return element;
  }

  /** Mark a message that did not get through, with a way to send it again. */
  unsent(element) {
    element.classList.remove("waiting");
    const state = make("p", "state", `${this.words().unsent} `);
    const again = make("button", "", this.words().again);
    again.type = "button";
    again.addEventListener("click", () => { state.remove(); element.classList.add("waiting"); this.retry(element); });
    state.append(again);
    element.append(state);
  }

  isEmpty() { return this.list.childElementCount === 0; }

  nearEnd() { return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 120; }

  /** Bring a new element into view; when what it begins is taller than the window, its beginning. */
  reveal(element) {
    const end = this.log.scrollHeight - this.log.clientHeight;
    this.scroll(Math.min(this.top(element), end));
  }

  /** Whether everything from an element to the end can be seen at once. */
  fits(element) { return this.log.scrollHeight - this.top(element) <= this.log.clientHeight + 40; }

  toEnd(smooth = true) { this.scroll(this.log.scrollHeight, smooth); }

  top(element) { return element.offsetTop - 12; }

  scroll(top, smooth = true) {
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.log.scrollTo({ top, behavior: still ? "instant" : "smooth" });
  }

  after(id) {
    return [...this.list.children].find((element) => Number(element.dataset.id || Infinity) > id && element.dataset.id) || null;
  }

  lastTime() { return this.list.lastElementChild?.dataset.at || new Date().toISOString(); }

  build(line) {
    const element = make("article", `line ${line.mine ? "mine" : "bot"}`);
    element.dataset.at = line.at;
    if (line.id) element.dataset.id = line.id;
    element.append(make("p", "day"), this.head(line), line.mine ? this.mine(line) : this.bot(line, element));
    return element;
  }

  head(line) {
    const head = make("p", "head");
    const time = make("time", "", new Intl.DateTimeFormat(place(), { timeStyle: "short" }).format(new Date(line.at)));
    time.dateTime = line.at;
    head.append(make("span", "unseen", line.mine ? this.words().you_said : this.words().bot_said), " ", time);
    return head;
  }

  mine(line) {
    const bubble = make("div", "bubble", line.text);
    bubble.dir = "auto";
    return bubble;
  }

  bot(line, element) {
    const bubble = make("div", "bubble");
    Object.assign(bubble, { lang: line.language, dir: line.direction, tabIndex: -1 });
    if (line.image) bubble.append(this.picture(line.image));
    const words = make("div", "words");
    words.innerHTML = line.html;
    bubble.append(words);
    const rows = line.buttons.filter((row) => row.length);
    if (rows.length) bubble.append(this.rows(line, rows));
    element.classList.toggle("wide", Boolean(line.image) || rows.length > 0);
    return bubble;
  }

  picture({ src, alt }) {
    return Object.assign(make("img", "picture"), { src, alt, decoding: "async", referrerPolicy: "no-referrer" });
  }

  rows(line, rows) {
    const all = make("div", "rows");
    for (const row of rows) {
      const one = make("div", "row");
      one.append(...row.map((button) => (button.url ? this.link(button) : this.button(line, button))));
      all.append(one);
    }
    return all;
  }

  button(line, button) {
    const element = make("button", `button${button.primary ? " primary" : ""}`, button.label);
    element.type = "button";
    element.dataset.press = button.press;
    element.addEventListener("click", () => this.press(line, button, element));
    return element;
  }

  link(button) {
    const element = make("a", `button${button.primary ? " primary" : ""}`, button.label);
    Object.assign(element, { href: button.url, target: "_blank", rel: "noopener noreferrer" });
    element.append(icon(ARROW), make("span", "unseen", ` (${this.words().new_tab})`));
    return element;
  }

  refocus(element, held) {
    const same = [...element.querySelectorAll("[data-press]")].find((button) => button.dataset.press === held.dataset.press);
    (same || element.querySelector("[data-press]") || element.querySelector(".bubble"))?.focus({ preventScroll: true });
  }

  /** Name the days, begin groups, and let only the newest buttons stand out. */
  arrange() {
    const format = new Intl.DateTimeFormat(place(), { weekday: "long", day: "numeric", month: "long" });
    let before = null;
    for (const element of this.list.children) {
      const at = new Date(element.dataset.at);
      const day = element.firstElementChild;
      day.hidden = Boolean(before) && before.at.toDateString() === at.toDateString();
      if (!day.hidden && day.textContent !== format.format(at)) day.textContent = format.format(at);
      const kind = element.classList.contains("mine");
      element.classList.toggle("first", !day.hidden || before.kind !== kind || at - before.at > GROUP_MINUTES * 60000);
      before = { at, kind };
    }
    const withButtons = [...this.list.querySelectorAll(".line:has(.rows)")];
    withButtons.forEach((element, place) => element.classList.toggle("past", place < withButtons.length - 1));
  }
}

// The page's language as it is written where the reader lives.
function place() {
  const language = document.documentElement.lang;
  return navigator.languages.find((tag) => tag.split("-")[0] === language) || language;
}

function make(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

function icon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" })) svg.setAttribute(name, value);
  for (const [name, value] of Object.entries({ d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round" })) line.setAttribute(name, value);
  svg.append(line);
  return svg;
}
