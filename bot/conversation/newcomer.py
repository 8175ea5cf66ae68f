"""What is guessed of someone we meet for the first time, from what their platform tells."""

from datetime import datetime

from sqlalchemy import Connection

from actions.facts import Person, Rhythm
from actions.rhythm import zone
from bot.message import Incoming, Profile
from bot.wording.tongue import nearest
from storage import subscribers
from storage.subscribers import Reached

ZONES_BY_COUNTRY = {
    "AT": "Europe/Vienna", "CH": "Europe/Zurich", "DE": "Europe/Berlin", "ES": "Europe/Madrid", "FR": "Europe/Paris",
    "GB": "Europe/London", "IE": "Europe/Dublin", "IT": "Europe/Rome", "NL": "Europe/Amsterdam", "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon", "US": "America/New_York", "CA": "America/Toronto", "MX": "America/Mexico_City",
    "AR": "America/Argentina/Buenos_Aires", "CL": "America/Santiago", "CO": "America/Bogota", "PE": "America/Lima",
    "BR": "America/Sao_Paulo", "IN": "Asia/Kolkata", "KE": "Africa/Nairobi", "NG": "Africa/Lagos",
    "ZA": "Africa/Johannesburg", "AU": "Australia/Sydney", "NZ": "Pacific/Auckland",
}  # fmt: skip
"""The zone most people of a country live in; only a first guess, shown and open to correction."""

COUNTRY_BY_LANGUAGE = {"de": "DE", "es": "ES", "en": "GB", "fr": "FR", "it": "IT", "nl": "NL", "pl": "PL", "pt": "PT"}


def welcome(conn: Connection, incoming: Incoming, now: datetime) -> Reached:
    """Note a newcomer with the language, region and zone guessed from their profile."""
    profile = incoming.profile
    person = Person(
        id=0,
        key="",
        language=nearest(profile.language) if profile.language else "en",
        region=profile.country.upper()[:2],
        rhythm=Rhythm(zone=guess_zone(profile), weekday=now.weekday()),
    )
    return subscribers.join(conn, incoming.address.account, incoming.address.chat, person, now)


def guess_zone(profile: Profile) -> str:
    """The zone a platform names, else the usual one of the country, else of the language, else UTC."""
    if profile.zone:
        try:
            return zone(profile.zone).key
        except ValueError:
            pass
    country = profile.country.upper() or COUNTRY_BY_LANGUAGE.get(profile.language.partition("-")[0].lower(), "")
    return ZONES_BY_COUNTRY.get(country, "UTC")
