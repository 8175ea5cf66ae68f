"""Finding causes: by popularity and by word, also a publisher's or a tag."""

import unicodedata

from sqlalchemy import Connection

from actions.facts import Ref
from content.model import Cause, Pack, Text
from storage import figures_of_causes
from storage.catalog import Stock, stock_of

FOUND = 8


def popular(conn: Connection, limit: int) -> list[Ref]:
    """The causes most people follow, of different packs first; no cause weighs more than another by itself."""
    followers = figures_of_causes.followers(conn)
    stock = stock_of(conn)
    in_their_order = [f"{slug}/{cause}" for slug in sorted(stock.packs) for cause in stock.packs[slug].causes]
    ranked = sorted(in_their_order, key=lambda ref: -followers.get(ref, 0))
    firsts: dict[str, Ref] = {}
    for ref in ranked:
        firsts.setdefault(ref.partition("/")[0], ref)
    return [*firsts.values(), *(ref for ref in ranked if ref not in firsts.values())][:limit]


def search(conn: Connection, words: str) -> list[Ref]:
    """The causes whose title, tags, publisher, pack or reasons hold all the words; titles first."""
    wanted = [folded(word) for word in words.split() if len(word) > 1][:8]
    if not wanted:
        return []
    stock = stock_of(conn)
    scored = [(_score(stock, ref, wanted), ref) for ref in stock.shelf.causes]
    return [ref for score, ref in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score > 0][:FOUND]


def _score(stock: Stock, ref: Ref, wanted: list[str]) -> int:
    cause, pack = stock.cause(ref), stock.pack(ref)
    if cause is None:
        return 0
    fields = _fields(pack, cause)
    scores = [max((weight for weight, text in fields if word in text), default=0) for word in wanted]
    return sum(scores) if all(scores) else 0


def _fields(pack: Pack, cause: Cause) -> list[tuple[int, str]]:
    return [
        (8, _all(cause.title)),
        (4, folded(" ".join(cause.tags))),
        (4, folded(pack.publisher.name)),
        (3, _all(pack.title)),
        (1, _all(cause.why)),
    ]


def _all(text: Text) -> str:
    return folded(text if isinstance(text, str) else " ".join(text.values()))


def folded(words: str) -> str:
    """Words without case and accents, as people type them on a phone."""
    bare = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
