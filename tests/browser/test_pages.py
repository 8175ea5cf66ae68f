"""The public pages in a real browser, with the sample packs."""

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect
from sqlalchemy import insert

from content.model import Pack
from storage import schema
from storage.packs import publish
from tests.bot.web.test_app import people
from tests.browser import audit, talk
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.stage import perform
from tests.make import NOW

PACKS = Path(__file__).parents[2] / "content/packs"
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESKTOP, id="desktop")]
SCHEMES = [pytest.param(False, id="light"), pytest.param(True, id="dark")]


def community(conn) -> None:
    """Sixty people over half a year, in the causes of the sample packs."""
    for path in sorted(PACKS.glob("*/pack.yaml")):
        document = json.dumps(yaml.safe_load(path.read_text()), default=str)
        publish(conn, Pack.model_validate_json(document), document, {}, NOW)
    everyone, chance = people(conn, 60), random.Random(7)
    items = list(conn.execute(schema.items.select()))
    causes, actions = ([row for row in items if row.type == kind] for kind in ("cause", "action"))
    follows = [{"subscriber_id": one, "cause_id": cause.id, "since": NOW} for one in everyone for cause in causes[:3]]
    conn.execute(insert(schema.follows), follows)
    taken = {}
    for number in range(700):
        cause = causes[number % 3]
        action = chance.choice([action for action in actions if action.pack == cause.pack])
        at = NOW - timedelta(days=min(chance.uniform(0, 170), chance.uniform(0, 170)))
        key = (chance.choice(everyone), action.id, at.date().isoformat())
        taken[key] = {
            "subscriber_id": key[0], "action_id": key[1], "cause_id": cause.id, "kind": "petition", "rung": "supporter",
            "at": at, "period": key[2], "source": "self", "status": "verified" if number % 4 == 0 else "claimed",
        }  # fmt: skip
    conn.execute(insert(schema.taken), list(taken.values()))
    climbed = {"cause_id": causes[0].id, "rung": "supporter", "at": NOW}
    conn.execute(insert(schema.climbs), [{"subscriber_id": one, **climbed} for one in everyone[:24]])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", SCHEMES)
def test_the_impact_page(tmp_path, windows, size, dark, request):
    with perform(tmp_path, talk.Sample()) as stage:
        stage.store.write_now(community)
        window = windows.open(stage.url, "/", size=size, dark=dark)
        page = window.page
        expect(page.get_by_role("heading", level=1)).to_have_text("What we did together")
        window.picture(f"impact-{request.node.callspec.id}", whole=True)

        assert audit.complaints(page) == []
        assert window.faults == []
        page.get_by_role("link", name="Start with one story").click()
        expect(page.locator("article")).to_have_count(1)


def test_the_impact_page_from_right_to_left_and_in_german(tmp_path, windows):
    with perform(tmp_path, talk.Sample()) as stage:
        stage.store.write_now(community)
        for language in ("ar", "de"):
            window = windows.open(stage.url, f"/?lang={language}", size=PHONE)
            window.picture(f"impact-{language}-phone", whole=True)
            assert audit.complaints(window.page) == []


@pytest.mark.parametrize("dark", SCHEMES)
def test_a_page_that_does_not_exist(tmp_path, windows, dark, request):
    with perform(tmp_path, talk.Sample()) as stage:
        window = windows.open(stage.url, "/nowhere", size=PHONE, dark=dark)
        expect(window.page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
        window.picture(f"missing-{request.node.callspec.id}")

        assert audit.complaints(window.page) == []
