"""Notices, diffusions, reports and mails of the background."""

from random import Random

from insight_kernel.training.world.background.folk import Town
from insight_kernel.training.world.cast import Actor
from insight_kernel.training.world.documents import Written, mail_file, report_file
from insight_kernel.training.world.draft import Draft
from insight_kernel.training.world.notices import PENDING, PUBLISHED, REFUSED, Office, diffusion
from insight_kernel.training.world.people import deliver_passport, deliver_person

_COURTS = {
    "ma": "Court of Casablanca",
    "br": "Court of Recife",
    "gr": "Court of Piraeus",
    "ke": "Court of Mombasa",
}
_CHARGES = ("Fraud.", "Robbery with violence.", "Smuggling of cigarettes.", "Forgery of documents.")
_OTHERS = (("blue", "suspect"), ("green", "possible-threat"), ("yellow", "missing"), ("special", "suspect"))
_THREATS = (
    (
        "orange",
        "summary",
        ("Toys with batteries that catch fire.", "Bottles of cleaning acid sold as water."),
    ),
    (
        "purple",
        "modusOperandi",
        ("Cash hidden in the filling of seats.", "Documents printed on washed paper."),
    ),
)
_NUMBERED = 100  # numbers of warrants, diffusions and passports of wanted people start above the story's

#: Source, language (ISO 639-3), title, text. Each names a person in one script only.
_REPORTS = (
    (
        "fr-reports",
        "fra",
        "Main courante",
        "{name} signale la perte de son téléphone {phone} près de la gare.",
    ),
    (
        "fr-reports",
        "fra",
        "Plainte",
        "Plainte de {name} : achat payé, jamais livré. Le vendeur ne répond plus.",
    ),
    ("fr-reports", "eng", "Liaison note", "{name} asked about a lost suitcase and left the number {phone}."),
    ("ma-reports", "ara", "محضر", "صرّح {native} أنه فقد وثائقه في محطة القطار."),
    ("ua-reports", "rus", "Рапорт", "{native} сообщил о краже велосипеда со двора."),
    ("jp-reports", "zho", "报告", "{native}报案称在车站丢失钱包。"),
)
_MAILS = (
    ("eng", "Request for checks", "Is {phone} known to you? The user is said to be {name}."),
    ("spa", "Consulta", "Les rogamos informar si {name} tiene antecedentes."),
    ("fra", "Demande de renseignements", "Merci de nous dire si {name} a été contrôlé chez vous."),
)


def deliver_letters(office: Office, town: Town, phones: dict[str, str]) -> None:
    """Deliver a town's notices, its diffusion, and the reports and mails that name its people."""
    rng = office.draft.rng(f"letters/{town.number}")
    chosen = iter(rng.sample(town.people["c"], len(town.people["c"])))
    _red(office, next(chosen), town.number, rng)
    for status in (PENDING, REFUSED):
        office.not_counting(next(chosen), rng.choice(tuple(_COURTS)), status, rng.randrange(20, 1_500))
    for colour, status in _OTHERS:
        person = next(chosen)
        deliver_person(office.draft, person, "ipsg-notices", personStatus=status)
        _notice(office, colour, person.id, rng, summary="Whereabouts and activities sought.")
    for colour, says, texts in _THREATS:
        _notice(office, colour, None, rng, **{says: rng.choice(texts)})
    diffusion(office.draft, next(chosen), _NUMBERED + town.number, rng.randrange(5, 400))
    _texts(office.draft, town, phones, rng)


def _red(office: Office, person: Actor, number: int, rng: Random) -> None:
    """Seek a person on a warrant, with the number of his passport."""
    country = rng.choice(tuple(_COURTS))
    issued = rng.randrange(20, 1_500)
    wanted = office.wanted(
        person, country, _COURTS[country], _NUMBERED + number, rng.choice(_CHARGES), issued + 30
    )
    deliver_passport(office.draft, person, 500_000 + number)
    notice = office.notice("red", person.id, country, PUBLISHED, issued, **wanted)
    office.draft.plant(
        "notice",
        [person.id, notice],
        "Ask who is wanted by a red notice that was published: this person is.",
        seen_by="ana chen",
        not_seen_by="ben",
        purpose="wanted",
    )


def _notice(office: Office, colour: str, subject: str | None, rng: Random, **more: str) -> None:
    country = rng.choice(tuple(_COURTS))
    office.notice(colour, subject, country, PUBLISHED, rng.randrange(20, 1_500), **more)


def _texts(draft: Draft, town: Town, phones: dict[str, str], rng: Random) -> None:
    people = [actor for actor in town.people["c"] if actor.id in phones]
    for place, (source, language, title, text) in enumerate(_REPORTS):
        body, handle = _filled(text, people, phones, rng), f"document:town/{town.number}/{place}"
        written = Written(title, language, draft.day(rng.randrange(5, 700)), body)
        report_file(draft, source, f"{draft.code(handle)}.txt", written)
    for place, (language, title, text) in enumerate(_MAILS):
        _mail(draft, f"{town.number}/{place}", language, title, _filled(text, people, phones, rng), rng)


def _mail(draft: Draft, number: str, language: str, title: str, body: str, rng: Random) -> None:
    handle = f"document:town-mail/{number}"
    moment, number = draft.moment(rng.randrange(5, 700), rng.randrange(28_800, 64_800)), draft.code(handle)
    written = Written(title, language, moment, body)
    mail_file(draft, number, f"{number}.eml", written, sender="desk@north.example", to="desk@south.example")


def _filled(text: str, people: list[Actor], phones: dict[str, str], rng: Random) -> str:
    person = rng.choice(people)
    return text.format(name=person.name.latin, native=person.name.native, phone=phones[person.id])
