"""A pack's story in a message."""

from bot.message import Image
from bot.wording import names
from bot.wording.tongue import tongue
from content.model import Pack, Story
from content.text import choose


def words(pack: Pack, told: Story, language: str) -> str:
    """A story as it is read: its headline, the words, where the facts come from."""
    t = tongue(language)
    first = pack.languages[0]
    said = choose(told.text, language, first)
    if told.title is not None:
        said = f"**{names.quoted(choose(told.title, language, first))}**\n\n{said}"
    if told.source is not None:
        said += f"\n\n[{t.gettext('Source')}](<{told.source}>)"
    return said


def image(pack: Pack, told: Story, language: str) -> Image | None:
    """The picture of a story, if it has one."""
    if told.image is None:
        return None
    alt = choose(told.image_alt, language, pack.languages[0]) if told.image_alt else ""
    source = told.image if told.image.startswith("https://") else f"{pack.pack}/{told.image}"
    return Image(source, alt)
