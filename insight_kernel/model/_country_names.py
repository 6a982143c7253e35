"""What the tables of ISO 3166 do not know: further codes, and what countries are also called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FURTHER: Mapping[str, str] = MappingProxyType(
    {
        "ac": "Ascension Island",
        "az-nk": "Artsakh; Nagorno-Karabakh",
        "cn-xz": "Tibet",
        "cp": "Clipperton Island",
        "cq": "Sark",
        "cshh": "Czechoslovakia",
        "csxx": "Serbia and Montenegro",
        "cy-trnc": "Northern Cyprus; Turkish Republic of Northern Cyprus",
        "dd": "East Germany; German Democratic Republic; DDR",
        "dg": "Diego Garcia",
        "eu": "European Union; Union européenne; Unión Europea; Europäische Union",
        "gb-nir": "Northern Ireland",
        "gb-sct": "Scotland",
        "gb-wls": "Wales",
        "ge-ab": "Abkhazia",
        "ic": "Canary Islands",
        "ip": "Cyberspace",
        "iq-kr": "Kurdistan",
        "md-pmr": "Transnistria",
        "pk-km": "Kashmir",
        "so-som": "Somaliland",
        "suhh": "Soviet Union; USSR; Union of Soviet Socialist Republics; СССР; URSS",
        "ta": "Tristan da Cunha",
        "ua-cri": "Crimea",
        "ua-dpr": "Donetsk People's Republic",
        "ua-lpr": "Luhansk People's Republic",
        "un": "United Nations",
        "x-so": "South Ossetia",
        "xk": "Kosovo; Republic of Kosovo; Kosova; Косово",
        "yucs": "Yugoslavia; Jugoslavija",
        "zr": "Zaire",
        "zz": "Global; International",
    }
)
"""Codes beyond ISO 3166-1 that FollowTheMoney data uses, with names. A code states no view on status."""

SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        "ac": "sh-ac",
        "cq": "gg-srk",
        "cshh": "cs",
        "gb": "uk; gb-eng",
        "gr": "el",
        "suhh": "su",
        "ta": "sh-ta",
        "xk": "xkx; kos",
        "zr": "zrcd; zar",
    }
)
"""Other codes for the same."""

ALSO: Mapping[str, str] = MappingProxyType(
    {
        "ae": "UAE; Emirates; United Arab Emirates",
        "al": "Shqipëria; Shqipëri",
        "am": "Հայաստանի Հանրապետություն",
        "ba": "Bosnia; Bosnia-Herzegovina; BiH",
        "bn": "Brunei",
        "bo": "Bolivia",
        "by": "Belarus; Byelorussia; Беларусь; Белоруссия",
        "cd": "DR Congo; DRC; Democratic Republic of the Congo; Congo-Kinshasa; Congo (Kinshasa)",
        "cf": "CAR",
        "cg": "Republic of the Congo; Congo-Brazzaville; Congo (Brazzaville)",
        "ch": "Swiss Confederation; Schweiz; Suisse; Svizzera",
        "ci": "Ivory Coast; Cote d'Ivoire; Côte d’Ivoire",
        "cn": "PRC; People's Republic of China; Mainland China; 中华人民共和国",
        "cv": "Cape Verde",
        "cz": "Czech Republic; Česká republika",
        "de": "Federal Republic of Germany; BRD",
        "do": "Dominican Rep.",
        "fk": "Falkland Islands",
        "fm": "Micronesia",
        "gb": "UK; U.K.; Great Britain; Britain; England; United Kingdom of Great Britain",
        "gm": "The Gambia",
        "hk": "Hong Kong SAR; Hongkong",
        "ir": "Iran; Persia; Islamic Republic of Iran; ایران",
        "kp": "North Korea; DPRK; 北朝鮮; 조선",
        "kr": "South Korea; Republic of Korea; Korea (South); 한국",
        "la": "Laos",
        "md": "Moldova; Republic of Moldova",
        "mk": "Macedonia; North Macedonia; FYROM",
        "mm": "Burma; Myanmar (Burma)",
        "mo": "Macau",
        "nl": "Holland; The Netherlands",
        "ps": "Palestine; Palestinian Territories; West Bank; Gaza",
        "ru": "Russia; Россия; РФ",
        "st": "Sao Tome and Principe",
        "sy": "Syria",
        "sz": "Swaziland",
        "th": "ประเทศไทย; ไทย",
        "tl": "East Timor",
        "tr": "Turkey; Türkiye",
        "tw": "Taiwan; Chinese Taipei; Republic of China",
        "tz": "Tanzania",
        "us": "USA; U.S.A.; U.S.; United States of America; America; Estados Unidos; États-Unis",
        "va": "Vatican; Vatican City; Holy See",
        "ve": "Venezuela",
        "vg": "British Virgin Islands; BVI",
        "vi": "US Virgin Islands; U.S. Virgin Islands",
        "vn": "Vietnam",
    }
)
"""Names in daily use, and own names the translations of ISO 3166 lack."""

LANGUAGES = """
ar bg bs ca cs da de el es et fa fi fr he hi hr hu hy id is it ja ka kk ko lt lv mk mn ms nb_NO nl pl pt
pt_BR ro ru sk sl sq sr sv th tr uk uz vi zh_CN zh_TW
"""
"""Languages whose translations of country names are read: the official ones that are translated well."""
