"""What platforms delivered: kept once, handled in order, set aside when it is poison."""

from datetime import timedelta

from storage import inbox
from storage.store import Store
from tests import make

BOT = "telegram:1"


def keep(store: Store, *keys: str, account: str = BOT) -> int:
    return store.write_now(inbox.keep, account, [(key, f"raw {key}") for key in keys], make.NOW)


def fresh(store: Store, account: str = BOT) -> list[inbox.Update]:
    return store.write_now(inbox.fresh, account)


def test_an_update_delivered_again_is_kept_once(store: Store) -> None:
    assert keep(store, "1", "2") == 2
    assert keep(store, "2", "3", "3") == 1
    assert [one.key for one in fresh(store)] == ["1", "2", "3"]


def test_a_lower_id_is_as_new_as_any_other(store: Store) -> None:
    keep(store, "900")
    assert keep(store, "5") == 1


def test_two_accounts_may_deliver_the_same_id(store: Store) -> None:
    keep(store, "1")
    assert keep(store, "1", account="telegram:2") == 1
    assert len(fresh(store, "telegram:2")) == 1


def test_what_was_handled_is_forgotten_but_its_id_is_not(store: Store) -> None:
    keep(store, "1")
    store.write_now(inbox.finish, fresh(store)[0].id)

    assert fresh(store) == []
    assert keep(store, "1") == 0


def test_a_poisoned_update_is_set_aside_after_three_tries_and_stops_nobody(store: Store) -> None:
    keep(store, "1", "2")
    poison = fresh(store)[0].id

    assert [store.write_now(inbox.fail, poison, "KeyError") for _ in range(3)] == [False, False, True]
    assert [one.key for one in fresh(store)] == ["2"]
    assert store.read_now(inbox.dead) == 1
    assert store.read_now(lambda conn: list(inbox.errors(conn))) == ["KeyError"]


def test_only_what_waits_can_be_locked(store: Store) -> None:
    keep(store, "1")
    number = fresh(store)[0].id

    assert store.write_now(inbox.lock, number)
    store.write_now(inbox.finish, number)
    assert not store.write_now(inbox.lock, number)


def test_a_week_later_only_what_still_waits_is_there(store: Store) -> None:
    keep(store, "1", "2")
    store.write_now(inbox.finish, fresh(store)[0].id)
    store.write_now(inbox.sweep, make.NOW + timedelta(days=8))

    assert [one.key for one in fresh(store)] == ["2"]
    assert keep(store, "1") == 1
