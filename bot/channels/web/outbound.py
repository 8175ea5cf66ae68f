"""From a neutral message to a row of the transcript: safe HTML, buttons, an image address."""

import json
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from bot.message import Button, Document, Image, Message
from bot.wording.tongue import is_rtl
from content.text import Block, Span, document

HIDDEN = "{}"
"""The body of a row that the page does not show."""


def body(message: Message, before: str = "") -> str:
    """What the transcript keeps of a message; `before` is the body of the message it replaces, if there is one."""
    old: dict[str, Any] = json.loads(before) if before else {}
    made: dict[str, Any] = {
        "html": html(message.text),
        "buttons": [[_button(button) for button in row if _worth(button)] for row in message.buttons],
        "language": message.language,
        "direction": "rtl" if is_rtl(message.language) else "ltr",
    }
    if message.image:
        made["image"] = _image(message.image)
    elif message.replaces_photo and "image" in old:
        made["image"] = old["image"]
    if message.document:
        made["document"] = {"name": message.document.name, "content": message.document.content}
    if not message.text:
        made = {**old, "buttons": made["buttons"]}
    return _dump(made)


def said(text: str, tag: str = "") -> str:
    """What the transcript keeps of something the person wrote or chose; `tag` is the page's own name for it."""
    return _dump({"text": text, "tag": tag})


def label_of(document: str, press: str) -> str:
    """The label of the button of a kept message that sends `press`; empty when it has none."""
    rows: list[list[dict[str, Any]]] = json.loads(document).get("buttons", [])
    return next((button["label"] for row in rows for button in row if button.get("press") == press), "")


def document_of(kept: str) -> Document | None:
    """The file that goes with a kept message."""
    found = json.loads(kept).get("document")
    return Document(**found) if found else None


def has_image(document: str) -> bool:
    """Whether a kept message shows an image."""
    return "image" in json.loads(document)


def language_of(document: str) -> str:
    """The language of a kept message; empty for what the person said."""
    return str(json.loads(document).get("language", ""))


def html(markdown: str) -> str:
    """CommonMark as HTML of a few tags; every character that came in is escaped."""
    parts: list[str] = []
    open_list = ""
    for block in document(markdown):
        inner = "".join(_span(span) for span in block.spans)
        if block.kind == "item" and not block.marker and open_list:
            parts[-1] = parts[-1].removesuffix("</li>") + f"<br>{inner}</li>"
            continue
        wanted = _list_tag(block)
        if wanted != open_list:
            parts.append((f"</{open_list}>" if open_list else "") + (f"<{wanted}>" if wanted else ""))
            open_list = wanted
        parts.append(_block(block, inner))
    return "".join(parts) + (f"</{open_list}>" if open_list else "")


def safe_address(address: str) -> str:
    """The address if it may be opened from the page: http(s), or a path of ours; else empty."""
    if address.startswith("/") and not address.startswith(("//", "/\\")):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""


def _list_tag(block: Block) -> str:
    if not block.marker:
        return ""
    return "ol" if block.marker[0].isdecimal() else "ul"


def _block(block: Block, inner: str) -> str:
    if block.marker[:1].isdecimal():
        return f'<li value="{escape(block.marker.rstrip("."))}">{inner}</li>'
    if block.marker:
        return f"<li>{inner}</li>"
    tag = {"quote": "blockquote", "code": "pre"}.get(block.kind, "p")
    return f"<{tag}>{inner}</{tag}>"


def _span(span: Span) -> str:
    inner = escape(span.text).replace("\n", "<br>")
    for wanted, tag in ((span.code, "code"), (span.emphasis, "em"), (span.strong, "strong")):
        inner = f"<{tag}>{inner}</{tag}>" if wanted else inner
    address = safe_address(span.link) if span.link else ""
    if not address:
        return inner
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{inner}</a>'


def _worth(button: Button) -> bool:
    return bool(button.press or safe_address(button.url))


def _button(button: Button) -> dict[str, Any]:
    way = {"press": button.press} if button.press else {"url": safe_address(button.url)}
    return {"label": button.label, "primary": button.primary, **way}


def _image(image: Image) -> dict[str, str]:
    if image.source.startswith("https://"):
        return {"src": safe_address(image.source), "alt": image.alt}
    own = image.source.startswith("/")
    return {"src": safe_address(image.source) if own else f"/pictures/{quote(image.source)}", "alt": image.alt}


def _dump(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
