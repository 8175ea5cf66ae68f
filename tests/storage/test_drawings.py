"""Pictures drawn here: found by whoever has the key, gone with time or with their person."""

import json
from datetime import timedelta

from storage import drawings, erasure, packs, person_export
from storage.store import Store
from tests.storage.joining import KEY, NOW, join, merge, publish_pack, rows

ONE, TWO = "1" * 64, "2" * 64


def test_a_picture_is_found_under_its_key_and_nowhere_else(store: Store) -> None:
    ana = join(store)
    store.write_now(drawings.keep, ONE, b"png", NOW, ana)
    store.write_now(drawings.keep, TWO, b"all", NOW, None)

    assert store.read_now(drawings.find, drawings.source(ONE)) == packs.Picture("image/png", b"png", private=True)
    assert store.read_now(drawings.find, drawings.source(TWO)) == packs.Picture("image/png", b"all")
    for wanted in (f"drawn/{'3' * 64}.png", f"drawn/{ONE}", "drawn/", "", f"x/{ONE}.png", f"drawn/{ONE}.png/x"):
        assert store.read_now(drawings.find, wanted) is None


def test_the_same_key_twice_keeps_the_first(store: Store) -> None:
    for content in (b"first", b"second"):
        store.write_now(drawings.keep, ONE, content, NOW, None)

    found = store.read_now(drawings.find, drawings.source(ONE))
    assert found is not None
    assert found.content == b"first"


def test_what_nobody_asks_for_any_more_is_swept(store: Store) -> None:
    for key in (ONE, TWO):
        store.write_now(drawings.keep, key, b"png", NOW, None)
    later = NOW + drawings.KEPT_FOR
    assert store.write_now(drawings.touch, ONE, later)
    assert not store.write_now(drawings.touch, "3" * 64, later)

    assert store.write_now(drawings.sweep, later) == 0
    assert store.write_now(drawings.sweep, later + timedelta(seconds=1)) == 1
    assert [row.key for row in rows(store, "drawings")] == [ONE]


def test_it_goes_with_its_person_and_moves_with_them(store: Store) -> None:
    publish_pack(store)
    ana, bob, eve = join(store), join(store, "slack:T1"), join(store, "slack:T2")
    store.write_now(drawings.keep, ONE, b"bob", NOW, bob)
    store.write_now(drawings.keep, TWO, b"eve", NOW, eve)
    ana = merge(store, ana, bob)
    assert [row.subscriber_id for row in rows(store, "drawings", key=ONE)] == [ana.id]
    told = json.loads(store.read_now(person_export.of, ana, KEY))["drawings"]
    assert [sorted(one) for one in told] == [["key", "made_at", "media_type"]]

    store.write_now(lambda conn: erasure.erase(conn, ana, account="web", chat="c", key=KEY, now=NOW))
    assert [row.key for row in rows(store, "drawings")] == [TWO]
    store.write_now(erasure.erase_again, eve.id)
    assert rows(store, "drawings") == []
