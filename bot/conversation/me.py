"""/me: the path; and the ground rules that the last rungs ask for."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection

from actions import ladder
from actions.facts import History, Ref, Taken
from actions.rhythm import local_day
from bot.conversation import recognition, showing
from bot.conversation.turn import Turn
from bot.message import Message
from bot.wording import names
from bot.wording import path as words
from bot.wording import pledges as pledge_words
from bot.wording import results as result_words
from bot.wording.path import CausePath
from content.text import choose
from storage import consents, history, pledges, results
from storage.catalog import stock_of

RECENT = 5
RESULTS = 3


def me(conn: Connection, turn: Turn) -> list[Message]:
    """Show for each cause the rung, what was done, and what opens next; as a picture too, where that is wished."""
    if turn.argument == "picture":
        return picture(conn, turn)
    return told(conn, turn)


def told(conn: Connection, turn: Turn) -> list[Message]:
    """Show the path in words."""
    past = history.of(conn, turn.person, turn.now)
    found = paths(conn, turn, past)
    rules = [ref for ref, path in found.items() if _only_rules_missing(path)]
    row = words.rules_row(turn.language, stock_of(conn).causes[rules[0]]) if rules else recognition.row(conn, turn)
    open_ = pledge_words.lines(stock_of(conn), turn.language, pledges.of_person(conn, turn.person))
    more = [*filter(None, [open_]), *recognition.lines(conn, turn, past)]
    return [words.me(turn.language, list(found.values()), stories=len(past.shown), extra=row, more=more)]


def picture(conn: Connection, turn: Turn) -> list[Message]:
    """Show the path drawn, the cause they last did something for first; whoever has none yet is told how it begins."""
    past = history.of(conn, turn.person, turn.now)
    found = paths(conn, turn, past)
    if not found:
        return told(conn, turn)
    # Drawing is heavy: it is loaded when the first picture is wished for.
    from bot.drawing import path as drawing
    from bot.drawing.kept import kept
    from bot.wording import drawn

    last = {taken.cause: taken.at for taken in sorted(past.taken, key=lambda one: one.at) if taken.status != "undone"}
    order = sorted(found, key=lambda ref: (-last[ref].timestamp() if ref in last else 0, ref))
    rungs = stock_of(conn).shelf.causes
    wanted = [drawn.Wanted(ref, found[ref], rungs[ref].rungs) for ref in order]
    values = drawn.path(turn.language, wanted, local_day(turn.person.rhythm, turn.now))
    source = kept(conn, drawing.draw, values, turn.now, secret=turn.house.secret, about=turn.person)
    return [drawn.message(turn.language, values, source)]


def paths(conn: Connection, turn: Turn, past: History) -> dict[Ref, CausePath]:
    """Where the person stands in each live cause they follow or did something for."""
    own = turn.person.follows | {done.cause for done in past.taken}
    return {ref: _path(conn, turn, past, ref) for ref in sorted(own) if ref in stock_of(conn).shelf.causes}


def _only_rules_missing(path: CausePath) -> bool:
    progress = path.progress
    return progress.needs_ethics and not progress.missing_actions


def _path(conn: Connection, turn: Turn, past: History, ref: Ref) -> CausePath:
    stock = stock_of(conn)
    done = [taken for taken in past.taken if taken.cause == ref and taken.status != "undone"]
    progress = ladder.progress(stock.shelf.causes[ref], past.taken, turn.now, past.ethics)
    recent = [
        (showing.action_title(conn, taken.action, turn.language), local_day(turn.person.rhythm, taken.at))
        for taken in reversed(done[-RECENT:])
    ]
    return CausePath(
        names.cause(stock, ref, turn.language), progress, recent, len(done),
        results=_results(conn, turn, done), added=recognition.my_part(conn, turn, done),
    )  # fmt: skip


def _results(conn: Connection, turn: Turn, done: Sequence[Taken]) -> list[str]:
    """What came lately of what the person did, a line each."""
    took = {taken.action for taken in done}
    lines = []
    for result in results.of_actions(conn, took, turn.now.date())[-RESULTS:]:
        action = next(ref for ref in result.actions if ref in took)
        lines.append(result_words.line(result, showing.action_title(conn, action, turn.language), turn.language))
    return lines


def ethics(conn: Connection, turn: Turn) -> list[Message]:
    """Show a pack's ground rules, or take the yes to them."""
    number, _, yes = turn.argument.partition(":")
    stock = stock_of(conn)
    ref = stock.cause_numbered(number)
    pack = stock.packs.get(ref.partition("/")[0]) if ref else None
    if ref is None or pack is None or pack.ethics is None:
        return me(conn, turn)
    rules = choose(pack.ethics, turn.language, pack.languages[0])
    if yes != "yes":
        return [words.rules(turn.language, rules, int(number))]
    past = history.of(conn, turn.person, turn.now)
    cause = stock.shelf.causes[ref]
    before = ladder.standing(cause, past.taken, turn.now, past.ethics)
    digest = hashlib.sha256(rules.encode()).hexdigest()
    channel = turn.incoming.address.channel
    consents.note(conn, turn.person, what=f"ethics:{pack.pack}", text_hash=digest, channel=channel, now=turn.now)
    after = ladder.standing(cause, past.taken, turn.now, past.ethics | {pack.pack})
    return [
        words.rules_agreed(turn.language, turn.pressed, names.rung(after, turn.language) if after != before else "")
    ]
