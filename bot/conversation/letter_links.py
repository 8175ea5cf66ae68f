"""The address of a letter's page: signed for one person and one letter, so that nobody can guess another one."""

from itsdangerous import BadSignature, Signer

from bot.conversation.turn import House
from storage.letters import Letter

SALT = "kindling.letter"
PATH = "/letter"


def address(house: House, letter: Letter) -> str:
    """The address of a letter's page; empty where there is no public web server."""
    return (
        f"{house.public_url}{PATH}/{token(letter.subscriber_id, letter.id, house.secret)}" if house.public_url else ""
    )


def token(subscriber_id: int, number: int, secret: str) -> str:
    """What names a letter and its writer."""
    return Signer(secret, salt=SALT).sign(f"{subscriber_id}-{number}").decode()


def read(written: str, secret: str) -> tuple[int, int] | None:
    """The numbers of the writer and of the letter; nothing for what we did not sign."""
    if len(written) > 120 or not written.isascii():
        return None
    try:
        signed = Signer(secret, salt=SALT).unsign(written).decode()
    except BadSignature:
        return None
    subscriber_id, _, number = signed.partition("-")
    return int(subscriber_id), int(number)
