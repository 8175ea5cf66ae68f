"""How long one choice takes: `python -m tests.benchmarks.bench_choose`.

A typical person: three causes followed of five, 40 stories and actions each (200 on offer), two months in.
A heavy one follows all five and has half a year of asks behind them.
"""

from datetime import timedelta
from random import Random
from time import perf_counter

from actions.choose import asks_for, choose
from actions.facts import Asked, History, Person, Taken
from actions.rhythm import next_slot
from actions.shelf import Shelf
from tests import make

CAUSES = ("water", "air", "soil", "light", "bread")


def big_shelf() -> Shelf:
    """200 candidates: in each of five causes 15 chapters, 4 dated, 6 evergreen stories and 15 actions."""
    packs = []
    for cause in CAUSES:
        dated = {
            f"{cause}-d{n}": make.story(
                cause, from_=make.day(20 * n - 2).date(), until=make.day(20 * n + 2).date(), leads_to=()
            )
            for n in range(4)
        }
        evergreen = {f"{cause}-e{n}": make.story(cause) for n in range(6)}
        packs.append(
            make.pack(
                cause, causes=(cause,), chapters=15, stories={**dated, **evergreen}, actions=make.climb(cause, each=3)
            )
        )
    return make.shelf(*packs)


def lived(shelf: Shelf, person: Person, days: int, chance: Random) -> History:
    """The history of someone who answers every third ask."""
    history = History()
    for day in range(days):
        now = make.day(day)
        nudge = choose(person, history, shelf, now, chance)
        history = after(history, shelf, nudge, now, takes=chance.random() < 0.3)
    return history


def after(history: History, shelf: Shelf, nudge: object, now: object, takes: bool) -> History:
    shown, asked, taken = dict(history.shown), history.asked, history.taken
    if getattr(nudge, "story", None):
        shown[nudge.story] = now
    if getattr(nudge, "ask", None):
        action = shelf.actions[nudge.ask]
        asked += (Asked(action.ref, action.cause, action.kind, action.rung, now, "taken" if takes else ""),)
        if takes:
            taken += (Taken(action.ref, action.cause, action.kind, now + timedelta(minutes=5)),)
    return History(shown, asked, taken)


def timed(label: str, person: Person, days: int, rounds: int = 20_000) -> None:
    shelf, chance = big_shelf(), Random(7)
    histories = [(lived(shelf, person, days - n, chance), make.day(days - n)) for n in range(8)]
    for name, decide in (("choose", choose), ("asks_for", asks_for)):
        start = perf_counter()
        for turn in range(rounds):
            history, now = histories[turn % 8]
            decide(person, history, shelf, now, chance)
        spent = (perf_counter() - start) / rounds * 1e6
        one = histories[0][0]
        print(
            f"{label}: {name} {spent:.1f} µs (shown {len(one.shown)}, asked {len(one.asked)}, taken {len(one.taken)})"
        )


def main() -> None:
    follows = [f"{cause}/{cause}" for cause in CAUSES]
    timed("new", make.person(follows=follows[:3]), 8)
    timed("typical", make.person(follows=follows[:3], zone="Europe/Berlin"), 45)
    timed("heavy", make.person(follows=follows, zone="Europe/Berlin", asks=7), 125)
    start = perf_counter()
    for turn in range(20_000):
        next_slot(make.person(zone="Europe/Berlin").rhythm, make.day(turn % 300), make.day(turn % 300).date())
    print(f"next_slot {(perf_counter() - start) / 20_000 * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
