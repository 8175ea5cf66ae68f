"""/story: people tell their own; and drafts of stories, as organizers read them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from actions.facts import Ref
from bot.conversation import outbox
from bot.conversation.crisis import is_crisis
from bot.conversation.turn import Turn
from bot.message import Document, Message
from bot.wording import names, quiet
from bot.wording import stories as words
from bot.wording.tongue import LANGUAGES
from content.hidden import FORBIDDEN
from content.text import clean, utf16
from storage import dialogs, drafts, roles, subscribers
from storage.catalog import stock_of
from storage.drafts import Draft, Words

SHORTEST = 40
LONGEST = 3000
NAME_AT_MOST = 64
WAITING_AT_MOST = 5
TOLD, MADE = "told", "message"
ENDS = re.compile("[\u0085\u2028\u2029\x0b\x0c]")
NO_LETTERS = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")
"""What no text may hold that is to be stored and to stand in a pack."""


def tidy(written: str) -> str:
    """What somebody wrote, without what hides, misleads or cannot be stored."""
    return NO_LETTERS.sub("", FORBIDDEN.sub("", clean(ENDS.sub("\n", written)))).strip()


def story(conn: Connection, turn: Turn) -> list[Message]:
    """Invite someone to tell their story: in a form where there can be one, else in two steps."""
    if drafts.waiting(conn, turn.person) >= WAITING_AT_MOST:
        return [words.enough(turn.language)]
    causes = _causes(conn, turn)
    shown = words.which_cause(stock_of(conn), turn.language, causes)
    if turn.incoming.opener:
        labels = [(str(stock_of(conn).causes[ref]), names.cause(stock_of(conn), ref, turn.language)) for ref in causes]
        return [replace(shown, form=words.form(turn.language, labels, LONGEST), opener=turn.incoming.opener)]
    return [shown] if len(causes) != 1 else [_begin(conn, turn, causes[0])]


def _begin(conn: Connection, turn: Turn, cause: Ref) -> Message:
    """Wait for the story."""
    dialogs.keep(conn, turn.person, {"asked": "story", "cause": cause})
    return words.tell_me(turn.language, names.cause(stock_of(conn), cause, turn.language), turn.pressed)


def _causes(conn: Connection, turn: Turn) -> list[Ref]:
    """What a story can belong to: what the person follows, else everything there is."""
    live = stock_of(conn).shelf.causes
    return sorted(ref for ref in turn.person.follows if ref in live) or sorted(live)


def press(conn: Connection, turn: Turn) -> list[Message]:
    """The buttons of the two steps: a cause, or never mind."""
    step, _, value = turn.argument.partition(":")
    ref = stock_of(conn).cause_numbered(value) if step == "cause" else None
    if step == "cancel":
        dialogs.keep(conn, turn.person, None)
        return [words.never_mind(turn.language, turn.pressed)]
    if ref is None or drafts.waiting(conn, turn.person) >= WAITING_AT_MOST:
        return story(conn, turn)
    return [_begin(conn, turn, ref)]


def told(conn: Connection, turn: Turn) -> list[Message]:
    """A story was written after the invitation."""
    text = tidy(turn.incoming.text)
    enough = drafts.waiting(conn, turn.person) >= WAITING_AT_MOST
    if not enough and not is_crisis(text) and not SHORTEST <= utf16(text) <= LONGEST:
        # The question stays open for another try.
        short = utf16(text) < SHORTEST
        return [words.too_short(turn.language) if short else words.too_long(turn.language, SHORTEST, LONGEST)]
    cause = dialogs.of(conn, turn.person).get("cause")
    dialogs.keep(conn, turn.person, None)
    if enough or is_crisis(text):
        return [words.enough(turn.language) if enough else quiet.crisis(turn.language)]
    written = Words(text, cause if cause in stock_of(conn).shelf.causes else None, turn.language)
    drafts.add(conn, turn.person, TOLD, written, turn.house.secret, turn.now)
    return [words.thanks(turn.language)]


def keep_story(conn: Connection, turn: Turn) -> list[Message]:
    """A story was handed in with the form."""
    if is_crisis(tidy(turn.incoming.fields.get("text", ""))):
        return [quiet.crisis(turn.language)]
    return _keep(conn, turn, TOLD, turn.language)


def draft(conn: Connection, turn: Turn) -> list[Message]:
    """Let an organizer make a draft of a message."""
    if not roles.held_by(conn, turn.person):
        return [words.for_organizers(turn.language)]
    stock = stock_of(conn)
    labels = [(str(stock.causes[ref]), names.cause(stock, ref, turn.language)) for ref in sorted(stock.shelf.causes)]
    if not turn.incoming.opener or not labels:
        return [words.nothing_to_make(turn.language)]
    form = words.draft_form(turn.language, labels, tidy(turn.incoming.text)[:LONGEST], LONGEST)
    return [replace(words.nothing_to_make(turn.language), form=form, opener=turn.incoming.opener)]


def keep_draft(conn: Connection, turn: Turn) -> list[Message]:
    """A draft was handed in with the form."""
    if not roles.held_by(conn, turn.person):
        return [words.for_organizers(turn.language)]
    chosen = turn.incoming.fields.get("lang", "")
    return _keep(conn, turn, MADE, chosen if chosen in LANGUAGES else turn.language)


def _keep(conn: Connection, turn: Turn, origin: str, language: str) -> list[Message]:
    fields = turn.incoming.fields
    text, name = tidy(fields.get("text", "")), " ".join(tidy(fields.get("name", "")).split())
    ref = stock_of(conn).cause_numbered(fields.get("cause", ""))
    errors: dict[str, str] = {}
    if ref is None:
        errors["cause"] = words.choose_cause(turn.language)
    if not SHORTEST <= utf16(text) <= LONGEST:
        errors["text"] = words.wrong_length(turn.language, SHORTEST, LONGEST)
    if len(name) > NAME_AT_MOST:
        errors["name"] = words.wrong_name(turn.language, NAME_AT_MOST)
    if errors:
        return [Message(errors=tuple(errors.items()), language=turn.language)]
    if origin == TOLD and drafts.waiting(conn, turn.person) >= WAITING_AT_MOST:
        return [words.enough(turn.language)]
    drafts.add(conn, turn.person, origin, Words(text, ref, language, name), turn.house.secret, turn.now)
    return [words.thanks(turn.language) if origin == TOLD else words.kept(turn.language, drafts.waiting(conn))]


def waiting(conn: Connection, turn: Turn) -> list[Message]:
    """Show organizers the drafts that wait, one by one, newest first; take one over, or decline it."""
    if not roles.held_by(conn, turn.person):
        return [words.for_organizers(turn.language)]
    step, _, value = turn.argument.partition(":")
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
    if step == "yaml":
        return _as_yaml(conn, turn, number)
    if step in ("used", "no"):
        _settle(conn, turn, number, "used" if step == "used" else "declined")
    older = drafts.newest(conn, turn.house.secret, number) if step == "next" else None
    found = older or drafts.newest(conn, turn.house.secret)
    if found is None:
        return [words.no_more(turn.language, turn.pressed)]
    return [words.draft(stock_of(conn), turn.language, found, drafts.waiting(conn), turn.pressed)]


def _settle(conn: Connection, turn: Turn, number: int, state: str) -> None:
    """Note what became of a draft; whoever told it is told so, kindly."""
    found = drafts.get(conn, number, turn.house.secret)
    if found is None or not drafts.settle(conn, number, state) or found.origin != TOLD:
        return
    author = subscribers.get(conn, found.subscriber_id)
    if author.state != "stopped":
        outbox.put_home(conn, author.id, [words.became(author.language, used=state == "used")], turn.now)


def _as_yaml(conn: Connection, turn: Turn, number: int) -> list[Message]:
    found = drafts.get(conn, number, turn.house.secret)
    if found is None or not found.text:
        return [words.no_more(turn.language, "")]
    pack = stock_of(conn).packs.get(found.cause.partition("/")[0]) if found.cause else None
    languages = pack.languages if pack is not None else (found.language,)
    return [words.as_yaml(turn.language, Document(f"draft-{found.id}.yaml", yaml_of(found, languages)))]


def yaml_of(found: Draft, languages: Sequence[str]) -> str:
    """A draft as a part of its pack: a file to lay beside the others, or a story to paste under `stories:`.

    The words stand in a block of known indentation, out of which nothing in them can break.
    """
    lines = ["stories:", f"  told-{found.id}:"]
    lines += [f"    cause: {found.cause.partition('/')[2] if found.cause else 'YOUR-CAUSE'}", "    kind: testimony"]
    lines += ["    minutes: 1"]
    for key, written in (("title", found.name), ("text", found.text)):
        if written:
            lines += [f"    {key}:", *_in_each(found.language, languages, written)]
    return "\n".join(lines) + "\n"


def _in_each(told_in: str, languages: Sequence[str], written: str) -> list[str]:
    """The same words under each language of the pack; where they are not in it, it is said."""
    lines = []
    for language in languages:
        if language != told_in:
            lines.append(f"      # still to be translated from: {told_in}")
        lines.append(f"      {language}: |2-")
        lines += [f"        {line}".rstrip() for line in written.splitlines()]
    return lines
