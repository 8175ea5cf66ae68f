"""A photo from a telephone to a moderator's screen and back, over the whole instance, also when it dies on the way."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import photographs
from tests.acceptance.instance import Instance
from tests.acceptance.test_telegram_journey import button, joins
from tests.platforms import downloads
from tests.platforms.telegram import Message, Person, TelegramStandIn

PACK = """
pack: garden
version: 1
title: {en: Garden, es: Jardín, de: Garten}
publisher: {name: Gardeners}
languages: [en, es, de]
causes:
  trees: {title: {en: Trees, es: Árboles, de: Bäume}, why: {en: Shade., es: Sombra., de: Schatten.}}
stories:
  one: {cause: trees, kind: fact, chapter: 1, text: {en: One., es: Uno., de: Eins.}, leads_to: [plant]}
actions:
  plant:
    cause: trees
    kind: volunteer
    rung: supporter
    title: {en: Plant a tree, es: Planta un árbol, de: Pflanz einen Baum}
    ask: {en: Will you?, es: ¿Te animas?, de: Machst du mit?}
    verify: photo
"""


@pytest.fixture
def garden(tmp_path: Path, telegram: TelegramStandIn) -> Iterator[Instance]:
    """An instance with a pack whose only action a photo confirms."""
    made = Instance(tmp_path, {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url})
    (tmp_path / "garden.yaml").write_text(PACK, encoding="utf-8")
    made.must("pack", "load", str(tmp_path / "garden.yaml"))
    yield made
    if made.process is not None:
        made.process.kill()
        made.process.wait()


def test_a_photo_outlives_a_kill_and_comes_back_confirmed(garden: Instance, telegram: TelegramStandIn) -> None:
    code = garden.must("organizer", "add", "--role", "moderator").split()[0]
    garden.starts()
    ana, mo = telegram.person(language="de", name="Ana"), telegram.person(language="en", name="Mo")
    ana.presses(joins(ana), button(ana, "done:")[1])
    ana.hears("Mit einem Foto würde es als bestätigt zählen")
    sent = ana.sends_photo(photographs.jpeg())
    assert sent.photo is not None
    sent.photo.manner = downloads.DRIP
    ana.hears("Danke für das Foto")
    telegram.wait(lambda: telegram.calls.of("download"))
    garden.stops(signal.SIGKILL)
    sent.photo.manner = ""
    garden.starts()

    mo.says(f"/start {code}")
    mo.hears("you are a moderator")
    shown = looks(mo)
    assert shown.photo is not None
    assert "Plant a tree" in shown.text
    assert "Ana" not in shown.text
    assert shown.photo.data.startswith(b"\xff\xd8\xff")
    assert not [trace for trace in photographs.TRACES if trace in shown.photo.data]
    mo.presses(*button(mo, "photos:yes:"))
    ana.hears("zählt jetzt als bestätigt")

    assert [(row["status"], row["source"]) for row in garden.rows("actions")] == [("verified", "photo")]
    assert garden.stops() == 0
    for kept in garden.folder.glob("kindling.db*"):
        content = kept.read_bytes()
        assert photographs.PLACE not in content
        assert b"JFIF" not in content
    log = (garden.folder / "run.log").read_text()
    assert telegram.token.partition(":")[2] not in log
    assert sent.photo.path not in log


def looks(mo: Person) -> Message:
    """Go to the photos that wait, as soon as there are any; returns the message that shows one."""

    def waits() -> bool:
        mo.says("/organize")
        answer = mo.hears("How things stand")
        return any(data == "photos" for row in answer.buttons for _, data in row)

    mo.world.wait(waits, 30, lambda: "no photo waits")
    mo.presses(*button(mo, "photos"))
    return button(mo, "photos:yes:")[0]
