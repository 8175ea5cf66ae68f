"""Words of crisis: recognised only to point to people who can help."""

import re

PHRASES = (
    r"kill(ing)? myself", r"end my life", r"want to die", r"suicid(e|al)", r"hurt(ing)? myself", r"self[- ]harm",
    r"no reason to live", r"matarme", r"suicid(io|arme|a)", r"quiero morir", r"quitarme la vida", r"hacerme daño",
    r"umbringen", r"selbstmord", r"suizid", r"will sterben", r"nicht mehr leben", r"mir (et)?was antun",
    r"das leben nehmen",
)  # fmt: skip
PATTERN = re.compile(r"\b(?:" + "|".join(PHRASES) + r")\b", re.IGNORECASE)


def is_crisis(words: str) -> bool:
    """Whether words speak of ending or hurting oneself, in any of our languages."""
    return PATTERN.search(words) is not None
