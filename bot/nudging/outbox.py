"""The outbox's transactions: what was sent is noted and what is next is claimed, many at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from actions import rhythm
from actions.facts import Person
from bot.message import Message, Outcome, Receipt, parse
from bot.nudging import alerts, reminders
from bot.wording import asks as words
from bot.wording.links import PLAIN, Links
from storage import carrots, deliveries, drives, history, holds, pledges, refusals, rooms, shifts, subscribers
from storage.catalog import Stock, stock_of
from storage.deliveries import Claimed

MAX_ATTEMPTS = 5
FIRST_BACKOFF = 2.0
LONGEST_BACKOFF = 300.0
"""Seconds before another try that nobody told us the time of."""
EXPIRED_AT_ONCE = 500
PLAIN_FORM = "plain form"
"""How the reason of a receipt begins when a platform took only the bare words of a message."""

Letter = tuple[Claimed, Message]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one delivery, and when; `jitter` from 0 to 1 sets its next try apart from others'."""

    row: Claimed
    receipt: Receipt
    at: datetime
    jitter: float = 0.0


@dataclass(frozen=True, slots=True)
class Told:
    """What a sender has to tell: results, what it gives back unsent (with the instant to wait for), new holds, and the
    pace it has learned by them (see `Pace.memory`).
    """

    results: Sequence[Result] = ()
    unsent: Sequence[tuple[Claimed, datetime | None]] = ()
    holds: Mapping[str, datetime] = field(default_factory=dict)
    learned: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sender wants: at most `limit` letters, `bulk` of them no replies, none to `busy` chats.

    `since` then the sender works without a break. `shift` is the sender's number where several processes share the
    accounts, 0 where there is one. `links` make the addresses under asks.
    """

    limit: int = 0
    bulk: int = 0
    busy: Sequence[str] = ()
    since: datetime | None = None
    shift: int = 0
    links: Links = PLAIN


@dataclass(frozen=True, slots=True)
class Catch:
    """What was claimed; whether there may be `more` due now; else when the next one is."""

    letters: Sequence[Letter] = ()
    more: bool = False
    next_due: datetime | None = None


def exchange(conn: Connection, account: str, now: datetime, told: Told, wish: Wish) -> Catch:
    """Note what a sender has to tell and claim what it wants, in one transaction.

    Raises `DeposedError` when the sender's shift is over: nothing that it has to tell is wanted any more.
    """
    if wish.shift:
        shifts.require(conn, account, wish.shift)
    _note_all(conn, account, told.results)
    for row, due_at in told.unsent:
        deliveries.release(conn, [row.id], due_at)
    if told.holds:
        holds.keep(conn, account, told.holds)
    if told.learned:
        holds.learn(conn, account, told.learned, now)
    if wish.limit <= 0:
        return Catch(more=True)
    found = deliveries.claim(conn, account, now, limit=wish.limit, busy=wish.busy, bulk=wish.bulk)
    letters, too_late = _ready(conn, found, now, wish.links)
    if too_late:
        _expire(conn, account, too_late, now, wish.since or now)
    replies = sum(row.lane == deliveries.LANES["reply"] for row in found)
    more = len(found) == wish.limit or len(found) - replies == wish.bulk
    return Catch(letters, more, None if more else deliveries.next_due(conn, account))


def claim(
    conn: Connection, account: str, now: datetime, limit: int, busy: Sequence[str]
) -> Sequence[tuple[Claimed, Message]]:
    """Take the next deliveries in hand; what must not or need not be sent any more ends here, with its reason."""
    return exchange(conn, account, now, Told(), Wish(limit, limit, busy)).letters


def _ready(
    conn: Connection, found: Sequence[Claimed], now: datetime, links: Links
) -> tuple[list[Letter], list[Claimed]]:
    """Of what was claimed: what is to be sent, worded, and what is past its use; the rest is ended."""
    wanted = {row.subscriber_id for row in found if row.subscriber_id is not None and (row.body is None or _asked(row))}
    people = subscribers.plain(conn, wanted) if wanted else {}
    stock = stock_of(conn) if any(row.body is None for row in found) else None
    letters: list[Letter] = []
    too_late = []
    for row in found:
        person = people.get(row.subscriber_id or 0)
        refusal = _refusal(conn, row, person, now)
        if row.expires_at is not None and now >= row.expires_at:
            too_late.append(row)
        elif refusal is not None:
            _end(conn, row, *refusal)
        elif person is not None and any(later.postponed(conn, row, person, now) for later in (alerts, reminders)):
            continue
        elif (message := _worded(conn, stock, row, person, now, links)) is not None:
            letters.append((row, message))
        else:
            _end(conn, row, "failed", "no words")
    return letters, too_late


def _asked(row: Claimed) -> bool:
    """Whether it is looked at once more before it goes: answers always go."""
    return row.kind in ("nudge", "alert", "reminder")


def _refusal(conn: Connection, row: Claimed, person: Person | None, now: datetime) -> tuple[str, str] | None:
    if not _asked(row) or row.subscriber_id is None:
        return None
    if person is None:
        return ("cancelled", "erased")
    if row.kind == "alert":
        return alerts.refusal(conn, row, person, now)
    if row.kind == "reminder":
        return reminders.refusal(conn, row, person, now)
    if person.state in ("stopped", "unreachable"):
        return ("cancelled", person.state)
    if rhythm.is_paused(person, now):
        return ("cancelled", "paused")
    if row.kind == "nudge" and rhythm.is_quiet(person.rhythm, now):
        return ("skipped", "quiet hours")
    return None


def _worded(
    conn: Connection, stock: Stock | None, row: Claimed, person: Person | None, now: datetime, links: Links
) -> Message | None:
    try:
        if row.body:
            return parse(row.body)
        if row.kind == "alert" and person is not None:
            return alerts.render(conn, row, person)
        if row.kind == "reminder" and person is not None:
            said = reminders.worded(conn, row, person)
            return said if isinstance(said, Message) else None
        if stock is None or person is None:
            return None  # what a room is told is worded when it is planned
        return _nudge(conn, stock, row, person, now, links)
    except Exception as error:
        # One message that cannot be worded must not stop all that wait behind it.
        log.exception("a message has no words", delivery=row.id, error=type(error).__name__)
        return None


def _nudge(conn: Connection, stock: Stock, row: Claimed, person: Person, now: datetime, links: Links) -> Message:
    story = stock.refs[row.story_id] if row.story_id is not None else None
    action = stock.refs[row.action_id] if row.action_id is not None else None
    # A pack may have been loaded since: what it dropped is not sent, what it kept is sent in its newest words.
    offer = None
    if action and row.ask_id and stock.action(action):
        shown = words.open_ask(person, row.ask_id, action, now, links)
        offer = replace(
            shown, drive=pledges.need(conn, person, action), toward=drives.toward_once(conn, action, now),
            carrot=carrots.standing(conn, person, action, now),
        )  # fmt: skip
    return words.nudge(stock, person.language, story if story and stock.story(story) else None, offer)


def _expire(conn: Connection, account: str, too_late: Sequence[Claimed], now: datetime, since: datetime) -> None:
    """End what is past its use: what was claimed of it, and the next ones of the same kind at one go."""
    deliveries.release(conn, [row.id for row in too_late])
    ended = deliveries.expire(conn, account, now, limit=EXPIRED_AT_ONCE, since=since)
    _take_back(conn, ended)


def _take_back(conn: Connection, rows: Iterable[Claimed]) -> None:
    # While it was in flight its person may have joined this chat with another one of theirs, or have left.
    told = [row for row in rows if row.story_id is not None or row.ask_id is not None]
    owners = deliveries.owners(conn, [row.id for row in told]) if told else {}
    history.take_all_back(conn, [(owners[row.id], row.story_id, row.ask_id) for row in told if row.id in owners])


def _end(conn: Connection, row: Claimed, status: str, reason: str) -> None:
    deliveries.note_end(conn, row.id, status, reason)
    _take_back(conn, [row])


def _lose(conn: Connection, row: Claimed) -> None:
    """An address is gone: a person's, or a room's."""
    subscribers.unreachable(conn, row.address_id)
    room = rooms.at_address(conn, row.address_id) if row.subscriber_id is None else None
    if room is not None:
        rooms.leave(conn, room)


def _note_all(conn: Connection, account: str, results: Sequence[Result]) -> None:
    sent = [one for one in results if one.receipt.outcome is Outcome.SENT and not one.receipt.moved_to]
    for one in sent:
        if one.receipt.reason.startswith(PLAIN_FORM) and one.row.story_id is not None:
            _refused(conn, one.row.story_id, one.receipt.reason)
    deliveries.note_all_sent(conn, [(one.row.id, one.receipt.ref, one.receipt.reason, one.at) for one in sent])
    for one in results:
        if one.receipt.outcome is Outcome.SENT and not one.receipt.moved_to:
            continue
        try:
            with conn.begin_nested():
                if one.receipt.moved_to:
                    move(conn, account, one.row, one.receipt.moved_to, one.at)
                else:
                    note(conn, one.row, one.receipt, one.at, one.jitter)
        except (IntegrityError, DataError, LookupError, ValueError) as error:
            # This one cannot be noted as it is, whenever it is tried; the others can.
            log.exception("a result could not be noted", delivery=one.row.id, error=type(error).__name__)
            deliveries.note_end(conn, one.row.id, "unsure", f"not noted, {type(error).__name__}")


def _refused(conn: Connection, story_id: int, reason: str) -> None:
    """A story was refused as it is and went out in its plain form: not for ever."""
    if name := refusals.count(conn, story_id):
        log.error("a story is refused as it is, nobody else gets it", story=name, reason=reason)


def note(conn: Connection, row: Claimed, receipt: Receipt, now: datetime, jitter: float) -> None:
    """Write down what became of a delivery."""
    match receipt.outcome:
        case Outcome.SENT:
            deliveries.note_all_sent(conn, [(row.id, receipt.ref, receipt.reason, now)])
        case Outcome.RETRY | Outcome.ACCOUNT_STOPPED:
            _again(conn, row, receipt, now, jitter)
        case Outcome.UNSURE if row.kind in deliveries.SENT_AGAIN and row.attempts <= 1:
            wait = FIRST_BACKOFF * (1 + jitter)
            deliveries.note_retry(conn, row.id, now + timedelta(seconds=wait), "in doubt, sent again")
        case Outcome.UNSURE:
            deliveries.note_end(conn, row.id, "unsure", receipt.reason)
        case Outcome.UNREACHABLE:
            _end(conn, row, "unreachable", receipt.reason)
            _lose(conn, row)
        case Outcome.FAILED:
            _end(conn, row, "failed", receipt.reason)


def _again(conn: Connection, row: Claimed, receipt: Receipt, now: datetime, jitter: float) -> None:
    told = receipt.wait > 0 or receipt.outcome is Outcome.ACCOUNT_STOPPED
    if not told and row.attempts >= MAX_ATTEMPTS:
        _end(conn, row, "failed", receipt.reason)
        return
    backoff = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** max(0, row.attempts - 1)) * (1 + jitter)
    wait = receipt.wait if receipt.wait > 0 else backoff
    # While a whole account waits its messages keep their places; so do answers, which are read one after the other.
    stays = receipt.wait > 0 and (receipt.everyone or row.kind == "reply")
    due_at = row.due_at if stays else now + timedelta(seconds=wait)
    deliveries.note_retry(conn, row.id, due_at, receipt.reason, counted=not told)


def move(conn: Connection, account: str, row: Claimed, new_chat: str, now: datetime) -> None:
    """A chat moved: its address follows, and the message is sent to the new one."""
    subscribers.move(conn, account, row.chat, new_chat)
    deliveries.note_retry(conn, row.id, now, "moved", counted=False)
