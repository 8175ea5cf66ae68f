"""`kindling doctor`: every setting and where it came from; what is ill, and what to do about it."""

import importlib.metadata
import json
import re
from typing import Annotated

import typer
from pydantic import SecretStr
from sqlalchemy import Connection

from bot import settings as settings_module
from bot.settings import Settings
from storage import inbox, standing
from storage.guard import NewerSchemaError, ensure_schema
from storage.store import Store


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Print every setting, where it came from, and what is ill."""
    settings = settings_module.read()
    values = [
        {
            "name": name.upper(),
            "value": masked(name, getattr(settings, name)),
            "source": settings_module.source_of(name.upper()),
        }
        for name in Settings.model_fields
    ]
    checks = _checks(settings)
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


def masked(name: str, value: object) -> str:
    """A setting's value, without what must stay secret."""
    if not isinstance(value, SecretStr):
        return str(value)
    hidden = value.get_secret_value()
    if name.endswith("database_url"):
        return re.sub(r"//([^:/@]*):[^@]*@", r"//\1:****@", hidden)
    return "****" if hidden else ""


def _checks(settings: Settings) -> list[dict[str, object]]:
    checks: list[dict[str, object]] = [
        _check("tzdata", True, importlib.metadata.version("tzdata")),
    ]
    store = Store(settings.kindling_database_url.get_secret_value())
    try:
        ensure_schema(store)
        figures = store.write_now(standing.figures)
        checks.append(_check("database", True, f"answers, with {figures['subscribers']:,} subscribers"))
        checks.append(_packs(figures["packs"]))
        checks.append(store.write_now(_inbox))
    except NewerSchemaError as error:
        checks.append(_check("database", False, str(error)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the doctor reports it
        checks.append(_check("database", False, f"does not answer ({type(error).__name__})"))
    finally:
        store.close_now()
    channels = ["web"] + (["telegram"] if settings.telegram_bot_token.get_secret_value() else [])
    checks.append(_check("channels", True, ", ".join(channels)))
    if settings.telegram_mode == "webhook" and not settings.kindling_public_url.startswith("https://"):
        checks.append(_check("telegram", False, "webhook mode needs KINDLING_PUBLIC_URL, beginning with https://"))
    return checks


def _check(name: str, ok: bool, told: str) -> dict[str, object]:
    return {"name": name, "ok": ok, "told": told}


def _packs(count: int) -> dict[str, object]:
    told = f"{count} live" if count else "none yet; `kindling pack load PATH` loads one"
    return _check("packs", True, told)


def _inbox(conn: Connection) -> dict[str, object]:
    dead = inbox.dead(conn)
    errors = ", ".join(sorted(set(inbox.errors(conn))))
    return _check("inbox", not dead, f"{dead} updates were set aside ({errors})" if dead else "nothing was set aside")
