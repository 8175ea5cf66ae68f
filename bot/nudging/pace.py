"""The pace of one account: evenly spaced slots within the permitted rate, and what one chat may get.

Every limit is of the platforms' own documents: about 30 messages a second in all (1,000 with paid broadcast), one a
second to a chat with a short burst, 20 a minute to a group (core.telegram.org/bots/faq); one a second to a channel
(docs.slack.dev, rate limits). Times are seconds of a clock that only goes forward.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

SECOND = 1.01
"""A whole window of the limits, for a sender that does not know what was sent before it."""
SHARE = 0.99
"""Evenly spaced slots at this share of the limit meet both readings of it, token bucket and sliding second."""
FAST = 100.0
FAST_SHARE = 0.975
"""Above so many a second the network's unevenness is many slots long, and more of it has to be left to it."""
WARMING = 1.05
"""So much longer are a fast account's gaps in the first second after a rest: its connections are only being made."""
GUARD = 0.005
"""By this share the span of a full window is longer than the limit's: the network is not even."""
LAG = 0.1
"""Seconds by which a sender may wake too late and still catch up; later than that it had nothing to send."""
CHAT_BURST = 3
MINUTE = 60.0
LOWEST = 0.1
SLOWER = 0.8
LITTLE_SLOWER = 0.97
"""What is left of the rate after many refusals in a short time, and after a few now and then."""
KNEE = 0.9
"""Up to this share of the rate that was refused the way back is quick, beyond it slow."""
QUICK = 1 / 60
"""Of the permitted rate, regained in a second below the knee."""
SLOW = 0.01 / 60
"""Of the permitted rate, regained in a second above the knee; faster the longer nothing is refused."""
PATIENT = 300.0
WITNESSES = 3
WITNESSED = 0.01
"""So many chats refused in a short time, and as many as this part of what is sent in a second, mean that it is the
account's limit: a 429 does not say which one it is."""
SHORT = 2.0
LONG = 10.0
"""Seconds: within the short time the account is silent and goes slower, within the long one it goes slower."""


@dataclass
class Pace:
    """When the next message may leave.

    `rate` is messages a second for the account, `chat_gap` the seconds between two messages to one chat (0: none),
    `crowd` how many a minute a chat may get (0: as many as the gap allows), `clock` is monotonic, in seconds.
    """

    rate: float
    chat_gap: float
    clock: Callable[[], float]
    crowd: Callable[[str], int] = lambda _chat: 0
    _learned: float = field(init=False)
    _knee: float = field(init=False)
    _recovered: float = field(init=False)
    _refused_at: float = field(init=False)
    _next: float = field(default=float("-inf"), init=False)
    _held_until: float = field(default=float("-inf"), init=False)
    _warm_at: float = field(default=float("-inf"), init=False)
    _gone: deque[float] = field(init=False)
    _chats: dict[str, float] = field(default_factory=dict, init=False)
    _crowds: dict[str, deque[float]] = field(default_factory=dict, init=False)
    _resting: dict[str, float] = field(default_factory=dict, init=False)
    _witnesses: deque[tuple[float, str]] = field(default_factory=deque, init=False)
    _swept: float = field(init=False)

    def __post_init__(self) -> None:
        self._gone = deque(maxlen=max(1, int(self.rate)))
        self._span = (self._gone.maxlen or 1) / self.rate * (1 + GUARD)
        self._learned = self._knee = self.rate
        self._recovered = self._refused_at = self._swept = self.clock()

    @property
    def learned(self) -> float:
        """Messages a second that the account is believed to be allowed now."""
        if self._learned < self.rate:
            self._recover(self.clock())
        return self._learned

    @property
    def gap(self) -> float:
        """The seconds between two slots."""
        return 1 / (self.learned * (SHARE if self.rate <= FAST else FAST_SHARE))

    def wait(self, cost: int = 1) -> float:
        """The seconds until a message may leave that takes up so many slots."""
        at = max(self._next, self._held_until)
        window = self._gone.maxlen or 1
        # With these the window must not be overfull: as many departures must be a whole span ago.
        if len(self._gone) > window - min(cost, window):
            at = max(at, self._gone[min(cost, window) - 1 - (window - len(self._gone))] + self._span)
        return max(0.0, at - self.clock())

    def take(self, cost: int = 1) -> None:
        """Use the next slots now: call it when `wait` has come to nothing."""
        now, gap = self.clock(), self.gap
        if now - self._next > max(gap, LAG):
            self._next = now
            self._warm_at = now + self._span
        if now < self._warm_at and self.rate > FAST:
            gap *= WARMING
        self._next += cost * gap
        self._gone.extend([now] * cost)

    def took(self, chat: str, cost: int = 1) -> None:
        """Note so many new messages in a chat."""
        now = self.clock()
        free_at = now
        if self.chat_gap:
            earliest = now - (CHAT_BURST - 1) * self.chat_gap
            self._chats[chat] = free_at = max(earliest, self._chats.get(chat, earliest)) + cost * self.chat_gap
        if limit := self.crowd(chat):
            sent = self._crowds.setdefault(chat, deque(maxlen=limit))
            sent.extend([now] * cost)
            if len(sent) == limit:
                free_at = max(free_at, sent[0] + MINUTE * (1 + GUARD))
        if free_at > now:
            self._resting[chat] = max(free_at, self._resting.get(chat, 0.0))
        self._sweep(now)

    def chat_wait(self, chat: str) -> float:
        """The seconds until a chat may get another message."""
        return max(0.0, self._resting.get(chat, 0.0) - self.clock()) if chat in self._resting else 0.0

    def resting(self) -> list[str]:
        """The chats that may get nothing at this moment, the longest waits first."""
        now = self.clock()
        self._resting = {chat: at for chat, at in self._resting.items() if at > now}
        return sorted(self._resting, key=lambda chat: -self._resting[chat])

    def release(self) -> float | None:
        """The seconds until the first resting chat is free again; none when no chat rests."""
        now = self.clock()
        return min((max(0.0, at - now) for at in self._resting.values()), default=None)

    def held(self) -> float:
        """The seconds for which the whole account must be silent."""
        return max(0.0, self._held_until - self.clock())

    def hold(self, seconds: float, chat: str = "") -> None:
        """Be silent for so long: to one chat, or altogether."""
        until = self.clock() + seconds
        if chat:
            self._resting[chat] = max(until, self._resting.get(chat, until))
        else:
            self._held_until = max(until, self._held_until)

    def refused(self, seconds: float, chat: str, *, everyone: bool = False) -> bool:
        """Obey a 429: hold its chat, or the account when it names everyone or several chats meet it; tells which.

        The account then goes slower, once for each hold, and works its way back up.
        """
        now = self.clock()
        self._witnesses.append((now, chat))
        enough = max(WITNESSES, int(self.learned * WITNESSED))
        while self._witnesses[0][0] < now - max(LONG, (enough + 1) * self.gap):
            self._witnesses.popleft()
        lately = now - max(SHORT, (enough + 1) * self.gap)
        everyone = everyone or len({name for at, name in self._witnesses if at >= lately}) >= enough
        if everyone or len({name for _, name in self._witnesses}) >= enough:
            if not self.held():
                self._slow(now, SLOWER if everyone else LITTLE_SLOWER)
            self._witnesses.clear()
        self.hold(seconds, "" if everyone else chat)
        return everyone

    def memory(self) -> tuple[float, float]:
        """What was learned by refusals, to be kept for `recall`: messages a second, now and up to the knee."""
        return self.learned, self._knee

    def recall(self, learned: float, knee: float, seconds: float) -> None:
        """Go on with what was learned so many seconds ago."""
        if self._learned >= self.rate > learned:
            self._learned, self._knee = max(LOWEST, learned), min(knee, self.rate)
            self._recovered = self._refused_at = self.clock() - seconds

    def cooling(self) -> float:
        """The seconds until nothing was sent for as long as any limit of the account looks back."""
        return max(0.0, self._gone[-1] + self._span - self.clock()) if self._gone else 0.0

    def _slow(self, now: float, left: float) -> None:
        refused = self.learned
        self._knee = refused * max(KNEE, left)
        self._learned = max(LOWEST, refused * left)
        self._recovered = self._refused_at = now

    def _recover(self, now: float) -> None:
        spent, self._recovered = now - self._recovered, now
        if self._learned < self._knee:
            self._learned = min(self._knee, self._learned + self.rate * QUICK * spent)
        else:
            age = (now - self._refused_at) / PATIENT
            self._learned = min(self.rate, self._learned + self.rate * SLOW * (1 + age) * spent)

    def _sweep(self, now: float) -> None:
        if now - self._swept < MINUTE / 60:
            return
        self._swept = now
        line = now - CHAT_BURST * self.chat_gap
        self._chats = {chat: at for chat, at in self._chats.items() if at > line}
        self._crowds = {chat: sent for chat, sent in self._crowds.items() if sent[-1] > now - 2 * MINUTE}
