"""Words as they stand on paper: letters the fonts have, Arabic ones joined, lines in the order the eye meets them.

Pillow leaves this to FriBiDi, a library of the machine that is not everywhere; done here, a picture is the same
everywhere, to the byte. What is left out of Unicode's rules (UAX #9) is what `clean` removes before: marks that embed.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

NON_JOINER, MIRRORED = "\u200c", dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
TATWEEL, LAM = "\u0640", "\u0644"
STRONG = {"L": "L", "R": "R", "AL": "R"}
NUMBERS = ("EN", "AN")

Has = Callable[[str], bool]


def spelled(words: str, has: Has) -> str:
    """The words with what the fonts have: others by a plainer letter that stands for them, or not at all."""
    kept = []
    for letter in unicodedata.normalize("NFC", " ".join(words.split())):
        if letter == NON_JOINER or (unicodedata.category(letter)[0] != "C" and has(letter)):
            kept.append(letter)
        else:
            kept += [plainer for plainer in unicodedata.normalize("NFKD", letter) if plainer.isalnum() and has(plainer)]
    return " ".join("".join(kept).split())


def is_spelled(words: str, has: Has) -> bool:
    """Whether the fonts have most of the letters."""
    letters = [letter for letter in words if letter.isalpha()]
    return bool(letters) and 2 * sum(len(spelled(letter, has)) > 0 for letter in letters) > len(letters)


@lru_cache(maxsize=2048)
def laid(words: str, *, rtl: bool) -> str:
    """A line's letters from left to right as the eye sees them, in a text that is read the given way."""
    letters = list(joined(words))
    levels = _levels([unicodedata.bidirectional(letter) for letter in letters], int(rtl))
    shown = [
        MIRRORED.get(letter, letter) if level % 2 else letter for letter, level in zip(letters, levels, strict=True)
    ]
    order = list(range(len(shown)))
    for level in range(max(levels, default=0), 0, -1):
        order = _turned(order, [levels[place] >= level for place in order])
    return "".join(shown[place] for place in order)


def _turned(order: list[int], high: list[bool]) -> list[int]:
    made: list[int] = []
    for turns, pairs in groupby(zip(high, order, strict=True), itemgetter(0)):
        run = [place for _, place in pairs]
        made += reversed(run) if turns else run
    return made


def joined(words: str) -> str:
    """Arabic letters in the form that their neighbours ask for."""
    forms, pairs = _forms()
    text = _ligatures(words, pairs)
    made = []
    for place, letter in enumerate(text):
        own = forms.get(letter, {})
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        to_last = bool(own.get("final")) and _reaches(before, forms)
        to_next = bool(own.get("initial")) and (after == TATWEEL or bool(forms.get(after, {}).get("final")))
        form = {(True, True): "medial", (True, False): "final", (False, True): "initial"}.get((to_last, to_next), "")
        made.append(own.get(form, own.get("isolated", letter)))
    return "".join(made).replace(NON_JOINER, "")


def _reaches(letter: str, forms: dict[str, dict[str, str]]) -> bool:
    return letter == TATWEEL or bool(forms.get(letter, {}).get("initial"))


def _ligatures(words: str, pairs: dict[str, str]) -> str:
    for pair, one in pairs.items():
        words = words.replace(pair, one)
    return words


@lru_cache
def _forms() -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """From Unicode's own table: each letter's forms, and the pairs of lam and alef that are written as one."""
    forms: dict[str, dict[str, str]] = {}
    pairs: dict[str, str] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *parts = unicodedata.decomposition(chr(code)).split() or [""]
        basic = "".join(chr(int(part, 16)) for part in parts)
        if len(basic) == 1:
            forms.setdefault(basic, {})[kind.strip("<>")] = chr(code)
        elif len(basic) == 2 and basic[0] == LAM:
            pairs.setdefault(basic, chr(code) if kind == "<isolated>" else "")
            forms.setdefault(pairs[basic], {})[kind.strip("<>")] = chr(code)
    return forms, pairs


def _levels(kinds: list[str], base: int) -> list[int]:
    """UAX #9 from W1 to L1, for one line without embeddings."""
    edge = "R" if base else "L"
    resolved = _neutrals(_weak(kinds, edge), edge)
    levels = []
    for kind in resolved:
        if base:
            levels.append(base if kind == "R" else base + 1)
        else:
            levels.append({"R": 1, "EN": 2, "AN": 2}.get(kind, 0))
    for place in range(len(kinds) - 1, -1, -1):
        if kinds[place] not in ("WS", "S", "B"):
            break
        levels[place] = base
    return levels


def _weak(kinds: list[str], edge: str) -> list[str]:
    made: list[str] = []
    strong = edge
    for kind in kinds:
        if kind == "NSM":
            kind = made[-1] if made else edge
        strong = kind if kind in STRONG else strong
        made.append("AN" if kind == "EN" and strong == "AL" else kind)
    made = _beside_numbers(_between_numbers(["R" if kind == "AL" else kind for kind in made]))
    strong = edge
    for place, kind in enumerate(made):
        strong = kind if kind in STRONG else strong
        made[place] = "L" if kind == "EN" and strong == "L" else kind
    return made


def _between_numbers(kinds: list[str]) -> list[str]:
    """A sign between two numbers of one kind belongs to them."""
    made = list(kinds)
    for place in range(1, len(made) - 1):
        around = made[place - 1] if made[place - 1] == made[place + 1] else ""
        if (made[place] == "ES" and around == "EN") or (made[place] == "CS" and around in NUMBERS):
            made[place] = around
    return made


def _beside_numbers(kinds: list[str]) -> list[str]:
    """Percent and currency signs belong to the number beside them; other separators to nothing."""
    made: list[str] = []
    runs = [(kind, len(list(run))) for kind, run in groupby(kinds)]
    for nth, (kind, length) in enumerate(runs):
        touches = any(0 <= other < len(runs) and runs[other][0] == "EN" for other in (nth - 1, nth + 1))
        if kind == "ET":
            made += ["EN" if touches else "ON"] * length
        else:
            made += ["ON" if kind in ("ES", "CS") else kind] * length
    return made


def _neutrals(kinds: list[str], edge: str) -> list[str]:
    made: list[str] = []
    runs = [(kind, list(run)) for kind, run in groupby(kinds, lambda kind: kind in ("L", "R", *NUMBERS))]
    for nth, (strong, run) in enumerate(runs):
        if strong:
            made += run
            continue
        before = _side(runs[nth - 1][1][-1]) if nth else edge
        after = _side(runs[nth + 1][1][0]) if nth + 1 < len(runs) else edge
        made += [before if before == after else edge] * len(run)
    return made


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"
