"""Chat with a bot at the terminal: start this, start the bot against it, and type."""

import argparse
import sys
import threading

from tests.platforms.telegram import TOKEN, Message, Person, TelegramStandIn

_HELP = "Type to write to the bot. /press N presses button N, /block and /unblock do so, /quit ends."


class Terminal:
    """One person at a keyboard."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._shown = 0
        self._buttons: list[tuple[Message, str, str]] = []

    def show_news(self) -> None:
        """Print what the bot wrote or changed since the last look."""
        with self._person.world.lock:
            news = [message for message in self._person.heard if message.version > self._shown]
        for message in sorted(news, key=lambda message: message.version):
            self._shown = message.version
            print(f"\nbot{' (edited)' if message.edited else ''}: {message.html}", flush=True)
            if message.photo:
                print(f"     picture {message.photo.name} {message.photo.url}", flush=True)
            for label, action in (button for row in message.buttons for button in row):
                self._buttons.append((message, label, action))
                print(f"     [{len(self._buttons)}] {label}", flush=True)

    def obey(self, line: str) -> None:
        """Do what a typed line says."""
        word, _, rest = line.partition(" ")
        if word == "/press":
            self._press(rest)
        elif word == "/block":
            self._person.blocks()
        elif word == "/unblock":
            self._person.unblocks()
        elif line:
            self._person.says(line)

    def _press(self, number: str) -> None:
        if not number.isdigit() or not 1 <= int(number) <= len(self._buttons):
            print(f"there are buttons 1 to {len(self._buttons)}")
            return
        message, label, action = self._buttons[int(number) - 1]
        try:
            self._person.presses(message, label)
        except AssertionError as error:
            print(f"{error} ({action})")


def main() -> None:
    """Run the stand-in until the input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.platforms.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--name", default="Ana")
    parser.add_argument("--language", default="en")
    options = parser.parse_args()
    with TelegramStandIn.in_thread(port=options.port, token=options.token) as telegram:
        print(f"The bot's TELEGRAM_API_URL is {telegram.url}, its token {telegram.token}.\n{_HELP}", flush=True)
        terminal = Terminal(telegram.person(name=options.name, language=options.language))
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(terminal, ended))
        watcher.start()
        for line in map(str.strip, sys.stdin):
            if line == "/quit":
                break
            terminal.obey(line)
        ended.set()
        watcher.join()
        terminal.show_news()


def _watch(terminal: Terminal, ended: threading.Event) -> None:
    while not ended.wait(0.1):
        terminal.show_news()


if __name__ == "__main__":
    main()
