"""Saying a message in one workspace: which call, and what to do when it is refused."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from bot.channels.slack import blocks, forms, outcome
from bot.channels.slack.api import CallError
from bot.channels.slack.blocks import Block, Letter
from bot.message import HOME, Document, Image, Message, Outcome, Receipt

REMEMBERED = 2000
PEOPLE_REMEMBERED = 100_000
MARK = "kindling_message"
WEB = ("https://", "http://")
LOOKED_THROUGH = 20
DIRECT = ("D", "U", "W")
"""With what a chat of one person begins: its own id, or that person's."""
DONE = Receipt(Outcome.SENT, free=True)

log = structlog.get_logger()


class Api(Protocol):
    """What is needed of `bot.channels.slack.api.Api`."""

    async def call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a method with JSON."""

    async def form(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call a method with a form."""

    async def upload(self, address: str, content: bytes) -> None:
        """Put a file where Slack said."""

    async def respond(self, address: str, body: dict[str, Any]) -> None:
        """Answer under a response address."""


class Shown:
    """What messages look like that we may have to change: Slack cannot change the buttons of one alone."""

    def __init__(self) -> None:
        self._blocks: OrderedDict[str, Sequence[Block]] = OrderedDict()

    def learn(self, ref: str, shown: Sequence[Block]) -> None:
        """Note the blocks of a message."""
        self._blocks[ref] = shown
        self._blocks.move_to_end(ref)
        if len(self._blocks) > REMEMBERED:
            self._blocks.popitem(last=False)

    def of(self, ref: str) -> Sequence[Block] | None:
        """The blocks of a message; None when it was not seen lately."""
        return self._blocks.get(ref)


class Sender:
    """Says messages with the token of one workspace."""

    def __init__(self, api: Api, shown: Shown, address_of: Callable[[Image], str], close: Callable[[str], str]) -> None:
        self._api = api
        self._shown = shown
        self._address_of = address_of
        self._close = close
        self._direct: dict[str, str] = {}

    async def send(self, chat: str, message: Message) -> Receipt:
        """Say one message; never raises for what Slack answers."""
        try:
            return await self._way(chat, message)
        except CallError as refused:
            return refused.receipt

    async def _way(self, chat: str, message: Message) -> Receipt:
        if message.form is not None and message.opener:
            return await self._open(chat, message)
        if message.place == HOME:
            return await self._publish(chat, message)
        if message.replaces:
            return await self._change(chat, message)
        return await self._say(chat, message)

    async def _open(self, chat: str, message: Message) -> Receipt:
        if message.form is None:
            return Receipt(Outcome.FAILED, reason="no form")
        view = forms.view(message.form, message.place, self._close(message.language))
        try:
            await self._api.call("views.open", {"trigger_id": message.opener, "view": view})
        except CallError as refused:
            if refused.error not in outcome.UNOPENABLE:
                raise
            return await self._say(chat, message)
        return DONE

    async def _publish(self, chat: str, message: Message) -> Receipt:
        pictures = [self._address_of(part.image) if part.image else "" for part in message.parts]
        arguments = {"user_id": chat, "view": blocks.page(message.parts, pictures)}
        try:
            await self._api.call("views.publish", arguments)
        except CallError as refused:
            if refused.error == "hash_conflict":
                await self._api.call("views.publish", arguments)
            elif refused.error in outcome.MALFORMED:
                log.error("page refused", error=refused.error)
                raise
            else:
                raise
        return DONE

    async def _change(self, chat: str, message: Message) -> Receipt:
        if message.replaces.startswith(WEB):
            return await self._beside(chat, message, message.replaces, replace=bool(message.text))
        channel, _, moment = message.replaces.partition(":")
        if not moment:
            return await self._say(chat, message)
        letters = self._letters(message)
        letter = letters[0] if letters else await self._rebuttoned(channel, moment, message)
        if letter is None:
            return DONE
        try:
            await self._api.call("chat.update", {"channel": channel, "ts": moment, **_content(letter)})
        except CallError as refused:
            if refused.error in outcome.UNEDITABLE and not message.or_nothing:
                return await self._say(chat, message)
            if refused.error not in outcome.MALFORMED:
                raise
            await self._api.call("chat.update", {"channel": channel, "ts": moment, "text": letter.text, "blocks": []})
        self._shown.learn(message.replaces, letter.blocks)
        for more in letters[1:]:
            await self._post_letter(channel, more)
        return Receipt(Outcome.SENT, ref=message.replaces, free=True)

    async def _rebuttoned(self, channel: str, moment: str, message: Message) -> Letter | None:
        shown = self._shown.of(f"{channel}:{moment}")
        if shown is None:
            shown = await self._fetched(channel, moment)
        if shown is None:
            return None
        changed = blocks.only_buttons(shown, message)
        return Letter(blocks.beside(changed, message), tuple(changed))

    async def _fetched(self, channel: str, moment: str) -> Sequence[Block] | None:
        asked = {"channel": channel, "latest": moment, "inclusive": True, "limit": 1}
        try:
            found = (await self._api.form("conversations.history", asked)).get("messages") or []
        except CallError:
            return None
        return found[0].get("blocks") if found and found[0].get("ts") == moment else None

    async def _say(self, chat: str, message: Message) -> Receipt:
        """Say a message anew, in its words; one that only changed buttons has none."""
        if not message.text and message.document is None:
            return DONE
        if message.place.startswith(WEB):
            return await self._beside(chat, message, message.place, replace=False)
        if message.place and message.place != HOME:
            return await self._whisper(chat, message)
        return await self._post(chat, message)

    async def _whisper(self, chat: str, message: Message) -> Receipt:
        """Say something in a channel that one person alone can see; in their own chat, when that cannot be."""
        for letter in self._letters(message):
            asked = {"channel": message.place, "user": chat, **_content(letter)}
            try:
                await self._api.call("chat.postEphemeral", asked)
            except CallError as refused:
                if refused.receipt.outcome is not Outcome.UNREACHABLE:
                    raise
                return await self._post(chat, message)
        return DONE

    async def _beside(self, chat: str, message: Message, address: str, *, replace: bool) -> Receipt:
        """Answer where it was asked, to this person alone; when it is too late for that, in their own chat."""
        if not message.text and not message.buttons:
            return DONE
        manner = {"replace_original": True} if replace else {"response_type": "ephemeral", "replace_original": False}
        try:
            for letter in self._letters(message):
                await self._api.respond(address, {**manner, **_content(letter)})
                manner = {"response_type": "ephemeral", "replace_original": False}
        except CallError as refused:
            if refused.error not in outcome.UNEDITABLE and refused.error not in outcome.MALFORMED:
                raise
            return await self._post(chat, message) if message.text else DONE
        return DONE

    async def _post(self, chat: str, message: Message) -> Receipt:
        channel = self._direct.get(chat, chat)
        receipt = Receipt(Outcome.FAILED, reason="nothing to say")
        for letter in self._letters(message):
            receipt = await self._post_letter(channel, letter)
            if receipt.outcome is not Outcome.SENT:
                return receipt
            self.learn_chat(chat, receipt.ref.partition(":")[0])
        if message.document is not None:
            await self._hand_over(self._direct.get(chat, chat), message.document)
            receipt = Receipt(Outcome.SENT, ref=receipt.ref)
        return receipt

    async def _post_letter(self, channel: str, letter: Letter) -> Receipt:
        mark = secrets.token_urlsafe(9)
        arguments = {
            "channel": channel, **_content(letter), "unfurl_links": False, "unfurl_media": False,
            "metadata": {"event_type": MARK, "event_payload": {"id": mark}},
        }  # fmt: skip
        try:
            answer, reason = await self._posted(arguments, letter)
        except CallError as refused:
            if refused.receipt.outcome is Outcome.UNSURE:
                return await self._looked_up(channel, mark, refused.receipt)
            return refused.receipt
        ref = f"{answer.get('channel', channel)}:{answer.get('ts', '')}"
        self._shown.learn(ref, letter.blocks)
        return Receipt(Outcome.SENT, ref=ref, reason=reason)

    async def _posted(self, arguments: dict[str, Any], letter: Letter) -> tuple[dict[str, Any], str]:
        try:
            return await self._api.call("chat.postMessage", arguments), ""
        except CallError as refused:
            if refused.error not in outcome.MALFORMED:
                raise
            # Our own fault: the same words once more, as plain as can be, and somebody shall know.
            log.error("message refused, sent without its form", error=refused.error)
            plain = {**arguments, "text": letter.text, "blocks": []}
            return await self._api.call("chat.postMessage", plain), f"plain form, {refused.error}"

    async def _looked_up(self, channel: str, mark: str, doubt: Receipt) -> Receipt:
        """Turn a doubt into knowledge: a direct message that was posted all the same bears our mark."""
        if channel[:1] not in DIRECT:
            return doubt
        try:
            if not channel.startswith("D"):
                channel = str((await self._api.form("conversations.open", {"users": channel}))["channel"]["id"])
            asked = {"channel": channel, "limit": LOOKED_THROUGH, "include_all_metadata": True}
            found = (await self._api.form("conversations.history", asked)).get("messages") or []
        except (CallError, KeyError, TypeError):
            return doubt
        for said in found:
            if ((said.get("metadata") or {}).get("event_payload") or {}).get("id") == mark:
                return Receipt(Outcome.SENT, ref=f"{channel}:{said.get('ts', '')}")
        return doubt

    def chat_of(self, person: str) -> str:
        """The direct message a person is reached in; empty when it is not known yet."""
        return self._direct.get(person, "")

    def learn_chat(self, person: str, channel: str) -> None:
        """Remember which direct message a person is reached in."""
        if channel != person and (person in self._direct or len(self._direct) < PEOPLE_REMEMBERED):
            self._direct[person] = channel

    async def _hand_over(self, channel: str, document: Document) -> None:
        content = document.content.encode()
        asked = {"filename": document.name, "length": len(content)}
        place = await self._api.form("files.getUploadURLExternal", asked)
        await self._api.upload(str(place["upload_url"]), content)
        done = {"files": [{"id": place["file_id"], "title": document.name}], "channel_id": channel}
        await self._api.call("files.completeUploadExternal", done)

    def _letters(self, message: Message) -> tuple[Letter, ...]:
        if not message.text and not (message.buttons and message.replaces.startswith(WEB)):
            return ()
        return blocks.letters(message, self._address_of(message.image) if message.image else "")


def _content(letter: Letter) -> dict[str, Any]:
    return {"text": letter.text, "blocks": list(letter.blocks)}
