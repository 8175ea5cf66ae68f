"""The smallest parts of a pack: names, days, addresses, text in several languages."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"
WORDS_AT_MOST = 20_000

Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN, max_length=64)]
Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN)]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
WebAddress = Annotated[str, StringConstraints(max_length=2000)]
PositiveInt = Annotated[int, Field(ge=1, le=2**31 - 1)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""As ISO 4217 names it."""


def _days(value: Any) -> Any:
    """Read `60d` as 60 days; an integer is days already."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}d", value, re.ASCII):
        return int(value[:-1])
    return value


Days = Annotated[
    int,
    BeforeValidator(_days, json_schema_input_type=int | Annotated[str, StringConstraints(pattern="^[0-9]{1,4}d$")]),
    Field(ge=1, le=3660),
]


def _day(value: Any) -> Any:
    """Read a day as people write it, and only so: pydantic would take a number in quotes for seconds since 1970."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
        raise PydanticCustomError("day_form", "Input should be a day, like 2026-12-01")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day_unknown", "Input should be a day that exists, like 2026-12-01") from None


Day = Annotated[date, BeforeValidator(_day)]


class Strict(BaseModel):
    """What all parts of a pack have in common: frozen, exact, nothing unknown."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", populate_by_name=True)


Words = Annotated[str, StringConstraints(min_length=1, max_length=WORDS_AT_MOST)]
Text = Words | dict[Language, Words]
"""A string, or a map of language to string; `content.text.choose` picks the words to show."""
