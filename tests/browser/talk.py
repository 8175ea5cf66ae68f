"""A talk to look at: what the real conversation will say, in the shapes that the page must show well."""

from bot.message import Button, Image, Incoming, Message

CAUSES = {"energy": "Energy access", "cooking": "Clean cooking", "giving": "A giving day", "buying": "Buying well"}

STORY = """**The light went out at two in the morning.**

At the health post in Gumbi, the midwife Asha held a torch between her teeth. The baby came, *healthy and loud*. \
Since March the roof carries eleven panels, and the vaccines stay cold.

- 666 million people live without electricity
- about a quarter of the clinics in the region have none

[Tracking SDG 7](https://trackingsdg7.esmap.org/)"""

ASK = """**One minute?** Ask your minister to bring power to every clinic. 9,412 people already did.

You see this because you follow *Energy access*."""

THANKS = """Thank you. That was your **first** action.

You are now a *supporter* of Energy access. It opens three new things to do."""

LONG = (
    "A long address wraps: https://example.org/" + "very-long-path-without-any-break/" * 6 + "\n\n"
    "1. First the outlines\n2. Then one thing to do\n3. Then what came of it\n\n"
    + "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft 🌍✨"
)

ARABIC = """**انطفأ الضوء في الثانية صباحًا.**

في المركز الصحي أمسكت القابلة بمصباح بين أسنانها. وُلد الطفل *سليمًا*.

- 666 مليون إنسان يعيشون بلا كهرباء
- التقرير: [Tracking SDG 7](https://trackingsdg7.esmap.org/)"""


class Sample:
    """Greets, lets choose causes in place, tells a story with an ask, thanks."""

    def __init__(self) -> None:
        self.chosen: list[str] = []

    def __call__(self, incoming: Incoming) -> list[Message]:
        if incoming.command == "start":
            return [Message("Hello! I am **Kindling**.\n\nWhat do you care about? Choose one or more.",
                            buttons=self._choices())]  # fmt: skip
        if incoming.kind == "press":
            return self._pressed(incoming)
        if incoming.command == "act":
            return [ask()]
        if incoming.text == "long":
            return [Message(LONG)]
        return [Message("I did not understand that. Try **/act**, or **/help**.")]

    def _pressed(self, incoming: Incoming) -> list[Message]:
        word, _, argument = incoming.text.partition(":")
        if word == "cause":
            self.chosen = [*self.chosen, argument] if argument not in self.chosen else [
                cause for cause in self.chosen if cause != argument]  # fmt: skip
            text = "Hello! I am **Kindling**.\n\nWhat do you care about? Choose one or more."
            return [Message(text, replaces=incoming.pressed, buttons=self._choices(), notice="Noted.")]
        if word == "done":
            return [Message("All set: one short message a day, at 18:00."), story(), ask()]
        if word == "took":
            return [Message(replaces=incoming.pressed), Message(THANKS, buttons=((Button("Undo", press="undo"),),))]
        return [Message("All right, later then.", buttons=((Button("What else?", press="else"),),))]

    def _choices(self) -> tuple[tuple[Button, ...], ...]:
        marks = {cause: "✓ " if cause in self.chosen else "" for cause in CAUSES}
        rows = [(Button(marks[cause] + label, press=f"cause:{cause}"),) for cause, label in CAUSES.items()]
        return (*rows, (Button("That is all", press="done", primary=True),))


def story() -> Message:
    return Message(STORY, image=Image("energy-access/images/clinic.png", "A clinic at dusk, one window lit"))


def ask() -> Message:
    return Message(
        ASK,
        buttons=(
            (Button("Open the petition", url="https://example.org/petition", primary=True),),
            (Button("I did it", press="took:1"), Button("Later", press="later:1"), Button("Not for me", press="no:1")),
            (Button("Why this?", press="why:1"),),
        ),
    )
