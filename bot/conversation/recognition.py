"""What someone's actions add up to, the milestones told where they act, and why it matters to them, kept for them."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from actions import recognition
from actions.facts import History, Ref, Taken
from actions.recognition import Life
from bot.conversation.crisis import is_crisis
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import quiet
from bot.wording import recognition as words
from bot.wording.path import FEWEST, Row
from bot.wording.recognition import Added
from content.hidden import FORBIDDEN
from content.model import Adds, Pack, Text, Unit
from content.text import clean, utf16
from storage import dialogs, figures_of_causes, packs, pauses
from storage import recognition as kept
from storage.catalog import stock_of
from storage.figures import Count

ASKED_AFTER = 3
"""Values are asked for once the first acts are done in private (Kristofferson 2014)."""
WORDS_AT_MOST = 300
WHY = "why-asked"


def _life(conn: Connection, turn: Turn, taken: Sequence[Taken]) -> Life:
    person = turn.person
    return Life(taken, person.rhythm.zone, person.joined_at, pauses.of(conn, person))


def milestone(conn: Connection, turn: Turn, taken: Sequence[Taken]) -> str:
    """The one milestone to tell with the thanks for an action, noted as told; empty when there is none."""
    told = {name: at for name, at in kept.told(conn, turn.person).items() if name != WHY}
    shown = not kept.is_hidden(conn, turn.person, kept.WEEKS)
    found = recognition.to_tell(_life(conn, turn, taken), told, turn.now, weeks=shown)
    if found is None or not kept.tell(conn, turn.person, found.name, turn.now):
        return ""
    return words.milestone(found, turn.language)


def question(conn: Connection, turn: Turn, taken: Sequence[Taken]) -> list[Message]:
    """Why does it matter to you? Asked once, after a few actions, when nothing else is to be told."""
    done = sum(one.status != "undone" for one in taken)
    if done < ASKED_AFTER or not kept.tell(conn, turn.person, WHY, turn.now):
        return []
    return [words.why_it_matters(turn.language)]


def press(conn: Connection, turn: Turn) -> list[Message]:
    """The buttons of that question: say it, leave it, have it forgotten."""
    if turn.argument == "tell":
        known = bool(kept.words(conn, turn.person, turn.house.secret))
        dialogs.keep(conn, turn.person, {"asked": "matters"})
        return [words.say_why(turn.language, turn.pressed, known=known)]
    dialogs.keep(conn, turn.person, None)
    if turn.argument == "forget":
        kept.keep_words(conn, turn.person, "", turn.house.secret, turn.now)
        return [words.forgotten(turn.language, turn.pressed)]
    return [words.all_right(turn.language, turn.pressed)]


def said(conn: Connection, turn: Turn) -> list[Message]:
    """Why it matters was written after the question."""
    text = " ".join(FORBIDDEN.sub("", clean(turn.incoming.text)).split())
    if is_crisis(text):
        dialogs.keep(conn, turn.person, None)
        return [quiet.crisis(turn.language)]
    if not text or utf16(text) > WORDS_AT_MOST:
        return [words.not_so_long(turn.language, WORDS_AT_MOST)]
    dialogs.keep(conn, turn.person, None)
    kept.keep_words(conn, turn.person, text, turn.house.secret, turn.now)
    return [words.why_kept(turn.language)]


def lines(conn: Connection, turn: Turn, past: History) -> list[str]:
    """What the path tells beside its causes: the weeks, unless hidden, and why it matters."""
    found = []
    if not kept.is_hidden(conn, turn.person, kept.WEEKS):
        found.append(words.weeks(recognition.streak(_life(conn, turn, past.taken), turn.now), turn.language))
    why = kept.words(conn, turn.person, turn.house.secret)
    found.append(words.why_line(why, turn.language) if why else "")
    return [line for line in found if line]


def row(conn: Connection, turn: Turn) -> Row | None:
    """The way to change what they said, where they said something."""
    return words.change_row(turn.language) if kept.words(conn, turn.person, turn.house.secret) else None


def my_part(conn: Connection, turn: Turn, taken: Iterable[Taken]) -> str:
    """What a person's actions for one cause add up to, and what the newest of them means for one person."""
    counted = [one for one in taken if one.status != "undone"]
    offers = _offers(conn, {one.action for one in counted})
    adds = {ref: found for ref, (_, found) in offers.items()}
    if not adds:
        return ""
    first = next(iter(offers.values()))[0].languages[0]
    person = next((adds[one.action].person for one in reversed(counted) if one.action in adds), None)
    found = [Added(one.unit, first, one.total, one.verified) for one in recognition.added(counted, adds)]
    return words.my_part(found, person, turn.language, first)


def our_part(conn: Connection, turn: Turn, cause: Ref) -> str:
    """What everybody's actions for a cause add up to; what fewer than ten people stand behind is not told."""
    stock = stock_of(conn)
    offers = _offers(conn, {one.ref for one in stock.shelf.causes[cause].actions})
    if not offers:
        return ""
    counts = figures_of_causes.of_actions(conn, offers)
    first, found = stock.pack(cause).languages[0], []
    person = None
    for unit, refs in _by_unit(offers):
        behind = figures_of_causes.behind(conn, refs)
        if behind.people < FEWEST:
            continue
        done = [(offers[ref][1].each.amount, counts[ref]) for ref in refs if ref in counts]
        total = sum(amount * count.actions for amount, count in done)
        verified = sum(amount * count.verified for amount, count in done)
        # Few people among many: told together with the others, not apart.
        both = ((total - verified, behind.claimed_people), (verified, behind.verified_people))
        parted = all(not part or people >= FEWEST for part, people in both)
        found.append(Added(unit, first, total, verified, parted))
        person = person or _most_taken(offers, refs, counts)
    return words.our_part(found, person, turn.language, first)


def _by_unit(offers: Mapping[Ref, tuple[Pack, Adds]]) -> list[tuple[Unit, list[Ref]]]:
    units: list[tuple[Unit, list[Ref]]] = []
    for ref, (_, adds) in offers.items():
        refs = next((known for unit, known in units if unit == adds.each.unit), None)
        if refs is None:
            units.append((adds.each.unit, [ref]))
        else:
            refs.append(ref)
    return units


def _most_taken(
    offers: Mapping[Ref, tuple[Pack, Adds]], refs: Iterable[Ref], counts: Mapping[Ref, Count]
) -> Text | None:
    """What the action taken most often means for one person."""
    told = [ref for ref in refs if ref in counts and offers[ref][1].person is not None]
    return offers[max(told, key=lambda ref: counts[ref].actions)][1].person if told else None


def _offers(conn: Connection, refs: Iterable[Ref]) -> dict[Ref, tuple[Pack, Adds]]:
    """What actions add, as their live pack says; of a dropped one as the last version that had it said."""
    stock = stock_of(conn)
    found: dict[Ref, tuple[Pack, Adds]] = {}
    for ref in sorted(refs):
        action, pack = stock.action(ref), stock.packs.get(ref.partition("/")[0])
        if action is None:
            pack = packs.retired(conn, ref)
            action = pack.actions.get(ref.partition("/")[2]) if pack else None
        if pack is not None and action is not None and action.adds is not None:
            found[ref] = (pack, action.adds)
    return found
