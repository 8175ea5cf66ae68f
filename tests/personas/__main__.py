"""`python -m tests.personas`: write the six diaries anew. Read them before you commit them."""

from bot.commands.personas import PERSONAS
from tests.personas import golden, written

if __name__ == "__main__":
    for name in PERSONAS:
        golden(name).write_text(written(name), encoding="utf-8")
        print(golden(name))
