"""Packs as loaded: whole, versioned, with their pictures; what was dropped keeps its number."""

import pytest
from sqlalchemy import select

from content.model import Pack
from storage import packs, schema
from storage.catalog import stock_of
from storage.packs import Picture
from storage.store import Store
from tests import make

PICTURE = Picture("image/png", b"\x89PNG and so on")


def publish(store: Store, pack: Pack, *, force: bool = False, **pictures: Picture) -> None:
    document = pack.model_dump_json(by_alias=True, exclude_none=True)
    store.write_now(packs.publish, pack, document, pictures, make.NOW, force=force)


def numbers(store: Store) -> dict[str, int]:
    return store.read_now(lambda conn: {row.slug: row.id for row in conn.execute(select(schema.items))})


def test_a_loaded_pack_is_on_the_shelf_with_a_number_for_each_item(store: Store) -> None:
    publish(store, make.pack(actions={"sign": make.action()}))

    stock = store.read_now(stock_of)
    assert set(stock.actions) == {"water/sign"}
    assert stock.refs[stock.actions["water/sign"]] == "water/sign"
    assert [one.slug for one in store.read_now(packs.loaded)] == ["water"]


def test_a_newer_version_keeps_the_numbers_and_adds_its_own(store: Store) -> None:
    publish(store, make.pack(actions={"sign": make.action()}))
    before = numbers(store)
    publish(store, make.pack(version=2, actions={"give": make.action(kind="donation")}))

    after = numbers(store)
    assert before.items() <= after.items()
    assert set(after) - set(before) == {"give"}


def test_what_a_new_version_drops_is_off_the_shelf_but_still_has_its_name(store: Store) -> None:
    publish(store, make.pack(actions={"sign": make.action()}))
    publish(store, make.pack(version=2))

    stock = store.read_now(stock_of)
    assert stock.action("water/sign") is None
    assert "water/sign" in stock.refs.values()
    retired = store.read_now(packs.retired, "water/sign")
    assert retired is not None
    assert retired.version == 1


@pytest.mark.parametrize("version", [1, 2])
def test_an_equal_or_older_version_is_refused_and_changes_nothing(store: Store, version: int) -> None:
    publish(store, make.pack(version=2))

    with pytest.raises(packs.OlderVersionError, match="live in version 2"):
        publish(store, make.pack(version=version, actions={"sign": make.action()}))

    assert "sign" not in numbers(store)


def test_force_loads_the_same_version_again(store: Store) -> None:
    publish(store, make.pack())
    publish(store, make.pack(actions={"sign": make.action()}), force=True)

    assert store.read_now(stock_of).action("water/sign") is not None


def test_a_rollback_goes_one_version_back_and_no_further(store: Store) -> None:
    publish(store, make.pack(actions={"sign": make.action()}))
    publish(store, make.pack(version=2))

    assert store.write_now(packs.rollback, "water", make.NOW) == 1
    assert store.read_now(stock_of).action("water/sign") is not None
    with pytest.raises(LookupError, match="no version before 1"):
        store.write_now(packs.rollback, "water", make.NOW)
    with pytest.raises(LookupError, match="No pack named air"):
        store.write_now(packs.rollback, "air", make.NOW)


def test_a_picture_comes_back_as_it_was_loaded(store: Store) -> None:
    publish(store, make.pack(), **{"images/a.png": PICTURE})
    newer = Picture("image/jpeg", b"\xff\xd8 and so on")
    publish(store, make.pack(version=2), **{"images/a.png": newer})

    assert store.read_now(packs.picture, "water", "images/a.png") == newer
    assert store.read_now(packs.picture, "water", "images/b.png") is None


def test_two_packs_may_name_their_items_alike(store: Store) -> None:
    publish(store, make.pack("water", actions={"sign": make.action()}))
    publish(store, make.pack("air", actions={"sign": make.action()}))

    stock = store.read_now(stock_of)
    assert {"water/sign", "air/sign"} <= set(stock.actions)
    assert stock.actions["water/sign"] != stock.actions["air/sign"]


def test_going_back_brings_the_pictures_of_that_version(store: Store) -> None:
    old, new = Picture("image/png", b"old"), Picture("image/png", b"new")
    publish(store, make.pack(version=1), **{"images/a.png": old})
    publish(store, make.pack(version=2), **{"images/a.png": new, "images/b.png": new})
    assert store.read_now(packs.picture, "water", "images/a.png") == new

    store.write_now(packs.rollback, "water", make.NOW)
    assert store.read_now(packs.picture, "water", "images/a.png") == old
    # What was sent meanwhile still shows its picture.
    assert store.read_now(packs.picture, "water", "images/b.png") == new
