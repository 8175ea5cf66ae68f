"""Rules about how actions are confirmed: codes, payments, references, other systems."""

import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from content.problems import Problem
from content.sheet import Sheet

REFERENCE = "{reference}"
CARRIES_ONE = ("buy.stripe.com", "donate.stripe.com", "actionnetwork.org", "www.actionnetwork.org")
"""Hosts that hand a reference on to their webhooks without being told where to put it."""
CODE_AT_LEAST = 4


def proof(sheet: Sheet) -> Iterator[Problem]:
    """Every problem of how actions are confirmed."""
    for slug, action in sheet.entries("actions").items():
        verify = action.get("verify", "self")
        yield from _codes(sheet, slug, action, verify)
        yield from _references(sheet, slug, action, verify)
        if action.get("payment") is not None and verify != "payment":
            told = "'payment' tells how 'verify: payment' is paid; write that, or take this out"
            yield sheet.problem(("actions", slug, "payment"), told)
    for name, hook in sheet.entries("hooks").items():
        if hook.get("amount") is not None and hook.get("currency") is None:
            told = "an amount needs its 'currency': a path, or the currency itself, like EUR"
            yield sheet.problem(("hooks", name, "amount"), told)


def _codes(sheet: Sheet, slug: str, action: dict[str, Any], verify: Any) -> Iterator[Problem]:
    codes = action.get("codes")
    if not isinstance(codes, list) or not codes:
        if verify == "code":
            told = "no 'codes': make single ones with `kindling code make`, or nobody can confirm it"
            yield sheet.problem(("actions", slug, "verify"), told, warning=True)
        return
    if verify != "code":
        yield sheet.problem(("actions", slug, "codes"), "codes confirm nothing here: write 'verify: code' beside them")
    seen: dict[str, Any] = {}
    for number, code in enumerate(codes):
        if not isinstance(code, str):
            continue
        bare = folded(code)
        if len(bare) < CODE_AT_LEAST:
            told = f"a code needs at least {CODE_AT_LEAST} letters or digits; this one is guessed in an afternoon"
            yield sheet.problem(("actions", slug, "codes", number), told)
        elif bare in seen:
            yield sheet.problem(("actions", slug, "codes", number), f"this is the same code as '{seen[bare]}'")
        seen.setdefault(bare, code)


def _references(sheet: Sheet, slug: str, action: dict[str, Any], verify: Any) -> Iterator[Problem]:
    url = action.get("url")
    if not isinstance(url, str):
        return
    if REFERENCE in url and verify not in ("webhook", "payment"):
        told = f"{REFERENCE} is for what a webhook confirms: write 'verify: webhook', or take it out"
        yield sheet.problem(("actions", slug, "url"), told)
    if verify in ("webhook", "payment") and REFERENCE not in url and _host(url) not in CARRIES_ONE:
        told = f"nothing tells the other side whose this is: put {REFERENCE} where the address takes a reference"
        yield sheet.problem(("actions", slug, "url"), told, warning=True)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def folded(words: str) -> str:
    """A code as it is compared: letters and digits only, without case, accents, spaces or dashes."""
    spread = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in spread if sign.isalnum())
