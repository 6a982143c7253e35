"""Names of people who do not exist: common given names, invented family names, in two scripts.

Every part is given in Latin letters and in the script of its country, so that both spellings of a name agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

#: Latin/native, or Latin alone where they are the same; men's and women's names take turns.
_GIVEN = {
    "ar": "Karim/كريم Nadia/نادية Yassine/ياسين Salma/سلمى Tarik/طارق Hanane/حنان Anouar/أنور Zineb/زينب",
    "uk": "Dmytro/Дмитро Oksana/Оксана Taras/Тарас Halyna/Галина Bohdan/Богдан Solomiia/Соломія",
    "el": "Stavros/Σταύρος Eleni/Ελένη Nikos/Νίκος Despina/Δέσποινα Manolis/Μανώλης Katerina/Κατερίνα",
    "zh": "Bolin/博霖 Yunhe/云禾 Haoran/浩然 Qingzhu/青竹 Mingyuan/明远 Ruoxi/若溪",
    "ja": "Kenta/健太 Haruka/遥 Sota/颯太 Misaki/美咲 Ryohei/良平 Akane/茜",
    "fr": "Lucien Margaux Bastien Odile Gaspard Clémence",
    "de": "Jürgen Heike Torsten Birgit Sönke Wiebke",
    "pt": "Thiago Luzia Otávio Conceição Raimundo Iara",
    "sw": "Baraka Zawadi Juma Neema Hamisi Subira",
}
_STEM = {
    "ar": "Zelv/زلف Tumr/تمر Qasv/قسف Dhukk/ذك Wishm/وشم Ghazd/غزد Nuft/نفت",
    "uk": "Zhmar/Жмар Kvelt/Квельт Drobsh/Дробш Tulv/Тулв Perzh/Перж Hvint/Гвінт",
    "el": "Vrand/Βρανδ Kelz/Κελζ Myrtop/Μυρτοπ Tzelf/Τζελφ Drimp/Δριμπ",
    "zh": "Shuanglan/霜岚 Moquan/墨泉 Yanting/雁汀 Lupu/鹿浦",
    "ja": "Kirisaka/霧坂 Tsukunobe/月野辺 Amezawa/雨沢 Shiomiya/潮宮",
    "fr": "Brévon Castelmor Vaudrin Perchan Loubris",
    "de": "Hollwink Quastel Brunskat Tiefmor Zwerlen",
    "pt": "Tavorim Belquara Sarandel Moquira Valdoso",
    "sw": "Mbarug Kitwel Nyaruv Odhamb Wekunz",
}
_ENDING = {
    "ar": "ouni/وني affi/افي ekki/يكي",
    "uk": "enko/енко ychuk/ичук ak/ак",
    "el": "akos/άκος idis/ίδης oulis/ούλης",
    "zh": "/",
    "ja": "/",
    "fr": "court ignac eval",
    "de": "eler ing horst",
    "pt": "ense ato eira",
    "sw": "o i a",
}
_ENDING_OF_WOMEN = _ENDING | {"el": "akou/άκου idou/ίδου ouli/ούλη"}
#: How a clerk abroad writes the same sounds.
_OTHER_EARS = (
    ("ou", "u"),
    ("ss", "s"),
    ("ychuk", "itchouk"),
    ("zh", "j"),
    ("Zh", "J"),
    ("yt", "it"),
    ("k", "q"),
)

_Part = tuple[str, str]


@dataclass(frozen=True)
class Name:
    """One invented name; ``native`` equals ``latin`` where the country writes Latin letters."""

    given: _Part
    family: _Part
    gender: str
    family_first: bool = False

    @property
    def latin(self) -> str:
        """The name in Latin letters, given name first."""
        return f"{self.given[0]} {self.family[0]}"

    @property
    def native(self) -> str:
        """The name in the script of its country; in Chinese and Japanese the family comes first."""
        return self.family[1] + self.given[1] if self.family_first else f"{self.given[1]} {self.family[1]}"

    @property
    def variant(self) -> str:
        """The name as somebody with another mother tongue would write it down.

        Examples
        --------
        >>> Name(("Yassine", "ياسين"), ("Tumrouni", "تمروني"), "male").variant
        'Yasine Tumruni'
        """
        text = self.latin
        for sound, heard in _OTHER_EARS:
            text = text.replace(sound, heard, 1)
        return text if text != self.latin else f"{text}{text[-1]}"


def names(culture: str, rng: Random) -> Iterator[Name]:
    """Yield every name of one culture once, in an order drawn from ``rng``.

    Examples
    --------
    >>> len({name.latin for name in names("ar", Random(1))})
    168
    """
    family_first = culture in ("zh", "ja")
    drawn = [
        Name(given, (stem[0] + ending[0], stem[1] + ending[1]), gender, family_first)
        for given, gender, endings in _given(culture)
        for stem, ending in product(_pairs(_STEM[culture]), endings)
    ]
    rng.shuffle(drawn)
    yield from drawn


def _given(culture: str) -> Iterator[tuple[_Part, str, list[_Part]]]:
    """Yield each given name with its gender and the endings a family name may then have."""
    for place, given in enumerate(_pairs(_GIVEN[culture])):
        woman = place % 2 == 1
        endings = _ENDING_OF_WOMEN if woman else _ENDING
        yield given, "female" if woman else "male", _pairs(endings[culture])


def _pairs(words: str) -> list[_Part]:
    """Read ``latin/native latin/native``; without a stroke both are the same."""
    return [(latin, native or latin) for latin, _, native in (word.partition("/") for word in words.split())]
