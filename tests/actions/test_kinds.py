from typing import get_args

from actions.kinds import KINDS
from content.model import ActionKind, Verify


def test_every_kind_of_the_model_is_in_the_table() -> None:
    assert set(KINDS) == set(get_args(ActionKind))


def test_anyone_can_say_that_they_did_it() -> None:
    assert all("self" in kind.verify and set(kind.verify) <= set(get_args(Verify)) for kind in KINDS.values())


def test_every_way_to_verify_suits_a_kind() -> None:
    assert {way for kind in KINDS.values() for way in kind.verify} == set(get_args(Verify))


def test_the_table_runs_from_small_to_big() -> None:
    efforts = [kind.effort for kind in KINDS.values()]
    assert efforts == sorted(efforts)


def test_a_newcomer_has_private_kinds_of_the_smallest_effort() -> None:
    assert any(not kind.public and kind.effort == 1 for kind in KINDS.values())
