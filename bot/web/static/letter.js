// Copies the letter. Without this script a tap on the letter selects all of it, to be copied by hand.
"use strict";

const letter = document.getElementById("letter");
const button = document.getElementById("copy");
const told = document.getElementById("copied");

function select() {
  const range = document.createRange();
  range.selectNodeContents(letter);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copy() {
  try {
    await navigator.clipboard.writeText(letter.textContent);
  } catch {
    // No clipboard over plain http, or none allowed: the old way.
    select();
    if (!document.execCommand("copy")) return;
  }
  told.textContent = button.dataset.done;
}

button.hidden = false;
button.addEventListener("click", copy);
