"""A plan and a result, their whole way on Telegram's real protocol: planned, reminded, done, and told what came of it."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.acceptance.instance import Instance
from tests.acceptance.test_telegram_journey import button, joins
from tests.platforms.telegram import TelegramStandIn

PACK = """
pack: river
version: {version}
title: {{en: Our river, es: Nuestro río}}
publisher: {{name: River Friends}}
languages: [en, es]
causes:
  river:
    title: {{en: River, es: Río}}
    why: {{en: It is where we meet., es: Allí nos encontramos.}}
stories:
  bank:
    cause: river
    kind: explainer
    chapter: 1
    text: {{en: The bank is full of plastic., es: La orilla está llena de plástico.}}
    leads_to: [clean]
actions:
  clean:
    cause: river
    kind: volunteer
    rung: supporter
    title: {{en: Clean the bank, es: Limpia la orilla}}
    ask: {{en: Will you come?, es: ¿Vienes?}}
    minutes: 8
    result_by: 2031-06-01
"""
RESULTS = """
results:
  cleaned:
    actions: [clean]
    kind: setback
    text: {en: The plastic is back. We ask the plant upstream., es: El plástico ha vuelto. Preguntamos a la fábrica.}
"""


def loads(instance: Instance, version: int, more: str = "") -> None:
    file = instance.folder / "river.yaml"
    file.write_text(PACK.format(version=version) + more, encoding="utf-8")
    instance.must("pack", "load", str(file))


def zone_of(instance: Instance) -> ZoneInfo:
    with closing(sqlite3.connect(instance.folder / "kindling.db")) as conn:
        return ZoneInfo(conn.execute("SELECT zone FROM subscribers").fetchone()[0])


def test_from_a_plan_to_what_came_of_it(tmp_path: Path, telegram: TelegramStandIn) -> None:
    instance = Instance(tmp_path, {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url})
    loads(instance, 1)
    instance.starts()
    ana = telegram.person(language="es", name="Ana", started=False)
    joins(ana)
    ana.presses(*button(ana, "plan:"))
    ana.hears("¿cuándo te viene bien?")
    day = datetime.now(zone_of(instance)) + timedelta(days=5)
    ana.says(f"{day:%Y-%m-%d} 11:00")
    ana.hears("¿Dónde lo harás?")
    ana.says("junto al puente")
    ana.hears("¿Y con quién?")
    number = button(ana, "plan:")[1].split(":")[1]
    ana.presses(*button(ana, f"plan:{number}:with:alone"))
    ana.hears("junto al puente · por mi cuenta")
    ana.hears("Te lo recuerdo una hora antes.")
    assert instance.stops() == 0
    for file in tmp_path.glob("kindling.db*"):
        assert b"junto al puente" not in file.read_bytes(), file.name

    # An hour before, and the day after; the process was started anew in between.
    at = day.replace(hour=10, minute=0, second=0, microsecond=0)
    for moment in (at, at + timedelta(days=1, hours=9)):
        instance.must("tick", "--at", moment.isoformat())
    assert sum("Un recordatorio de tu plan" in message.text for message in ana.heard) == 1
    (question,) = [message for message in ana.heard if "¿Lo hiciste?" in message.text]
    instance.starts()
    ana.presses(question, f"done:{number}")
    ana.hears("¡Gracias!", ever=True)

    # The result comes with the pack, and says as plainly that it failed.
    loads(instance, 2, RESULTS)
    assert instance.stops() == 0
    instance.must("tick", "--at", (at + timedelta(days=3)).isoformat())
    (told,) = [message.text for message in ana.heard if "El plástico ha vuelto" in message.text]
    assert "Hiciste esto: Limpia la orilla" in told
    assert "No funcionó." in told
    kinds = [row["status"] for row in instance.rows("deliveries") if row["kind"] == "reminder"]
    assert kinds == ["sent"] * 3
