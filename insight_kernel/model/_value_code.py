"""Words from fixed lists, and codes that can be checked."""

from __future__ import annotations

import json as json_module
import re
from functools import cache, lru_cache

PERSON_STATUS = frozenset(
    {
        "wanted",
        "convicted",
        "charged",
        "suspect",
        "possible-threat",
        "associate",
        "witness",
        "victim",
        "missing",
        "unidentified-person",
        "unidentified-body",
        "deceased",
        "unassessed",
    }
)
"""Why a person is in the data."""

NOTICES = frozenset({"red", "blue", "green", "yellow", "black", "orange", "purple", "silver", "special"})
"""The kinds of notice."""

NOTICE_STATUS = frozenset({"pending", "published", "refused", "withdrawn", "expired"})
"""Where a notice or diffusion stands; a pending or refused one does not count."""

_TOPICS = """
asset.frozen corp.clone corp.disqual corp.offshore corp.public corp.shell crime crime.boss crime.cyber
crime.env crime.fin crime.fraud crime.terror crime.theft crime.traffick crime.traffick.drug
crime.traffick.human crime.war debarment export.control export.control.linked export.risk fin fin.adivsor
fin.bank fin.fund forced.labor geo.risk gov gov.admin gov.executive gov.financial gov.head gov.igo
gov.judicial gov.legislative gov.muni gov.national gov.religion gov.security gov.soe gov.state invest.ban
invest.risk mare.detained mare.shadow mare.sts mil poi pol.party pol.union reg.action reg.warn rel
role.acct role.act role.civil role.diplo role.journo role.judge role.lawyer role.lobby role.oligarch
role.pep role.pep.frmr role.pep.intl role.pep.natl role.pol role.rca role.spy sanction sanction.control
sanction.counter sanction.linked wanted
"""
TOPICS = frozenset(_TOPICS.split())  # `fin.adivsor` is spelt so in the data of the world
"""The topics of FollowTheMoney."""

_GENDER_WORDS = {
    "male": "m man boy masculin masculino maschio homme hombre männlich mann мужской муж 男 男性 ذكر erkek",
    "female": "f w woman girl féminin feminin femenino femmina femme mujer weiblich frau женский жен 女 女性 "
    "أنثى kadın",
    "other": "o d x divers diverse non-binary nonbinary",
}
_GENDERS = {word: code for code, words in _GENDER_WORDS.items() for word in (code, *words.split())}
_MIME = re.compile(r"[a-z0-9][\w!#$&^.+-]{0,126}/[a-z0-9][\w!#$&^.+-]{0,126}", re.ASCII)
_HEX = re.compile(r"[0-9a-fA-F]+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{6,30}", re.ASCII)
_DIGITS = {c: str(n) for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_SIGNS = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_CHECKSUM = re.compile(r"[\w+/=-]{8,}", re.ASCII)


def _hyphened(value: str) -> str:
    return re.sub(r"[\s_-]+", "-", value.lower())


def status(value: str) -> str | None:
    """Return why a person is in the data, one of `PERSON_STATUS`.

    Examples
    --------
    >>> status("Possible threat"), status("guilty")
    ('possible-threat', None)
    """
    code = _hyphened(value)
    return code if code in PERSON_STATUS else None


def notice(value: str) -> str | None:
    """Return the kind of a notice, one of `NOTICES`.

    Examples
    --------
    >>> notice("Red Notice"), notice("pink")
    ('red', None)
    """
    code = _hyphened(value).removesuffix("-notice")
    return code if code in NOTICES else None


def noticestatus(value: str) -> str | None:
    """Return where a notice stands, one of `NOTICE_STATUS`.

    Examples
    --------
    >>> noticestatus("Published"), noticestatus("perhaps")
    ('published', None)
    """
    code = _hyphened(value)
    return code if code in NOTICE_STATUS else None


def topic(value: str) -> str | None:
    """Return a topic, one of `TOPICS`.

    Examples
    --------
    >>> topic("Role.PEP"), topic("celebrity")
    ('role.pep', None)
    """
    code = value.lower()
    return code if code in TOPICS else None


def gender(value: str) -> str | None:
    """Return `male`, `female` or `other`.

    Examples
    --------
    >>> gender("F"), gender("мужской"), gender("unknown")
    ('female', 'male', None)
    """
    return _GENDERS.get(value.lower())


@lru_cache(maxsize=4_096)
def language(value: str) -> str | None:
    """Return the three-letter code (ISO 639-3) of a language given by code, tag or English name.

    Examples
    --------
    >>> language("de-AT"), language("ger"), language("Arabic"), language("Klingonese")
    ('deu', 'deu', 'ara', None)
    """
    from pycountry import languages

    asked = value.lower()
    base = re.split(r"[-_]", asked)[0] if len(asked) < 12 else asked
    for key, wanted in (("alpha_3", base), ("alpha_2", base), ("bibliographic", base), ("name", value)):
        if found := languages.get(**{key: wanted}):
            return str(found.alpha_3)
    return None


@lru_cache(maxsize=16_384)
def iban(value: str) -> str | None:
    """Return an account number in capitals without gaps; its check digits and length are verified.

    Examples
    --------
    >>> iban("de89 3704 0044 0532 0130 00"), iban("DE88 3704 0044 0532 0130 00")
    ('DE89370400440532013000', None)
    """
    compact = re.sub(r"[\s.-]", "", value).upper()
    if not _IBAN.fullmatch(compact) or not (account := _account_of(compact[:2])):
        return None
    rest = int("".join(_DIGITS[c] for c in compact[4:] + compact[:4])) % 97
    return compact if rest == 1 and account.fullmatch(compact, 4) else None


@cache
def _account_of(country: str) -> re.Pattern[str] | None:
    """Return the form of account numbers of a country after its check digits, as the registry of IBANs has it."""
    from stdnum import numdb

    _, known = numdb.get("iban").info(country)[0]
    parts = re.findall(r"(\d+)!([nac])", known.get("bban", ""))
    return re.compile("".join(f"{_SIGNS[kind]}{{{size}}}" for size, kind in parts)) if parts else None


def mimetype(value: str) -> str | None:
    """Return a media type in lower case, without parameters.

    Examples
    --------
    >>> mimetype("Text/HTML; charset=utf-8"), mimetype("document")
    ('text/html', None)
    """
    code = value.split(";")[0].strip().lower()
    return code if _MIME.fullmatch(code) else None


def checksum(value: str) -> str | None:
    """Return a content hash; hexadecimal ones in lower case, of whole bytes: one digit less is another hash.

    Examples
    --------
    >>> checksum("DA39A3EE5E6B4B0D"), checksum("n/a"), checksum("DA39A3EE5E6B4B0")
    ('da39a3ee5e6b4b0d', None, None)
    """
    if not _CHECKSUM.fullmatch(value) or (_HEX.fullmatch(value) and len(value) % 2):
        return None
    return value.lower() if _HEX.fullmatch(value) else value


def json(value: str) -> str | None:
    """Return the text when it is valid JSON.

    Examples
    --------
    >>> json('{"a": 1}'), json("{a: 1}")
    ('{"a": 1}', None)
    """
    try:
        json_module.loads(value)
    except (ValueError, RecursionError):
        return None
    return value
