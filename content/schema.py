"""The pack's shape as JSON Schema, for editors that complete and check while one writes."""

from typing import Any

from content.model import Pack

MEANINGS = {
    "Pack": {
        "pack": "The pack's name: lower-case letters, digits and single hyphens.",
        "version": "Raise it with every change; an equal or lower version is not loaded.",
        "title": "What people see as the pack's name.",
        "publisher": "The organization behind the pack.",
        "languages": "Every text is there in each of these; the first is the fallback.",
        "license": "Under which the words may be passed on, like CC-BY-4.0.",
        "causes": "The issues people can follow, by name.",
        "stories": "The pieces of content, by name.",
        "actions": "What people can do, by name.",
        "results": "What came of actions, by name: told to those who took them.",
        "ladder": "The rungs above 'curious', the lowest first; without it the default ladder holds.",
        "drives": "What many reach together by a day, by name; also across packs.",
        "toolkits": "Words and material for anyone, by name.",
        "ethics": "What an ambassador agrees to.",
        "feeds": "Outside sources of stories.",
        "hooks": "Other systems that confirm actions, by name: where things stand in what they send.",
    },
    "Publisher": {"name": "The organization's name.", "url": "Its home page, beginning with https://."},
    "Cause": {
        "title": "The cause in a few words.",
        "why": "One paragraph on why it matters.",
        "tags": "Words by which people find it.",
    },
    "Story": {
        "cause": "The cause it belongs to.",
        "kind": "What sort of story it is.",
        "chapter": "Its place in the cause's arc, from 1; without it: evergreen, or dated by from and until.",
        "title": "A headline.",
        "text": "The story, in CommonMark: at most 3,000 characters, 900 with a picture.",
        "image": "A picture beside the pack, like images/clinic.jpg, or an https address.",
        "image_alt": "The picture in words, for those who cannot see it.",
        "source": "Where the facts come from, an https address.",
        "minutes": "How long it takes to read.",
        "from": "The first day it is shown.",
        "until": "The last day it is shown.",
        "leads_to": "The actions that follow from it.",
    },
    "Goal": {"count": "How many people.", "by": "By which day."},
    "Pledge": {
        "needs": "How many people must be in for it to bind; 5 to 12 works best.",
        "by": "The last day to join.",
        "within": "Who is counted together: everywhere, or those of one region.",
        "do_by": "The day until which it is to be done; without it, four weeks after it bound.",
        "smaller": "The action offered to those who still want one when too few came together.",
    },
    "Action": {
        "cause": "The cause it belongs to.",
        "kind": "What one does.",
        "rung": "The rung whose people it suits.",
        "title": "The action in a few words.",
        "ask": "The ask itself, in at most 400 characters.",
        "url": "Where it is done, an https address.",
        "minutes": "How long it takes.",
        "verify": "How one knows that it was done.",
        "codes": "Words told on the spot that confirm it, for verify: code.",
        "payment": "How it is paid, for verify: payment.",
        "result_by": "When those who acted are told what came of it.",
        "goal": "A collective goal.",
        "repeat": "Whether one may do it again.",
        "needs": "The actions to be done before.",
        "regions": "Where it can be done (ISO 3166, like GB or US-NY); without it everywhere.",
        "from": "The first day one can do it.",
        "until": "The last day one can do it.",
        "share": "Words ready to pass on.",
        "decision": "The dated decision that an outreach is about, and who decides.",
        "pledge": "What makes a pledge bind: it holds for everyone once enough are in, or for nobody.",
        "carrot": "The carrot day of a purchase: shops bid, people choose, buy on one day, and hear what came of it.",
        "adds": "What each one adds up to, for the path of who did it and for everyone's total.",
    },
    "DriveGoal": {
        "count": "How many actions; or a sum.",
        "sum": "How much confirmed money, in the currency's smallest unit; or a count.",
        "currency": "In which currency the sum is given, like EUR.",
    },
    "Match": {
        "sponsor": "Who adds to it.",
        "each": 'How much is added for each unit given ("1.00" doubles), or in the smallest unit for each action.',
        "up_to": "What the sponsor gives at most, in the currency's smallest unit.",
        "currency": "The sponsor's currency; for a sum the goal's.",
        "confirmed": "Whether only confirmed actions are matched; money always is.",
    },
    "Team": {"title": "The team's name."},
    "Drive": {
        "title": "The drive in a few words.",
        "actions": "What counts: actions of this pack, or of others as other-pack/action.",
        "goal": "What is to be reached.",
        "from": "The first day that counts (UTC).",
        "by": "The last day that counts (UTC).",
        "match": "What a sponsor adds.",
        "teams": "Sides to be counted with, by name, for those who choose one; two or more.",
    },
    "Carrot": {
        "bids": "What shops offer, by a name of each: two or more to choose from, six at most.",
        "vote_until": "The last day of voting.",
        "day": "The day on which people come to buy.",
        "from": 'When the shop expects people, like "10:00", in quotes.',
        "until": 'Until when it does, like "18:00", in quotes.',
        "zone": "The time zone of all these days and hours, like Europe/Berlin.",
        "told": "What came of it, added once the day is over; then all who voted or came hear it.",
    },
    "Bid": {
        "shop": "The shop's name, as buttons show it.",
        "place": "Where it is.",
        "promise": "What it will do with the money, as a part of a sentence: for …",
        "share": "How much of the day's takings it gives to that, in per cent.",
        "url": "The shop's page, an https address.",
    },
    "Told": {
        "kept": "Whether the promise was kept: true, false or partly.",
        "text": "What was done, and what was not.",
        "takings": "The takings of the day, in the smallest unit: 184250 is 1,842.50.",
        "currency": "Their currency, like EUR.",
    },
    "Decision": {
        "day": "The day of the decision.",
        "what": "What is decided, in a few words; also the subject of the letters.",
        "points": "Talking points that stand beside the letter; the words are each person's own.",
        "makers": "Who decides: for each region of the action at least one.",
    },
    "Maker": {
        "name": "The decision-maker's name, as a letter begins with it.",
        "office": "The office they hold.",
        "regions": "Whose decision-maker it is (ISO 3166, like GB or US-NY); without it everyone's.",
        "languages": "The languages in which letters are read there.",
        "email": "Where letters are read.",
        "url": "The contact form, an https address.",
        "phone": "The telephone, with the country's code, like +44 20 7946 0000.",
    },
    "Payment": {
        "provider": "The payment provider.",
        "currencies": "In which currencies it may be paid, like EUR.",
        "least": "The smallest sum that counts, in the currency's smallest unit.",
    },
    "Hook": {
        "signature": "How a delivery is signed.",
        "id": "Where the delivery's own number stands.",
        "reference": "Where our reference to the person stands.",
        "at": "Where the time stands: ISO 8601, or seconds since 1970.",
        "thing": "Where the other system's name of what was done stands; the reference, when absent.",
        "event": "Which word says that something was done, or undone.",
        "amount": "Where the sum stands, in the currency's smallest unit.",
        "currency": "Where the currency stands, or the currency itself.",
    },
    "HookSignature": {
        "header": "The header that carries the signature.",
        "prefix": "What stands before the signature, like sha256=.",
        "encoding": "How the signature is written.",
        "time_header": "The header with the time in seconds, where it is signed too.",
    },
    "HookEvent": {
        "field": "Where the word stands.",
        "taken": "Words that say it was done.",
        "undone": "Words that say it was undone.",
    },
    "Result": {
        "actions": "The actions it came of; whoever took one of them is told, once.",
        "kind": "Whether it worked (win), did not (setback), or in part (partial).",
        "text": "What came of it, in CommonMark: at most 3,000 characters, 900 with a picture.",
        "image": "A picture beside the pack, like images/clinic.jpg, or an https address.",
        "image_alt": "The picture in words, for those who cannot see it.",
        "source": "Where one can read more, an https address.",
        "at": "The day on which it is told; without it at once.",
    },
    "Unit": {"one": "Its name after the number 1, like hour of light.", "other": "Its name after other numbers."},
    "Each": {"amount": "How much one action adds, a whole number.", "unit": "Of what."},
    "Adds": {
        "each": "How much one action adds.",
        "person": "One sentence on one single person helped by one such action.",
    },
    "Reach": {
        "actions": "How many actions were taken.",
        "kinds": "How many kinds of action are among them.",
        "within": "In how many days, like 60d.",
        "verified": "How many of them a source confirmed.",
        "ethics": "Whether the pack's statement must be accepted.",
    },
    "Step": {"rung": "The rung's name.", "reach": "What one must have done to stand on it."},
    "Toolkit": {"title": "The toolkit in a few words.", "text": "The words or the material, in CommonMark."},
    "Feed": {
        "url": "The feed, an https address.",
        "cause": "The cause its stories belong to.",
        "review": "Whether an organizer looks at each story first.",
    },
}
"""What an editor shows beside a key."""


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a pack in YAML."""
    schema = Pack.model_json_schema(by_alias=True)
    for name, shape in ({"Pack": schema} | schema["$defs"]).items():
        for key, meaning in shape["properties"].items():
            shape["properties"][key] = {**meaning_of(name, key), **meaning}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Kindling content pack"}


def meaning_of(model: str, key: str) -> dict[str, str]:
    """The description of a key, when there is one."""
    meaning = MEANINGS.get(model, {}).get(key)
    return {"description": meaning} if meaning else {}
