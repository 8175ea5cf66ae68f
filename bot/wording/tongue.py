"""Gettext catalogs: English words are the keys, `locales/LANGUAGE.po` the translations."""

import gettext
import io
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("en", "es", "de")
"""The languages everything is complete in, as the bot offers them."""


@lru_cache
def tongue(language: str) -> gettext.NullTranslations:
    """The translations for a language; English when there is none."""
    path = LOCALES / f"{base(language)}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=base(language)))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache
def locale(language: str) -> Locale:
    """CLDR's data for a language: plurals, dates, numbers."""
    return Locale.parse(base(language))


def base(language: str) -> str:
    """The language without its region: `de` for `de-AT`."""
    return language.replace("_", "-").partition("-")[0].lower()


def nearest(wished: str) -> str:
    """The language we speak that is nearest to the wished one; English when none is."""
    return base(wished) if base(wished) in LANGUAGES else LANGUAGES[0]


def is_rtl(language: str) -> bool:
    """Whether a language is written from right to left."""
    return Locale.parse(base(language)).text_direction == "rtl" if language else False
