"""What outside systems deliver: believed or not, written down as it came, and brought to what it means."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from actions.proof import action_network, mapping, signatures, standard, stripe, tokens
from actions.proof.reports import Report, UnreadableError
from bot.conversation import confirming
from bot.conversation.turn import House
from content.model import Hook as Mapped
from storage import accounts, history, hook_log, hooks, proofs
from storage import confirming as reconciling
from storage.catalog import stock_of
from storage.hook_log import Outcome
from storage.hooks import Hook

Headers = Mapping[str, str]
BODY_AT_MOST = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """A source that may be believed: the hook, and how the pack maps it where the source is none we know."""

    hook: Hook
    mapped: Mapped | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a delivery came to, and the accounts that have something to say by it."""

    outcome: Outcome
    reason: str = ""
    accounts: tuple[str, ...] = ()


def senders(conn: Connection, source: str, path: str, key: str) -> list[Source]:
    """Who may be meant by an address: `source` is the part after `/hooks/`, `path` the end of an address of its own."""
    found = []
    for hook in hooks.of_source(conn, source, path, key):
        pack = stock_of(conn).packs.get(hook.pack)
        mapped = pack.hooks.get(source.partition("/")[2]) if pack and "/" in source else None
        if pack is not None and (mapped is not None or "/" not in source):
            found.append(Source(hook, mapped))
    return found


def believed(found: Sequence[Source], body: bytes, headers: Headers, path: str, now: datetime) -> Source | str:
    """Which of the senders signed this, or why none is believed; compares signatures, parses nothing."""
    refusal = "not signed"
    for source in found:
        told = _refusal(source, body, headers, path, now)
        if not told:
            return source
        refusal = told
    return refusal


def _refusal(source: Source, body: bytes, headers: Headers, path: str, now: datetime) -> str:
    hook, mapped = source.hook, source.mapped
    match hook.source:
        case "stripe":
            return signatures.stripe(body, headers, hook.secrets, now)
        case "standard":
            return signatures.standard(body, headers, hook.secrets, now)
        case "action-network":
            # Nothing of theirs is signed: the end of the address is the secret, and what they say stays a claim.
            return "" if path == hook.path else "not signed"
    if mapped is None:
        return "not signed"
    form = mapped.signature
    return signatures.plain(
        body, headers, hook.secrets, now,
        header=form.header, time_header=form.time_header or "", prefix=form.prefix, encoding=form.encoding,
    )  # fmt: skip


def take_in(conn: Connection, source: Source, body: bytes, headers: Headers, now: datetime, house: House) -> Taken:
    """Write a believed delivery down and do what it says, in one transaction; twice delivered is done once.

    Raises `UnreadableError` for what is no JSON at all, or has no number of its own.
    """
    document = parsed(body)
    hooks.lock(conn, source.hook.id)
    kept = hook_log.keep(conn, source.hook.id, _key(source, body, headers, document), body, now, house.secret)
    if kept is None:
        return Taken("known")
    return _work(conn, kept, source, headers, document, now, house)


def replay(conn: Connection, number: int, now: datetime, house: House) -> Taken:
    """Do anew what a logged delivery says, as when the pack was mended since; what counts already stays as it is.

    Raises `LookupError` when there is no such delivery, or its source is believed no longer.
    """
    logged = next(iter(hook_log.latest(conn, house.secret, number=number)), None)
    if logged is None:
        raise LookupError(f"There is no delivery {number}; they are kept for a week.")
    source = next(
        (one for one in senders(conn, logged.source, "", house.secret) if one.hook.id == logged.hook_id), None
    )
    if source is None:
        raise LookupError(f"{logged.source} of {logged.pack} is not believed any more.")
    hooks.lock(conn, source.hook.id)
    return _work(conn, number, source, {"webhook-id": logged.key}, parsed(logged.raw), now, house)


def parsed(body: bytes) -> Any:
    """A delivery as a document.

    Raises `UnreadableError` when it is none.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableError("this is not JSON") from None


def _key(source: Source, body: bytes, headers: Headers, document: Any) -> str:
    """The sender's own number of a delivery."""
    if source.hook.source == "action-network":
        return hashlib.sha256(body).hexdigest()
    if not isinstance(document, Mapping):
        raise UnreadableError("this is no JSON object")
    if source.mapped is not None:
        return mapping.event_of(source.mapped, document)
    found = headers.get("webhook-id") if source.hook.source == "standard" else document.get("id")
    if not isinstance(found, str) or not found:
        raise UnreadableError("the delivery has no number of its own")
    return found


def _work(  # noqa: PLR0913 - a delivery, whose it is, and where we are
    conn: Connection, number: int, source: Source, headers: Headers, document: Any, now: datetime, house: House
) -> Taken:
    try:
        with conn.begin_nested():
            taken = _all(conn, source.hook, number, _read(source, headers, document), now, house)
    except UnreadableError as error:
        taken = Taken("refused", str(error))
    hook_log.note(conn, number, taken.outcome, taken.reason)
    return taken


def _read(source: Source, headers: Headers, document: Any) -> list[Report]:
    if source.mapped is not None:
        return mapping.read(source.mapped, document)
    if source.hook.source == "stripe":
        return stripe.read(document)
    if source.hook.source == "standard":
        return standard.read(headers.get("webhook-id", ""), document)
    return action_network.read(document)


def _all(conn: Connection, hook: Hook, number: int, reports: Sequence[Report], now: datetime, house: House) -> Taken:
    done = [_one(conn, hook, number, report, now, house) for report in reports]
    if not done:
        return Taken("ignored")
    order: Sequence[Outcome] = ("refused", "undone", "counted", "waiting", "known")
    worst = min(done, key=lambda one: order.index(one.outcome))
    return Taken(worst.outcome, worst.reason, tuple({name: None for one in done for name in one.accounts}))


def _one(conn: Connection, hook: Hook, number: int, report: Report, now: datetime, house: House) -> Taken:
    if proofs.said_before(conn, hook.id, report):
        return Taken("known")
    ask, refusal = _asked(conn, hook, report, house)
    if refusal:
        return Taken("refused", refusal)
    proof_id = proofs.add(conn, hook.id, report, number)
    if ask is None:
        proofs.inherit(conn, proof_id)
        touched = [proof_id]
    else:
        touched = proofs.belongs(conn, proof_id, ask, stock_of(conn).actions[ask.asked.action])
    changes = [reconciling.reconcile(conn, one, hook.source, now) for one in touched]
    told = [(change, confirming.tell(conn, change, now)) for change in changes if change is not None]
    if proofs.get(conn, proof_id).action_id is None:
        return Taken("waiting", "nobody's yet")
    outcome: Outcome = "undone" if any(change.became == "undone" for change, _ in told) else "counted"
    return Taken(outcome, "", tuple(accounts.named(conn, [account for _, account in told if account is not None])))


def _asked(conn: Connection, hook: Hook, report: Report, house: House) -> tuple[history.Ask | None, str]:
    """The ask that a report's reference stands for, or why the report is refused."""
    if not report.reference:
        return None, ""
    number = tokens.read(report.reference, "report", house.secret)
    ask = history.get_ask(conn, number) if number is not None else None
    if ask is None:
        return None, "the reference is none of ours, or its person has left"
    if ask.asked.action.partition("/")[0] != hook.pack:
        return None, f"{ask.asked.action} belongs to another pack than this source"
    refusal = _unsuitable(conn, ask, report) if report.what == "paid" else ""
    return (None, refusal) if refusal else (ask, "")


def _unsuitable(conn: Connection, ask: history.Ask, report: Report) -> str:
    """Why a payment does not count for what it was asked for; empty when it does."""
    action, amount = ask.asked.action, report.amount or 0
    offered = stock_of(conn).action(action)
    if amount <= 0:
        return "nothing was paid"
    if offered is None or offered.payment is None:
        return ""
    if report.currency not in offered.payment.currencies:
        return f"{action} takes {', '.join(offered.payment.currencies)}, not {report.currency}"
    if amount < offered.payment.least:
        return f"{action} counts from {offered.payment.least} {report.currency} (minor units)"
    return ""
