"""Web addresses in packs: https, a public host, nothing that only looks like another."""

import ipaddress
import re
import unicodedata
from urllib.parse import urlsplit

LENGTH_AT_MOST = 2_000
SCRIPTS = {"KATAKANA-HIRAGANA": "KATAKANA", "IDEOGRAPHIC": "CJK"}
"""Scripts by the first word of a letter's name, where that says something else."""
USED_TOGETHER = ({"CJK", "HIRAGANA", "KATAKANA", "LATIN"}, {"CJK", "HANGUL", "LATIN"}, {"CJK", "BOPOMOFO", "LATIN"})
FILES = frozenset({"csv", "doc", "docx", "gif", "htm", "html", "jpeg", "jpg", "js", "pdf", "png", "txt", "xls", "xlsx"})
"""Endings of what is a file rather than a host: `report.pdf` is a fine name for a link."""
ODD = re.compile(r"[\s\\\x00-\x20\x7f-\x9f]")
LATIN_LOOK_ALIKES = frozenset("абвгдеєѕіїјкӏмнорстухһԁԛԝѡαεικνοπρτυχγηωɑɡıⅼАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ")
"""Letters of other scripts that pass for Latin ones (Unicode's confusables, the common part)."""
NOT_PUBLIC = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3", "192.88.99.0/24", "::/96", "64:ff9b::/96",
        "64:ff9b:1::/48", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip


def complaint(address: str) -> str:
    """What is wrong with an address, in one sentence; empty when it may be used."""
    if len(address) > LENGTH_AT_MOST:
        return f"the address is longer than {LENGTH_AT_MOST:,} characters"
    if ODD.search(address):
        return "the address holds a space, a backslash or a control character"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "this is not an address that can be opened"
    if parts.scheme != "https":
        return f"the address must begin with https:// (this one: {parts.scheme or 'nothing'})"
    if "@" in parts.netloc:
        return "the address holds a user name before the host (`@`); remove it"
    return _host_complaint(host)


def _host_complaint(host: str) -> str:
    if not host:
        return "the address has no host"
    bare = host.rstrip(".")
    try:
        number = ipaddress.ip_address(bare.strip("[]"))
    except ValueError:
        return _name_complaint(bare)
    if not number.is_global or any(number in net for net in NOT_PUBLIC if net.version == number.version):
        return f"the address {host} is not on the public internet"
    return ""


def _name_complaint(host: str) -> str:
    if re.fullmatch(r"(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+))*", host, re.IGNORECASE):
        return f"the host {host} is a number in disguise"
    if re.fullmatch(r"0x[0-9a-f]*|[0-9]+", host.rpartition(".")[2], re.IGNORECASE):
        return f"the host {host} is not a name"
    if "." not in host or host.endswith((".local", ".internal", ".localhost", ".home.arpa", ".lan")):
        return f"the host {host} is not on the public internet"
    if not all(0 < len(label) <= 63 for label in host.split(".")):
        return f"the host {host} is not a name"
    for label in host.split("."):
        if told := _label_complaint(label, host):
            return told
    return ""


def _label_complaint(label: str, host: str) -> str:
    shown = _decoded(label)
    if shown is None:
        return f"the host {host} is not a name"
    if unicodedata.normalize("NFKC", shown).casefold() != shown.casefold():
        return f"the host {punycode(host)} is written with look-alike letters"
    if shown.isascii():
        return (
            ""
            if re.fullmatch(r"[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?", shown)
            else f"the host {host} is not a name"
        )
    if not _one_script(shown):
        return f"the host {punycode(host)} mixes scripts; it may pass for another"
    if _imitates(shown) and not _at_home(shown, host):
        return f"the host {punycode(host)} looks like another one"
    return ""


def _decoded(label: str) -> str | None:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError):
        return None


def _one_script(label: str) -> bool:
    scripts = {SCRIPTS.get(script, script) for script in map(_script, filter(str.isalpha, label))}
    return len(scripts) <= 1 or any(scripts <= together for together in USED_TOGETHER)


def _script(letter: str) -> str:
    return unicodedata.name(letter, "UNKNOWN").partition(" ")[0]


def _imitates(label: str) -> bool:
    return all(letter in LATIN_LOOK_ALIKES or letter.isascii() for letter in label if letter.isalpha())


def _at_home(label: str, host: str) -> bool:
    """Whether a label stands under a top domain that is plainly of its own script, as рос.рф does."""
    top = _decoded(host.rpartition(".")[2]) or ""
    letters = [letter for letter in label + top if letter.isalpha()]
    return not _imitates(top) and len({_script(letter) for letter in letters}) == 1


def punycode(host: str) -> str:
    """A host as the network knows it; nothing in it passes for another letter."""

    def coded(label: str) -> str:
        return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")

    return ".".join(coded(label) for label in host.split("."))


def host_of(address: str) -> str:
    """The host of an address, lower case; empty when there is none."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def names_host(words: str) -> str:
    """The host that link words name, when they look like an address; else empty."""
    found = re.search(r"(?:https?://|\bwww\.)((?:[\w-]+\.)+[^\W\d_]{2,})", words, re.IGNORECASE) or re.fullmatch(
        r"((?:[\w-]+\.)+[^\W\d_]{2,})(?:[/?#]\S*)?", words.strip()
    )
    host = found[1].lower().removeprefix("www.") if found else ""
    return "" if host.rpartition(".")[2] in FILES else host


def leads_to(named: str, address: str) -> bool:
    """Whether an address is on a named host, or on a part of it."""
    host = punycode(host_of(address))
    return host == punycode(named) or host.endswith(f".{punycode(named)}")
