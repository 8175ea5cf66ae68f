"""How a pack says that what people did is confirmed from outside."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from content.terms import Currency, PositiveInt, Strict, Words

Path = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_:$-]+(\.[A-Za-z0-9_:$-]+)*$", max_length=200)]
"""Where something stands in a JSON document: words joined by dots, a number for a place in a list."""
Header = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=64)]


class Payment(Strict):
    """How an action is paid: on the publisher's own page at a provider, to which `url` leads.

    `currencies` are those it may be paid in; `least` is the smallest sum that counts, in minor units.
    """

    provider: Literal["stripe"] = "stripe"
    currencies: Annotated[tuple[Currency, ...], Field(min_length=1)]
    least: PositiveInt = 1


class HookSignature(Strict):
    """How a sender signs: HMAC-SHA256 in a header, over the body, or over `TIME.BODY` with a `time_header`."""

    header: Header
    prefix: Annotated[str, StringConstraints(max_length=20)] = ""
    encoding: Literal["hex", "base64"] = "hex"
    time_header: Header | None = None


class HookEvent(Strict):
    """Which word of a delivery says that something was done, or undone; other words are passed over."""

    field: Path
    taken: Annotated[tuple[Words, ...], Field(min_length=1)]
    undone: tuple[Words, ...] = ()


class Hook(Strict):
    """Where things stand in what another system sends to `/hooks/PACK/NAME`.

    `id` is the delivery's own number, `reference` ours, `thing` the sender's name of what was done (the reference,
    when absent), `at` the time (ISO 8601, or seconds since 1970). With an `amount` (minor units) there is a
    `currency`: a path to it, or the currency itself.
    """

    signature: HookSignature
    id: Path
    reference: Path
    at: Path
    thing: Path | None = None
    event: HookEvent | None = None
    amount: Path | None = None
    currency: Path | None = None
