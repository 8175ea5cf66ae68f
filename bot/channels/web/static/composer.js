// Where the person writes: a field that grows, and the menu of commands.

export class Composer {
  /** `send(text)` is called with what was written or the command that was chosen, `show(file)` with a photo. */
  constructor(form, { send, show }) {
    Object.assign(this, { form, send, show });
    this.photo = form.querySelector("#photo");
    form.querySelector("#attach").addEventListener("click", () => this.photo.click());
    this.photo.addEventListener("change", () => this.chosen());
    this.text = form.querySelector("textarea");
    this.slash = form.querySelector("#slash");
    this.menu = document.getElementById("menu");
    this.slash.addEventListener("click", () => this.toggle(this.menu.hidden, true));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.menu.addEventListener("keydown", (event) => this.menuKey(event));
    document.addEventListener("click", (event) => this.clicked(event));
  }

  submit() {
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.typed();
    this.toggle(false);
    this.send(text);
  }

  chosen() {
    const [file] = this.photo.files;
    this.photo.value = "";
    if (file) this.show(file);
  }

  typed() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight}px`;
    const word = this.text.value;
    const opens = /^\/[a-z]*$/i.test(word);
    this.filter(opens ? word.toLowerCase() : "");
    if (opens !== !this.menu.hidden) this.toggle(opens && this.visible().length > 0);
  }

  filter(beginning) {
    for (const button of this.menu.querySelectorAll("button")) {
      button.parentElement.hidden = !button.dataset.command.startsWith(beginning);
    }
  }

  visible() { return [...this.menu.querySelectorAll("li:not([hidden]) button")]; }

  toggle(open, focus = false) {
    if (open && focus) this.filter("");
    this.menu.hidden = !open;
    this.slash.setAttribute("aria-expanded", String(open));
    if (open && focus) this.visible()[0]?.focus();
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape") {
      this.toggle(false);
    } else if (event.key === "ArrowUp" && !this.menu.hidden) {
      event.preventDefault();
      this.visible().at(-1)?.focus();
    }
  }

  menuKey(event) {
    const buttons = this.visible();
    const at = buttons.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 };
    if (event.key in steps) {
      event.preventDefault();
      buttons[(steps[event.key] + buttons.length) % buttons.length].focus();
    } else if (event.key === "Escape") {
      this.toggle(false);
      this.slash.focus();
    }
  }

  clicked(event) {
    const chosen = event.target.closest("[data-command]");
    if (chosen) {
      const inMenu = this.menu.contains(chosen);
      this.toggle(false);
      if (inMenu) { this.text.value = ""; this.typed(); this.text.focus(); }
      this.send(chosen.dataset.command);
    } else if (!this.menu.hidden && !event.target.closest("#menu, #composer")) {
      this.toggle(false);
    }
  }
}
