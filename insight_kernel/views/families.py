"""Which colour and shape a schema is drawn in: a dozen families, told apart by form as well as by colour."""

from dataclasses import dataclass

from matplotlib.path import Path as Outline

from insight_kernel.views import style

_PAGE = Outline([(-0.38, -0.5), (0.38, -0.5), (0.38, 0.5), (-0.38, 0.5), (-0.38, -0.5)], closed=True)
_DIAMOND = Outline([(0, -0.58), (0.58, 0), (0, 0.58), (-0.58, 0), (0, -0.58)], closed=True)
_LOZENGE = Outline([(0, -0.6), (0.36, 0), (0, 0.6), (-0.36, 0), (0, -0.6)], closed=True)
_CARD = Outline([(-0.5, -0.34), (0.5, -0.34), (0.5, 0.34), (-0.5, 0.34), (-0.5, -0.34)], closed=True)


@dataclass(frozen=True)
class Family:
    """Schemata that are drawn alike; ``one`` and ``many`` name them in legend and description."""

    one: str
    many: str
    fill: str
    shape: str | Outline
    schemata: tuple[str, ...]


PERSON = Family("person", "persons", "#0072b2", "o", ("Person", "LegalEntity"))
FAMILIES = (
    PERSON,
    Family(
        "organisation",
        "organisations",
        "#e69f00",
        "s",
        ("Organization", "Company", "PublicBody", "Position", "Asset"),
    ),
    Family("vehicle", "vehicles", "#009e73", _DIAMOND, ("Vehicle", "Airplane", "Vessel", "Trailer", "Train")),
    Family(
        "phone or device", "phones and devices", "#b0528c", "h", ("PhoneNumber", "PhoneAccount", "Device")
    ),
    Family(
        "account", "accounts", "#d55e00", _CARD, ("BankAccount", "CryptoWallet", "UserAccount", "Security")
    ),
    Family("place", "places", "#56b4e9", "v", ("Address", "RealEstate", "Place", "Camera")),
    Family(
        "event",
        "events",
        "#d9c300",
        "^",
        ("Event", "Offence", "Observation", "PlateRead", "Call", "Trip", "Seizure"),
    ),
    Family(
        "document",
        "documents",
        "#aab4be",
        _PAGE,
        (
            *(
                "Document",
                "Pages",
                "PlainText",
                "HyperText",
                "Table",
                "Workbook",
                "Image",
                "Video",
                "Audio",
                "Email",
            ),
            *("Message", "Folder", "Package", "Article", "Mention", "Note"),
        ),
    ),
    Family("identity paper", "identity papers", "#3d8f8f", "p", ("Identification", "Passport")),
    Family(
        "notice or case",
        "notices and cases",
        "#4a5568",
        "8",
        ("Notice", "Diffusion", "Warrant", "CaseFile", "CourtCase", "Sanction", "Project"),
    ),
    Family(
        "firearm or drug",
        "firearms and drugs",
        "#8c3b3b",
        _LOZENGE,
        ("Firearm", "Drug", "CompositeSketch", "ImageHash"),
    ),
)
UNKNOWN = Family("other", "others", style.OTHER, "P", ())


def family_of(schema: str) -> Family:
    """Return the family of a schema by its name; unknown names are "other"."""
    return next((family for family in FAMILIES if schema in family.schemata), UNKNOWN)
