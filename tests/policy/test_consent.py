"""Consent: it lifts rule 8 for exactly what it says, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import event, given

from insight_kernel.model.label import Label, Unreadable, read_label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import AllowedCache, Known, Stored
from insight_kernel.policy.consent import Consent, consenting, consents_for, label_mark
from insight_kernel.policy.decide import decide
from tests.build import DAY, ask, people, raw_label, subject
from tests.policy.strategies import asks, easy_subjects, labels

FRANCE = subject(user=None, organisation="FR")
BEFORE = frozenset({"0" * 16})
MAIL, ONE = "MA/mail", "MA/mail/r1"


def label(**fields: Any) -> Label:
    found = read_label(raw_label(**{"owner": "MA", "handling": ["H2"], **fields}))
    assert isinstance(found, Label)
    return found


def consent(**changes: Any) -> Consent:
    """Return Rabat's consent that its mail goes to France for the purpose `network`, with some of it changed."""
    usual = Consent("MA", frozenset({MAIL}), "FR", "network", DAY, frozenset({label_mark(label())}))
    return replace(usual, **changes)


@pytest.mark.case("A46")
@pytest.mark.parametrize(
    ("what", "given", "scope", "visible"),
    [
        ("none given", [], MAIL, False),
        ("given for the source", [{}], MAIL, True),
        ("given for the source, asked of some of it", [{}], ONE, True),
        ("given for these records", [{"scopes": frozenset({ONE})}], ONE, True),
        ("given for these records and another source", [{"scopes": frozenset({ONE, "MA/calls"})}], ONE, True),
        ("given for other records", [{"scopes": frozenset({ONE})}], "MA/mail/r11", False),
        ("given for these records, asked of the source", [{"scopes": frozenset({ONE})}], MAIL, False),
        ("for another source whose name begins alike", [{"scopes": frozenset({"MA/mai"})}], MAIL, False),
        ("for another recipient", [{"recipient": "DE"}], MAIL, False),
        ("for another purpose", [{"purpose": "investigate"}], MAIL, False),
        ("yesterday was its last day", [{"until": DAY - timedelta(days=1)}], MAIL, False),
        ("for another label than this one", [{"labels": BEFORE}], MAIL, False),
        ("for a wider label than this one", [{"labels": frozenset({label_mark(label(only=["FR"]))})}], MAIL, False),
        ("by somebody else", [{"owner": "DE"}], MAIL, False),
    ],
)  # fmt: skip
def test_what_a_consent_covers(what: str, given: list[dict[str, Any]], scope: str, visible: bool) -> None:
    """Owner, scope, recipient, purpose, day and the label it was given for must all be right."""
    known = Known(people(), frozenset(consent(**changes) for changes in given))
    asked = known.ask(ask(recipient="FR"), label(), scope)
    assert decide(FRANCE, label(), asked).visible is visible, what


def test_every_owner_named_must_consent() -> None:
    """One of two is not enough; the recipient itself need not be asked."""
    both = label(consent=["KE", "FR"])
    mark = frozenset({label_mark(both)})
    one, two = consent(labels=mark), consent(owner="KE", labels=mark)
    for all_given, visible in (({one}, False), ({two}, False), ({one, two}, True)):
        known = Known(people(), frozenset(all_given))
        assert decide(FRANCE, both, known.ask(ask(recipient="FR"), both, MAIL)).visible is visible


@pytest.mark.case("A46")
@given(found=labels, who=easy_subjects, asked=asks)
def test_consent_shows_nothing_that_another_rule_hides(found: Label, who: Subject, asked: Ask) -> None:
    """With everybody's consent, exactly rules 1 to 7 decide."""
    sent = replace(asked, recipient="JP")
    everybody = replace(sent, consented=found.consent | {found.owner})
    hidden = decide(who, found, replace(sent, recipient=None))
    event(f"{hidden.reason}")
    assert decide(who, found, everybody) == hidden


def test_consents_count_in_a_rendition_only_and_are_part_of_the_key() -> None:
    """A kept allowed set is not used once a consent is given or revoked."""
    cache, stored = AllowedCache(), Stored((label(),), (MAIL,))
    sets = [
        cache.get(FRANCE, asked, stored, Known(people(), given), {}).bits
        for asked, given in (
            (ask(), frozenset()), (ask(recipient="FR"), frozenset()), (ask(recipient="FR"), frozenset({consent()})),
            (ask(recipient="FR"), frozenset()),
        )
    ]  # fmt: skip
    assert sets == ["1", "0", "1", "0"]


def test_several_consents_add_up() -> None:
    """Each owner is named once."""
    given = [consent(), consent(scopes=frozenset({ONE})), consent(owner="KE")]
    assert consenting(given, label(), ONE, ask(recipient="FR")) == {"MA", "KE"}


def test_on_no_day_no_consent_holds() -> None:
    """A request without a day is refused, and breaks nothing."""
    assert not consenting([consent()], label(), MAIL, replace(ask(recipient="FR"), day=None))


def test_the_consents_printed_are_those_that_were_needed() -> None:
    """Not those of owners nobody had to ask, nor for what needs none, nor where nothing is known of the label."""
    given = [consent(), consent(owner="KE"), consent(recipient="DE")]
    sent = ask(recipient="FR")
    assert consents_for(given, label(), MAIL, sent) == [consent()]
    assert consents_for(given, label(handling=[]), MAIL, sent) == []
    assert consents_for(given, Unreadable(("x",)), MAIL, sent) == []
