"""What tests of a process in trouble look at, and do meanwhile."""

from collections.abc import Callable

from tests.acceptance.instance import Instance
from tests.platforms.telegram import Person


def is_red(instance: Instance, part: str) -> Callable[[], bool]:
    return lambda: part in (instance.health() or {}).get("parts", {})


def is_green(instance: Instance) -> bool:
    return (instance.health() or {}).get("code") == 200


def presses_meanwhile(ana: Person, done: str) -> None:
    """Press a button whose effect shows: once done, once taken back, once done again."""
    for wanted in (done, done.replace("done:", "undo:"), done):
        ana.taps(ana.heard[-1], wanted)
