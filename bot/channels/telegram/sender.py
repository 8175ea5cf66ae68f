"""Makes the calls of a message, one after the other, and says in one receipt what became of it."""

import re
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from bot.channels.telegram import outbound
from bot.channels.telegram.api import Api, Upload
from bot.channels.telegram.outbound import Call
from bot.channels.telegram.outcome import NOT_EDITABLE, OURS, classify
from bot.channels.telegram.pictures import Pictures
from bot.message import Message, Outcome, Receipt

UPLOAD_SECONDS = 30.0
BEGUN_AT_MOST = 1000

log = structlog.get_logger()


@dataclass
class Work:
    """What is left to do for a message: the calls to make, and what the calls made so far brought."""

    chat: str
    message: Message
    calls: deque[Call]
    plain: bool = False
    receipt: Receipt = field(default_factory=lambda: Receipt(Outcome.SENT))
    begun: bool = False

    def done(self, receipt: Receipt) -> None:
        """Note that the first call left has taken effect."""
        call = self.calls.popleft()
        self.begun = True
        ref = receipt.ref or call.edits or self.receipt.ref
        self.receipt = replace(self.receipt, ref=ref, reason=self.receipt.reason or receipt.reason)

    def instead(self, calls: tuple[Call, ...], reason: str) -> None:
        """Put other calls in the place of the first one left."""
        self.calls.popleft()
        self.calls.extendleft(reversed(calls))
        self.receipt = replace(self.receipt, reason=reason)


class Sender:
    """Sends messages; one that was told to wait in its middle goes on, at the next try, where it stopped."""

    def __init__(self, api: Api, pictures: Pictures) -> None:
        self._api = api
        self._pictures = pictures
        self._begun: OrderedDict[tuple[str, Message], Work] = OrderedDict()

    async def send(self, chat: str, message: Message) -> Receipt:
        """Send or edit one message."""
        work = self._begun.pop((chat, message), None)
        work = work or Work(chat, message, deque(outbound.calls(chat, message)))
        while work.calls:
            receipt = await self._make(work.calls[0], plain=work.plain)
            if receipt.outcome is Outcome.SENT:
                work.done(receipt)
            elif not self._turned(work, receipt):
                self._keep(work, receipt)
                return receipt
        return work.receipt

    def _turned(self, work: Work, receipt: Receipt) -> bool:
        """Find another way after a refusal; false when there is none."""
        call = work.calls[0]
        if receipt.outcome is not Outcome.FAILED:
            return False
        for fits, turn in _TURNS:
            if fits(call, receipt, work):
                turn(self, work, receipt)
                return True
        return False

    def _keep(self, work: Work, receipt: Receipt) -> None:
        if receipt.outcome is Outcome.RETRY and work.begun and not receipt.moved_to:
            self._begun[work.chat, work.message] = work
            if len(self._begun) > BEGUN_AT_MOST:
                self._begun.popitem(last=False)

    def _skip(self, work: Work, _receipt: Receipt) -> None:
        work.calls.popleft()

    def _send_anew(self, work: Work, _receipt: Receipt) -> None:
        work.calls = deque(outbound.anew(work.chat, work.message))

    def _send_plain(self, work: Work, receipt: Receipt) -> None:
        work.plain = True
        work.receipt = replace(work.receipt, reason=f"plain form, {receipt.reason}")
        log.error("message refused, its plain form is sent", reason=receipt.reason)

    def _change_picture(self, work: Work, receipt: Receipt) -> None:
        call = work.calls[0]
        if self._pictures.forget(call.picture):
            return  # the id had become worthless: the same call once more, with the picture itself
        log.warning("picture refused", source=call.picture, reason=receipt.reason)
        work.instead(outbound.without_picture(call), "without picture")

    async def _make(self, call: Call, *, plain: bool) -> Receipt:
        params = call.params(plain=plain)
        picture: str | Upload | None = None
        if call.picture:
            picture = await self._pictures.best(call.picture)
            if picture is None:
                return Receipt(Outcome.FAILED, reason="no picture")
        if isinstance(picture, str):
            params["photo"] = picture
        upload = picture if isinstance(picture, Upload) else None
        if call.document is not None:
            upload = Upload("document", call.document.name, "application/json", call.document.content.encode())
        try:
            result = await self._call(call, params, upload)
        except Exception as error:  # noqa: BLE001 - whatever comes, the receipt says what it means
            return _judged(call, error)
        if call.picture:
            self._pictures.learn(call.picture, result)
        return Receipt(Outcome.SENT, ref=_id_of(result))

    async def _call(self, call: Call, params: dict[str, Any], upload: Upload | None) -> Any:
        if upload is None:
            return await self._api.call(call.method, params)
        return await self._api.call(call.method, params, upload=upload, read_seconds=UPLOAD_SECONDS)


def _judged(call: Call, error: Exception) -> Receipt:
    receipt = classify(error)
    if receipt.outcome is Outcome.FAILED and receipt.reason != NOT_EDITABLE:
        # Between quotes stand our own words, or a counted link: they are left out.
        words = re.sub(r"""(['"]).*\1""", "…", str(error))[:200]
        log.warning("call refused", method=call.method, reason=receipt.reason, error=words)
    return receipt


def _id_of(result: Any) -> str:
    found = result.get("message_id") if isinstance(result, dict) else None
    return str(found) if isinstance(found, int) else ""


def _is_gone(call: Call, receipt: Receipt) -> bool:
    return bool(call.edits) and receipt.reason == NOT_EDITABLE


_Fits = Callable[[Call, Receipt, Work], bool]
_Turn = Callable[[Sender, Work, Receipt], None]
_TURNS: tuple[tuple[_Fits, _Turn], ...] = (
    (lambda call, _receipt, _work: call.optional, Sender._skip),
    (lambda call, receipt, work: _is_gone(call, receipt) and not work.message.or_nothing, Sender._send_anew),
    (lambda _call, receipt, work: receipt.reason in OURS and not work.plain, Sender._send_plain),
    (lambda call, _receipt, _work: bool(call.picture), Sender._change_picture),
)
"""What to do after a refusal: the first row that fits."""
