"""`kindling organizer add`: a code from the command line, a role in the chat."""

from pathlib import Path

import pytest

from bot.clock import Clock
from storage import organizers, roles
from storage.store import Store
from tests.acceptance.instance import PACKS, Instance
from tests.talk import Talk


@pytest.fixture
def loaded(tmp_path: Path) -> Instance:
    made = Instance(tmp_path)
    made.must("pack", "load", str(PACKS / "giving-day"))
    return made


@pytest.mark.parametrize(
    ("role", "words"), [("owner", "/claim {}"), ("organizer", "/claim {}"), ("moderator", "/start {}")]
)
def test_the_printed_code_gives_the_role_in_a_chat_once(loaded: Instance, role: str, words: str) -> None:
    code = loaded.must("organizer", "add", "--role", role).strip()
    store = Store(loaded.environment()["KINDLING_DATABASE_URL"])
    ana, bob = Talk(store, chat="ana").joins(), Talk(store, chat="bob").joins()
    ana.now = bob.now = Clock().now()
    for talk in (ana, bob):
        talk.says(words.format(code))

    assert store.read_now(roles.held_by, ana.me()) == {role}
    assert store.read_now(roles.held_by, bob.me()) == frozenset()
    store.close_now()


def test_the_code_stands_alone_on_standard_output(loaded: Instance) -> None:
    done = loaded.call("organizer", "add", "--role", "owner", "--valid-minutes", "5")

    assert organizers.is_code_shaped(done.stdout.strip())
    assert len(done.stdout.splitlines()) == 1
    assert "5 minutes" in done.stderr


def test_no_code_is_in_the_database_or_its_log(loaded: Instance) -> None:
    code = loaded.must("organizer", "add", "--role", "owner").strip()

    assert all(code.encode() not in path.read_bytes() for path in loaded.folder.glob("kindling.db*"))
