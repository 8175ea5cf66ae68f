"""A person's own data, handed over as a file."""

from bot.channels.telegram.outbound import calls
from bot.message import Document, Message


def test_a_file_follows_the_words_it_goes_with() -> None:
    words, file = calls("12", Message("Here it is.", document=Document("kindling.json", "{}")))

    assert (words.method, file.method) == ("sendMessage", "sendDocument")
    assert file.document == Document("kindling.json", "{}")
