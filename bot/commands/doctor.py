"""`kindling doctor`: every setting and where it came from; what is ill, and what to do about it."""

import importlib.metadata
import json
import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any

import typer
from pydantic import SecretStr
from sqlalchemy import Connection

from bot import settings as settings_module
from bot.channels.slack.access import Access, access
from bot.clock import Clock
from bot.commands import opening, trouble
from bot.log import Redact
from bot.settings import Settings
from storage import ailments, guard, owed, refusals, soundness
from storage.migrations import HEAD
from storage.store import Store

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this program was written is wrong."""

CLOCK_OFF_SECONDS = 120
ANSWER_SECONDS = 5

Check = dict[str, Any]


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Print every setting, where it came from, and what is ill."""
    settings = settings_module.read()
    values = [_value(settings, name) for name in Settings.model_fields]
    now = Clock().now()
    checks = [*_machine(now), *_database(settings, now), *_channels(settings)]
    ill = [check for check in checks if not check["ok"]]
    if as_json:
        typer.echo(json.dumps({"settings": values, "checks": checks, "ok": not ill}))
    else:
        for value in values:
            typer.echo(f"{value['name']:<24} {value['value'] or '–':<44} {value['source']}")
        typer.echo("")
        for check in checks:
            typer.echo(f"{'ok ' if check['ok'] else 'ILL'}  {check['name']}: {check['told']}")
    if ill:
        raise typer.Exit(1)


def _value(settings: Settings, name: str) -> dict[str, str]:
    return {
        "name": name.upper(),
        "value": masked(name, getattr(settings, name)),
        "source": settings_module.source_of(name.upper()),
    }


def masked(name: str, value: object) -> str:
    """A setting's value, without what must stay secret."""
    if not isinstance(value, SecretStr):
        return Redact(()).clean(_without_password(str(value)))
    hidden = value.get_secret_value()
    if name.endswith("database_url") and "://" in hidden:
        return _without_password(hidden)
    return "****" if hidden else ""


def _without_password(url: str) -> str:
    """An address without its passwords; greedy, since a password may itself hold `/` or `@`."""
    return re.sub(r"([?&]\w*password=)[^&]*", r"\1****", re.sub(r"//([^:/@]*):.*@", r"//\1:****@", url))


def _check(name: str, told: str, *, ok: bool = True) -> Check:
    return {"name": name, "ok": ok, "told": told}


def _machine(now: datetime) -> list[Check]:
    clock = f"{now.isoformat(timespec='seconds')}"
    return [
        _check("tzdata", importlib.metadata.version("tzdata")),
        _check("clock", clock if now > EARLIEST else f"{clock} cannot be; set this machine's clock", ok=now > EARLIEST),
    ]


def _database(settings: Settings, now: datetime) -> list[Check]:
    store = None
    try:
        store = opening.opened_by(settings)
        path = guard.file_of(store)
        if path is not None and not path.exists():
            return [_check("database", "none yet; `kindling pack load PATH` makes it")]
        return _of_store(store, now)
    except Exception as error:  # noqa: BLE001 - whatever it is, the doctor reports it
        told = trouble.explain(error) or f"does not answer ({type(error).__name__})"
        return [_check("database", told, ok=False)]
    finally:
        if store is not None:
            store.close_now()


def _of_store(store: Store, now: datetime) -> list[Check]:
    here = store.read_now(guard.revision)
    if here != HEAD:
        guard.ensure_schema(store)
    checks = [_check("schema", HEAD if here in (HEAD, "") else f"{HEAD}, upgraded from {here} just now")]
    path = guard.file_of(store)
    drive = guard.network_drive(path) if path else ""
    if drive:
        checks.append(_check("disk", f"{path} is on a network drive ({drive}); use PostgreSQL there", ok=False))
    damage = soundness.problems(path, seconds=guard.CHECK_SECONDS) if path else []
    if damage:
        checks.append(_check("damage", f"{damage[0]}; kindling db restore FILE", ok=False))
    return [*checks, *(store.read_now(look, now) for look in LOOKS)]


def _people(conn: Connection, _now: datetime) -> Check:
    return _check("database", f"answers, with {ailments.subscribers(conn):,} subscribers")


def _packs(conn: Connection, _now: datetime) -> Check:
    try:
        count = ailments.packs(conn)
    except ValueError:
        return _check("packs", "a live pack can no longer be read; load it again with --force", ok=False)
    return _check("packs", f"{count} live" if count else "none yet; `kindling pack load PATH` loads one")


def _stories(conn: Connection, _now: datetime) -> Check:
    names = refusals.stopped(conn)
    told = f"refused by a platform as they are, nobody gets them: {', '.join(names)}; mend them and load the pack anew"
    return _check("stories", told if names else "all can be sent", ok=not names)


def _held(conn: Connection, _now: datetime) -> Check:
    if guard.is_held(conn):
        return _check("held", "this instance was restored and sends nothing: kindling run --release", ok=False)
    return _check("held", "no")


def _inbox(conn: Connection, _now: datetime) -> Check:
    dead = ailments.set_aside(conn)
    return _check("inbox", dead or "nothing was set aside", ok=not dead)


def _outbox(conn: Connection, now: datetime) -> Check:
    late = ailments.late(conn, now - timedelta(minutes=15))
    if late:
        return _check("outbox", f"{late:,} messages have waited for over 15 minutes; is `kindling run` up?", ok=False)
    return _check("outbox", "nothing waits for long")


def _failures(conn: Connection, now: datetime) -> Check:
    failed = ailments.failed(conn, now - timedelta(days=1))
    told = ", ".join(f"{count:,} {words}" for words, count in failed.items())
    return _check("deliveries", told or "none failed or in doubt within a day", ok=not failed)


def _guesses(conn: Connection, now: datetime) -> Check:
    count = ailments.wrong_codes(conn, now - timedelta(hours=1))
    told = f"{count} wrong codes within an hour" if count else "nobody guesses"
    return _check("codes", told, ok=count < ailments.MANY_GUESSES)


def results_owed(conn: Connection, now: datetime) -> Check:
    """What organizers owe: the machine is well all the same."""
    found = owed.debts(conn)
    late = [debt for debt in found if debt.is_overdue(now.date())]
    told = f"{len(late)} overdue, the longest since {late[0].by}: {late[0].action}" if late else ""
    return _check("results", told or f"{len(found)} owed, none overdue")


LOOKS: tuple[Callable[[Connection, datetime], Check], ...] = (
    _people, _packs, _stories, _held, _inbox, _outbox, _failures, _guesses, results_owed,
)  # fmt: skip


def _channels(settings: Settings) -> list[Check]:
    named = {"web": True, "telegram": bool(settings.telegram_bot_token.get_secret_value())}
    checks = []
    webhook = settings.telegram_mode == "webhook"
    if webhook and not settings.kindling_public_url.startswith("https://"):
        told = "webhook mode needs KINDLING_PUBLIC_URL, beginning with https://"
        checks.append(_check("telegram", told, ok=False))
    try:
        found = access(settings)
    except ValueError as error:
        return [*checks, _check("slack", str(error), ok=False)]
    if found is not None:
        named["slack"] = True
        checks.append(_slack(found))
    return [_check("channels", ", ".join(name for name, there in named.items() if there)), *checks]


def _slack(found: Access) -> Check:
    """Whether Slack answers, and agrees with us what time it is: its signatures are good for five minutes."""
    way = "Socket Mode" if found.app_token else "HTTP"
    try:
        with urllib.request.urlopen(f"{found.url}api.test", timeout=ANSWER_SECONDS) as answer:  # noqa: S310 - https, or a stand-in
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (OSError, ValueError, TypeError) as error:
        return _check("slack", f"{way}; cannot be reached ({type(error).__name__})", ok=False)
    off = abs((Clock().now() - theirs).total_seconds())
    if off > CLOCK_OFF_SECONDS:
        return _check("slack", f"{way}; this machine's clock is {off:.0f} s off Slack's: set it right", ok=False)
    return _check("slack", f"{way}; answers, and the clocks agree")
