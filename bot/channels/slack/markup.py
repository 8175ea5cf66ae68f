"""CommonMark as Slack shows it: mrkdwn in pieces of a section's length."""

from collections.abc import Iterator
from dataclasses import replace

from content.text import Block, Span, document

SECTION_AT_MOST = 3000
"""Characters of one section's text (slack_sdk.models; the reference of blocks says the same)."""
NOTIFICATION_AT_MOST = 300
_ROOM = 2900
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_EDGES = (("code", "`"), ("emphasis", "_"), ("strong", "*"))


def escape(words: str) -> str:
    """Make words inert: of `& < >` consist all of Slack's mentions, links and dates; nothing else can be escaped."""
    return words.translate(_ESCAPES)


def unescape(words: str) -> str:
    """What a person wrote, as Slack hands it over."""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def sections(markdown: str, limit: int = _ROOM) -> tuple[str, ...]:
    """A text as mrkdwn, in as few pieces as fit into a section each, cut between paragraphs, lines, words."""
    pieces: list[str] = []
    before = ""
    for block in document(markdown):
        joint = "\n" if block.kind == before == "item" else "\n\n"
        for nth, chunk in enumerate(_chunks(block, limit)):
            if nth == 0 and pieces and len(pieces[-1]) + len(joint) + len(chunk) <= limit:
                pieces[-1] += joint + chunk
            else:
                pieces.append(chunk)
        before = block.kind
    return tuple(pieces)


def _chunks(block: Block, limit: int) -> Iterator[str]:
    room = limit - len(block.marker) - 1
    for part in _cut(list(block.spans), room):
        words = "".join(_spans(part))
        if block.kind == "quote":
            words = "\n".join(f"> {line}" for line in words.split("\n"))
        yield f"{_marker(block)}{words}"


def _marker(block: Block) -> str:
    if not block.marker:
        return ""
    return f"{block.marker} " if block.marker[0].isdecimal() else "• "


def _cut(spans: list[Span], room: int) -> Iterator[list[Span]]:
    """The spans in groups that fit into `room` once they are written."""
    group: list[Span] = []
    used = 0
    for span in spans:
        for part in _split(span, room):
            size = len(_styled(part)) + 4
            if group and used + size > room:
                yield group
                group, used = [], 0
            group.append(part)
            used += size
    if group:
        yield group


def _split(span: Span, room: int) -> Iterator[Span]:
    words = span.text
    # A character can grow to five when it is escaped.
    while len(_styled(replace(span, text=words))) > room - 8:
        fair = max(1, (room - len(span.link or "") - 20) // 5)
        head = words[:fair]
        at = max(head.rfind("\n"), head.rfind(" "))
        cut = at + 1 if at > fair // 2 else fair
        yield replace(span, text=words[:cut])
        words = words[cut:]
    yield replace(span, text=words)


def _spans(spans: list[Span]) -> Iterator[str]:
    for at, span in enumerate(spans):
        before = spans[at - 1].text[-1:] if at else ""
        after = spans[at + 1].text[:1] if at + 1 < len(spans) else ""
        # Slack reads a style's mark only where a word begins or ends; within one it would stand there as it is.
        bound = not (before.isalnum() or after.isalnum())
        yield _styled(span if bound else replace(span, strong=False, emphasis=False, code=False))


def _styled(span: Span) -> str:
    lines = (_line(span, line) for line in span.text.split("\n"))
    return "\n".join(lines)


def _line(span: Span, line: str) -> str:
    core = line.strip()
    if not core:
        return line
    words = escape(core)
    if span.link:
        words = f"<{_address(span.link)}|{words.replace('|', '¦')}>"
    for look, mark in _EDGES:
        if getattr(span, look):
            words = f"{mark}{words}{mark}"
    lead = line[: len(line) - len(line.lstrip())]
    return lead + words + line[len(line.rstrip()) :]


def _address(link: str) -> str:
    return link.replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
