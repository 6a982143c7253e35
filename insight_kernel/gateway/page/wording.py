"""What an act is, in plain words: what happens, to whom, until when, and who must still agree."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from insight_kernel.gateway.acts.groups import NOTICE
from insight_kernel.gateway.acts.kind import Act
from insight_kernel.model.label import PURPOSE_MEANINGS
from insight_kernel.model.organisation import Organisation

What = Mapping[str, Any]
Lines = list[str]

KINDS = {
    "consent": "Consent to a release", "label": "Change of labels", "group": "Change of a group",
    "emergency": "Emergency access", "purge": "Removal of expired values", "note": "A draft becomes a note",
    "completeness": "Report on completeness", "conflict": "Two labels at once",
    "template": "Registration of a template",
}  # fmt: skip
ASKING = {
    "consent": "Ask for a consent", "label": "Change the labels", "group": "Ask for a change of a group",
    "emergency": "Ask for emergency access", "note": "Make a note of the draft",
    "completeness": "Ask for a report on completeness", "template": "Ask to register a template",
}  # fmt: skip
REASONS = {
    "unreadable-label": "what went in cannot be decided about", "expired": "something is over, or ends too early",
    "purpose": "not for this purpose", "clearance": "above the recipient's clearance",
    "recipient": "not for this recipient", "file": "for the members of a case only",
    "special": "special data, for which a permit and a necessity are needed",
    "consent": "the owner wants to be asked first",
}  # fmt: skip
"""What stands in the way of a release, by the reasons of the rules."""
STATES = {
    "waiting": "waits for a second person",
    "agreed": "in force",
    "refused": "refused",
    "ended": "ended",
}
FIELDS = {
    "level": "Level", "only": "Only for", "excluded": "Not for", "purposes": "Purposes", "files": "Case files",
    "expires": "Expires", "handling": "Handling", "conditions": "Conditions", "consent": "Further owners to ask",
    "special": "Special kinds",
}  # fmt: skip


def title(kind: str, what: What) -> str:
    """Return an act in one line."""
    return _TITLES[kind](what)


def lines(kind: str, what: What, people: Organisation) -> Lines:
    """Return what an act does once it is agreed, one sentence each."""
    return _LINES[kind](what, people)


def state(act: Act) -> str:
    """Return how an act stands.

    Examples
    --------
    >>> act = Act("1", "group", {"group": "G", "add": ["JP"], "remove": []}, "x", "FR", "why", "2026-11-01T10:00:00",
    ...           "agreed", 1, "y", "2026-11-02T10:00:00+00:00")
    >>> state(act)
    'agreed; additions count from 2026-12-02'
    """
    if act.state == "agreed" and act.kind == "group":
        return f"agreed; additions count from {counts_from(act)}"
    if act.state == "agreed" and act.kind in ("label", "note", "purge", "conflict", "completeness"):
        return "done"
    if act.state == "agreed" and act.kind == "emergency":
        return f"ends {moment(act.what['ends'])}"
    if act.state == "agreed" and act.kind == "consent":
        return f"in force until {act.what['until']}"
    return STATES[act.state]


def second(kind: str, what: What) -> str:
    """Return who must agree before anything happens."""
    return {
        "consent": f"A keeper of {what.get('owner')} decides. Until then nothing changes.",
        "label": f"It shows more than before, so a second keeper of {what.get('owner')} must agree first.",
        "group": "A second keeper or operator must agree first. The owners whose labels name the group are told now.",
        "template": "A second reviewer, operator or trainer must agree first.",
        "completeness": f"A second keeper of {what.get('owner')} must agree first.",
        "note": "A reviewer who may read all of the draft must state the same first.",
        "emergency": "An officer, or a keeper of that person's organisation, must agree first. Nobody agrees for "
        "himself.",
    }[kind]


def ending(kind: str, what: What) -> Lines:
    """Return what happens when an act is ended before its time."""
    if kind == "consent":
        return [
            f"{what['owner']} no longer consents that values of {_scope(what)} go to {what['recipient']}.",
            "Nothing more is released on it from now on.",
            "What was released before stays where it is; it is marked stale, and who holds it is told so.",
        ]
    if kind == "template":
        return [f"The template {what['name']} is not run any more. Reports made with it stay."]
    return [f"{what['user']} has no more than his usual rights from now on."]


def named(code: str, people: Organisation) -> str:
    """Return an organisation's code with its name, where it is registered.

    Examples
    --------
    >>> from insight_kernel.model.organisation import OrganisationEntry
    >>> people = Organisation(organisations={"MA": OrganisationEntry(name="NCB Rabat")})
    >>> named("MA", people), named("PT", people)
    ('MA (NCB Rabat)', 'PT')
    """
    entry = people.organisations.get(code)
    return f"{code} ({entry.name})" if entry else code


def value(name: str, found: Any) -> str:
    """Return a label field's value as people read it; what is absent says what that means.

    Examples
    --------
    >>> [value("only", found) for found in (None, [], ["FR", "MA"])]
    ['all members', 'nobody but the owner', 'FR, MA']
    """
    if name == "only" and found is None:
        return "all members"
    if name == "only" and not found:
        return "nobody but the owner"
    if name == "level":
        return found or "official"
    return (
        ", ".join(found) if isinstance(found, Sequence) and not isinstance(found, str) else found
    ) or "none"


def moment(text: str) -> str:
    """Return a time of the log as people read it.

    Examples
    --------
    >>> moment("2026-11-22T05:08:56.123+00:00")
    '2026-11-22 05:08 UTC'
    """
    return f"{text[:16].replace('T', ' ')} UTC"


def counts_from(act: Act) -> date:
    """Return the day from which what a change of a group adds counts."""
    return datetime.fromisoformat(act.decided or act.since).date() + NOTICE


def _scope(what: What) -> str:
    return records_of(f"{what['data_owner']}/{what['source']}", what["records"])


def _consent(what: What, people: Organisation) -> Lines:
    found = [
        f"{named(what['owner'], people)} consents that values of {_scope(what)} are released to "
        f"{named(what['recipient'], people)}.",
        f"For one purpose: {what['purpose']} ({PURPOSE_MEANINGS[what['purpose']]}).",
        f"Until {what['until']}, that day included. It can be revoked at any time.",
    ]
    found += [f"The recipient must keep to this: {what['conditions']}"] if what["conditions"] else []
    return [*found, "It covers the labels as they are on the day of consent: whatever is labelled anew must be asked "
            "for again."]  # fmt: skip


def withdrawal(owner: str, source: str, records: Sequence[str]) -> Lines:
    """Return what happens when records are withdrawn.

    Examples
    --------
    >>> withdrawal("FR", "lists", [])[0]
    'Withdrawn: all of FR/lists. Nobody sees it from now on.'
    """
    place = records_of(f"{owner}/{source}", records)
    return [f"Withdrawn: {place}. Nobody sees it from now on.", "It leaves the store. This cannot be taken back.",
            "What was made from it is marked stale, and who holds it is told so."]  # fmt: skip


def relabelling(place: str, labels: Sequence[What], fields: What) -> Lines:
    """Return what becomes of each field that changes, from what it is now.

    Examples
    --------
    >>> relabelling("all of FR/lists", [{"level": "restricted"}, {}], {"level": "confidential"})
    ['The labels of all of FR/lists change.', 'Level: restricted or official becomes confidential.']
    """
    found = [f"The labels of {place} change."]
    for name, new in fields.items():
        old = dict.fromkeys(value(name, label.get(name)) for label in labels)
        found.append(f"{FIELDS[name]}: {' or '.join(old)} becomes {value(name, new)}.")
    return found


def records_of(place: str, records: Sequence[str]) -> str:
    """Return which records of a source are meant.

    Examples
    --------
    >>> records_of("FR/lists", []), records_of("FR/lists", ["a1", "b2"])
    ('all of FR/lists', '2 records of FR/lists')
    """
    count = len(records)
    return f"{count:,} record{'' if count == 1 else 's'} of {place}" if count else f"all of {place}"


def _label(what: What, _: Organisation) -> Lines:
    fields = what["fields"]
    place = records_of(f"{what['owner']}/{what['source']}", what["records"])
    changes = [f"{FIELDS[name]} becomes: {value(name, found)}." for name, found in fields.items()]
    return [f"The labels of {place} change.", *changes]


def _group(what: What, people: Organisation) -> Lines:
    group = what["group"]
    added = [
        f"{named(code, people)} receives what is labelled for {group}, {NOTICE.days} days after the second person "
        "agreed, if organisation.yml lists it as a member by then." for code in what["add"]
    ]  # fmt: skip
    removed = [
        f"{named(code, people)} receives nothing more by {group} as soon as organisation.yml leaves it out; where a "
        f"label excludes {group}, it stays excluded for {NOTICE.days} days." for code in what["remove"]
    ]  # fmt: skip
    return added + removed


def _emergency(what: What, people: Organisation) -> Lines:
    entry = people.users.get(what["user"])
    who = f"{entry.name}, {entry.organisation}," if entry else what["user"]
    ends = f"until {moment(what['ends'])}" if "ends" in what else (
        f"for {what['hours']} hour{'' if what['hours'] == 1 else 's'} from the agreement on"
    )  # fmt: skip
    adds = [("clearance", [what["clearance"]] if what["clearance"] else []),
            *((name, what[name]) for name in ("purposes", "permits", "files"))]  # fmt: skip
    found = [f"{name}: {', '.join(words)}" for name, words in adds if words]
    return [
        f"{who} has more rights {ends}: {'; '.join(found)}.",
        "What an owner keeps from that organisation altogether stays hidden.",
        "Each use is marked in the log, and the owners whose data are used see it.",
    ]


def _note(what: What, _: Organisation) -> Lines:
    dropped = ", ".join(what["dropped"])
    found = [
        "The draft becomes a note. Author and reviewer state that it rests on the records it cites, and on nothing "
        "else its workspace was sent.",
        "Whoever may see these records may read the note.",
    ]
    return [*found, f"Labels of {dropped} no longer bind it; their keepers see this."] if dropped else found


_TITLES: dict[str, Callable[[What], str]] = {
    "consent": lambda what: f"{_scope(what)} to {what['recipient']} for {what['purpose']}",
    "label": lambda what: (
        f"{records_of(what['owner'] + '/' + what['source'], what['records'])}: {', '.join(what['fields'])}"
    ),
    "group": lambda what: (
        f"{what['group']}: "
        + ", ".join(
            [*(f"add {code}" for code in what["add"]), *(f"remove {code}" for code in what["remove"])]
        )
    ),
    "emergency": lambda what: f"more rights for {what['user']}",
    "template": lambda what: f"{what['name']}, version {what['version'][:12]} …",
    "completeness": lambda what: f"{what['schema']} in {what['owner']}/{what['source']}",
    "conflict": lambda what: records_of(what["owner"] + "/" + what["source"], what["records"]),
    "note": lambda what: f"draft {what['draft']} becomes a note",
    "purge": lambda what: f"values that had expired on {what['day']}",
}
_LINES: dict[str, Callable[[What, Organisation], Lines]] = {
    "consent": _consent,
    "label": _label,
    "group": _group,
    "emergency": _emergency,
    "note": _note,
    "completeness": lambda what, _: [
        f"Keepers of {what['owner']} see how many records of {what['owner']}/{what['source']} say something of each "
        f"property of {what['schema']}, of sensitive ones too; small figures are left out."
    ],
    "template": lambda what, _: [
        f"The template {what['name']} of this store may be run, in exactly the version {what['version']}.",
        "A later registration of the same name takes its place.",
    ],
    "conflict": lambda what, _: [
        f"{records_of(what['owner'] + '/' + what['source'], what['records'])} came under two labels at once.",
        "Both bind until you change the label.",
    ],
    "purge": lambda what, _: [f"Values that had expired on {what['day']} left the store."],
}
