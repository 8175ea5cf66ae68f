"""How a pack may name its pictures."""

import re

NAME = re.compile(r"images/[A-Za-z0-9][A-Za-z0-9._-]*\.(png|jpe?g|webp|gif)", re.ASCII)


def complaint(name: str) -> str:
    """What is wrong with a picture's name; empty when it is fine."""
    if NAME.fullmatch(name) and ".." not in name:
        return ""
    return "a picture is named like images/clinic.png (png, jpg, webp or gif), or by an https address"
