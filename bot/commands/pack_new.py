"""`kindling pack new`: a few questions, then a first pack with comments that passes `pack check`."""

import re
import sys
import unicodedata
from pathlib import Path
from string import Template
from typing import Annotated

import typer

from content import load as loading
from content.problems import render

ASKED = {
    "title": "What is the pack about, in a few words",
    "cause": "The cause people will follow, in a few words",
    "why": "Why it matters, in one sentence",
    "publisher": "The organization behind it",
    "languages": "Languages, the first one first (like: en, es)",
}
DEFAULTS = {
    "title": "Clean rivers",
    "cause": "Our river",
    "why": "A clean river is where a town meets.",
    "publisher": "River Friends",
    "languages": "en",
}


def new(
    folder: Annotated[Path, typer.Argument(help="Where to write pack.yaml.")] = Path("my-pack"),
    title: Annotated[str, typer.Option(help=ASKED["title"])] = "",
    cause: Annotated[str, typer.Option(help=ASKED["cause"])] = "",
    why: Annotated[str, typer.Option(help=ASKED["why"])] = "",
    publisher: Annotated[str, typer.Option(help=ASKED["publisher"])] = "",
    languages: Annotated[str, typer.Option(help=ASKED["languages"])] = "",
) -> None:  # fmt: skip
    """Ask a few questions and write a good first pack."""
    target = folder / "pack.yaml"
    if target.exists():
        raise typer.BadParameter(f"{target} is there already; name another folder")
    given = {"title": title, "cause": cause, "why": why, "publisher": publisher, "languages": languages}
    answers = {key: words or _asked(key) for key, words in given.items()}
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(written(answers), encoding="utf-8")
    loaded = loading.load([target])
    if loaded.errors:
        target.unlink()
        typer.echo(f"these answers make no pack, so nothing was written:\n{render(loaded.errors)}", err=True)
        raise typer.Exit(1)
    typer.echo(
        f"written to {target}\nNext: edit it, then  kindling pack check {folder}  and  kindling pack preview {folder}"
    )


def _asked(key: str) -> str:
    """The answer of whoever sits at the terminal; the example's where nobody does."""
    return str(typer.prompt(ASKED[key], default=DEFAULTS[key])) if sys.stdin.isatty() else DEFAULTS[key]


def slug(words: str) -> str:
    """Words as a name: lower-case letters, digits and hyphens."""
    bare = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:64].strip("-") or "my-pack"


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def written(answers: dict[str, str]) -> str:
    """The pack as YAML, with a comment wherever an organizer may wonder."""
    codes = [code.strip() for code in re.split(r"[,\s]+", answers["languages"]) if code.strip()]

    def text(words: str) -> str:
        if len(codes) == 1:
            return _quoted(words)
        return "{" + ", ".join(f"{code}: {_quoted(words)}" for code in codes) + "}"

    return TEMPLATE.substitute(
        {key: text(words) for key, words in WORDS.items()},
        pack=slug(answers["title"]),
        title=text(answers["title"]),
        publisher=_quoted(answers["publisher"]),
        languages=", ".join(codes),
        cause=slug(answers["cause"]),
        cause_title=text(answers["cause"]),
        why=text(answers["why"]),
    )


WORDS = {
    "chapter_one": "**Begin with one concrete thing.** Say what is so, for whom, and why it need not stay so.",
    "chapter_two": "**Let one person speak.** What did they see, and what changed?",
    "learn_title": "Read one page",
    "learn_ask": "Would you read one page about it? Two minutes are enough.",
    "tell_title": "Tell a friend",
    "tell_ask": "Is there one friend who would care? Pass these words on, or your own.",
    "tell_share": "I read something worth knowing. Have a look?",
}
TEMPLATE = Template("""\
# A content pack: causes, stories and actions. Check it with: kindling pack check FOLDER
pack: $pack
version: 1                # raise it by one whenever you load a change
title: $title
publisher: {name: $publisher, url: "https://example.org"}   # put your own address here
languages: [$languages]      # every text below needs each of these
license: CC-BY-4.0

causes:
  $cause:
    title: $cause_title
    why: $why
    tags: []              # words people may search for

# Stories come one at a time: chapters in order, dated ones in their days (from, until), the others any day.
stories:
  first-chapter:
    cause: $cause
    kind: explainer       # explainer, update, testimony, fact or win
    chapter: 1
    text: $chapter_one
    leads_to: [learn-more]
  second-chapter:
    cause: $cause
    kind: testimony
    chapter: 2
    text: $chapter_two
    leads_to: [tell-a-friend]

# Actions are asks: small and private at first. `rung` is whose people the ask suits:
# curious, supporter, advocate, contributor, organizer, leader.
actions:
  learn-more:
    cause: $cause
    kind: learn
    rung: curious
    title: $learn_title
    ask: $learn_ask
    url: "https://example.org/learn"
    minutes: 2
    repeat: never
    result_by: 2027-06-30 # by when those who acted hear what came of it
  tell-a-friend:
    cause: $cause
    kind: share
    rung: supporter
    title: $tell_title
    ask: $tell_ask
    share: $tell_share
    minutes: 1
    result_by: 2027-06-30
""")
