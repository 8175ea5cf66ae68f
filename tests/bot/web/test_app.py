"""The pages and addresses beside the chat."""

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from prometheus_client import CollectorRegistry, Counter
from sqlalchemy import insert
from starlette.routing import Route

from bot.clock import FixedClock
from bot.web import app, health, metrics, pictures, report
from bot.web.impact import ImpactPage
from storage import figures, schema
from storage.packs import Picture, publish
from storage.store import Store
from tests.make import NOW, action, pack, story


@pytest.fixture
async def store(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'web.db'}")
    schema.metadata.create_all(store.engine)
    yield store
    await store.close()


def client(*routes):
    transport = httpx2.ASGITransport(app.build(routes), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://test")


async def well() -> str:
    return ""


async def ill() -> str:
    return "the poller was refused"


async def dead() -> str:
    raise ConnectionError("token 123456:secret")


async def test_health_is_green_when_every_part_is_well():
    async with client(health.route({"database": well, "web": well})) as http:
        answer = await http.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_health_names_the_ill_part_and_tells_no_secret():
    async with client(health.route({"database": well, "telegram": ill, "feeds": dead})) as http:
        answer = await http.get("/healthz")

    assert answer.status_code == 503
    parts = {"telegram": "the poller was refused", "feeds": "ConnectionError"}
    assert answer.json() == {"status": "ill", "parts": parts}


async def test_metrics_show_the_registry_that_was_given():
    registry = CollectorRegistry()
    Counter("kindling_sent", "Messages sent", ["channel"], registry=registry).labels("web").inc(3)
    async with client(metrics.route(registry)) as http:
        answer = await http.get("/metrics")

    assert 'kindling_sent_total{channel="web"} 3.0' in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


async def test_pictures_are_served_safely_and_only_pictures(store):
    shown = Picture("image/png", b"\x89PNG")
    hidden = Picture("image/svg+xml", b"<svg onload=hit()>")
    await store.write(publish, pack(), "{}", {"images/a.png": shown, "images/b.svg": hidden}, NOW)
    async with client(pictures.route(store)) as http:
        answer = await http.get("/pictures/water/images/a.png")
        again = await http.get("/pictures/water/images/a.png", headers={"If-None-Match": answer.headers["etag"]})
        svg = await http.get("/pictures/water/images/b.svg")
        outside = await http.get("/pictures/water/..%2f..%2fetc/passwd")

    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"\x89PNG", "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age" in answer.headers["cache-control"]
    assert again.status_code == 304
    assert (svg.status_code, outside.status_code) == (404, 404)


async def broken(_request):
    raise RuntimeError("the password is hunter2")


async def test_faults_are_friendly_tell_nothing_and_carry_the_headers():
    async with client(Route("/broken", broken)) as http:
        missing = await http.get("/nowhere", headers={"Accept": "text/html"})
        failed = await http.get("/broken", headers={"Accept": "text/html", "Accept-Language": "en"})
        for_programs = await http.get("/broken")

    assert (missing.status_code, failed.status_code) == (404, 500)
    assert "There is nothing here" in missing.text
    assert "Something broke on our side" in failed.text
    assert for_programs.json() == {"error": "Something broke on our side"}
    for answer in (missing, failed, for_programs):
        assert "hunter2" not in answer.text
        assert "Traceback" not in answer.text
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_static_files_may_be_kept_when_their_address_names_their_content():
    async with client() as http:
        versioned = await http.get("/static/kindling.css?v=abc")
        plain = await http.get("/static/kindling.css")

    assert "immutable" in versioned.headers["cache-control"]
    assert plain.headers["cache-control"] == "no-cache"


def people(conn, number: int) -> list[int]:
    settings = {
        "state": "active", "language": "en", "zone": "UTC", "frequency": "daily", "hour": 1080, "quiet_from": 1320,
        "quiet_until": 420, "weekday": 0, "minutes": 10, "asks": 3, "joined_at": NOW,
    }  # fmt: skip
    new = insert(schema.subscribers).returning(schema.subscribers.c.id)
    return [conn.execute(new.values(key=f"p{at}", **settings)).scalar_one() for at in range(number)]


def take(conn, who: list[int], status: str, at: datetime) -> None:
    kinds = {row.type: row.id for row in conn.execute(schema.items.select().where(schema.items.c.pack == "water"))}
    about = {"action_id": kinds["action"], "cause_id": kinds["cause"], "kind": "petition", "rung": "supporter"}
    about |= {"status": status, "at": at, "period": at.date().isoformat(), "source": "self"}
    rows = [{"subscriber_id": one, **about} for one in who]
    conn.execute(insert(schema.taken), rows)


def community(conn) -> None:
    """Forty people signed in May, twelve were verified in June, three undone, seven more were erased."""
    told = {"won": story(kind="win", text="**One** well for one village.", source="https://www.example.org/well")}
    water = pack(stories=told, actions={"sign": action()}, title="Water & <b>life</b>")
    publish(conn, water, water.model_dump_json(by_alias=True), {}, NOW)
    everyone = people(conn, 40)
    may = datetime(2026, 5, 10, tzinfo=UTC)
    take(conn, everyone, "claimed", may)
    take(conn, everyone[:12], "verified", NOW)
    take(conn, everyone[:3], "undone", may - timedelta(days=1))
    kinds = {row.type: row.id for row in conn.execute(schema.items.select())}
    conn.execute(insert(schema.erased_totals).values(action_id=kinds["action"], status="claimed", count=7))
    conn.execute(insert(schema.follows), [
        {"subscriber_id": one, "cause_id": kinds["cause"], "since": NOW} for one in everyone[:9]])  # fmt: skip


async def test_figures_count_claimed_and_verified_apart_without_what_was_undone(store):
    await store.write(community)
    total = await store.read(figures.total)
    causes = await store.read(figures.causes)
    starts = [datetime(2026, month, 1, tzinfo=UTC) for month in (4, 5, 6, 7)]
    april, may, june = await store.read(figures.months, starts)

    assert (total.claimed, total.verified, total.actions, total.people) == (47, 12, 59, 40)
    assert (total.claimed_people, total.verified_people) == (40, 12)
    assert causes["water/water"].taken.actions == 52
    assert (causes["water/water"].followers, causes["water/water"].climbed) == (9, 0)
    assert (april.actions, may.claimed, june.verified) == (0, 40, 12)


@pytest.mark.parametrize(
    ("number", "behind", "shown"),
    [(0, 0, report.NONE), (1, 1, report.UNDER), (500, 9, report.UNDER), (10, 10, 10), (52, 40, 50), (53, 40, 55)],
)
def test_public_numbers_are_rounded_and_small_groups_hidden(number, behind, shown):
    assert report.public(number, behind) == shown


async def test_the_impact_page_shows_the_community_and_where_it_comes_from(store):
    await store.write(community)
    async with client(ImpactPage(store, FixedClock(NOW)).route()) as http:
        page = (await http.get("/")).text
        german = (await http.get("/?lang=de")).text

    assert "Water &amp; &lt;b&gt;life&lt;/b&gt;" in page
    assert "<dd>60</dd>" in page
    assert "<dd>40</dd>" in page
    assert "under 10" in page
    assert "May 2026" in page
    assert "Apr 2026" not in page
    assert "One well for one village." in page
    assert 'href="https://www.example.org/well"' in page
    assert "Mai 2026" in german


async def test_the_impact_page_of_an_empty_instance_invites(store):
    async with client(ImpactPage(store, FixedClock(NOW)).route()) as http:
        page = (await http.get("/")).text

    assert 'href="/chat"' in page
    assert "none yet" in page
