"""What stands in the way of each attack and fault, as text to be taken out, and the test that must then fail.

Files are named below `insight_kernel`, tests below `tests`; `named` is part of the names of the tests, `or` between.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Removal:
    """One safeguard: the case it is for, what is replaced in which file, and which tests tell."""

    case: str
    file: str
    old: str
    new: str
    tests: str
    named: str


_ACTS, _KINDS, _NOTES = "gateway/test_acts.py", "gateway/acts/", "gateway/test_notes.py"
_RELEASES, _RUNS = "gateway/test_release_of_runs.py", "gateway/test_runs_that_end.py"
_ANSWERS, _RENDITIONS = "gateway/test_answers.py", "reports/test_renditions.py"
_IDENTITY, _AT_PAGE, _PAGE_ACTS = (
    "identity/test_identity.py",
    "identity/test_page.py",
    "identity/test_page_acts.py",
)
_DOOR, _WORLD = "gateway/door.py", "training/test_world_markers.py"

IDENTITY = (
    Removal("A2", "gateway/briefly.py", "_BELIEVED = 1.0", "_BELIEVED = 300.0", _IDENTITY, "revoked_token"),
    Removal("A3", _DOOR, 'if identity.kind != "user":', "if False:", _IDENTITY, "a_service_is_nobody"),
    Removal("A4", _DOOR, "if ASK_SCOPE not in identity.scopes:", "if False:", _IDENTITY, "without_the_scope"),
    Removal("A5", _DOOR, "if shown.in_url:", "if False:", _IDENTITY, "token_in_the_url"),
    Removal("A7", "gateway/standing.py", "if user.organisation != session.organisation:", "if False:",
            _IDENTITY, "moves_to_another"),
    Removal("A8", _DOOR, "if shown.peer != os.getuid():", "if False:", _IDENTITY, "uid_at_the_socket"),
    Removal("A9", _DOOR, "if case_group(session.case) not in identity.groups:", "if False:",
            _IDENTITY, "leaves_the_hub_group or another_cases_group"),
    Removal("A9", "gateway/standing.py", "if day >= case.end:", "if False:", _IDENTITY, "nothing_is_answered"),
    Removal("A9", "gateway/standing.py", "if session.purpose not in", "if False and session.purpose not in",
            _IDENTITY, "nothing_is_answered"),
    Removal("A11", _DOOR, "            raise self._outage() from None",
            "            return self._believed._kept[self._believed.hash(token)][1]", _IDENTITY, "without_the_hub_nobody"),
    Removal("A12", _DOOR, "if allowed.others:", "if False:", "identity/test_end_to_end.py", "shared_server"),
    Removal("A58", "gateway/page/app.py", 'form.pop("form", "") != visit.form', 'form.pop("form", "") is None',
            _AT_PAGE, "form_that_is_not_ours"),
    Removal("A58", "gateway/page/app.py", "if not is_ours(request) or", "if", _AT_PAGE, "form_that_is_not_ours"),
    Removal("A58", "gateway/page/login.py", "secrets.compare_digest(state.encode(), cookie.encode())", "True",
            _AT_PAGE, "begun_in_one"),
    Removal("A75", "gateway/hub.py",
            "if len(reached) != 1 or not reached[0].startswith(_BOUND):\n            return None",
            "if not reached:\n            return None", _IDENTITY, "not_of_one_server"),
    Removal("A76", "gateway/service.py", "if other or asked.necessity is not None:", "if False:",
            _IDENTITY, "code_cannot_state"),
    Removal("A1", "gateway/refusals.py", 'if weight == "full":', "if True:", _IDENTITY, "flood"),
    Removal("A50", "gateway/workspaces.py", "if old is not None and emptied is None:", "if False:",
            _IDENTITY, "replaced_workspace"),
)  # fmt: skip
"""Who is asking."""

RELEASE = (
    Removal("A10", "gateway/releases.py", "    if to in run.released:", "    if False:", _RELEASES, "release_again"),
    Removal("A10", _KINDS + "register.py", 'if act.state != "waiting":', "if False:", _ACTS, "act_is_decided_once"),
    Removal("A10", "gateway/page/proposals.py", "offered is not None and not offered.used", "True",
            _PAGE_ACTS, "confirmation_counts_once"),
    Removal("A43", "gateway/releases.py", "what = _granted(gateway, base, run, to) if verdict.granted else",
            "what = _granted(gateway, base, run, to) if True else", _RELEASES, "names_what_the_author_may_know"),
    Removal("A43", "policy/release.py", "whole and not blocking", "whole", _RELEASES, "names_what_the_author_may_know"),
    Removal("A43", "policy/release.py", "if not decide(asker, replace(label, expires=date.max), asked).visible:",
            "if False:", "policy/test_release.py", "told_of_a_refusal"),
    Removal("A43", "policy/release.py", 'or reason in _SHOWN:', "or True:", "policy/test_release.py",
            "told_of_a_refusal"),
    Removal("A43", "gateway/releases.py", 'gateway.audit.append({**base, "decision": "refused", **why})',
            'gateway.audit.append({**base, "decision": "refused"})', _RELEASES, "holds_every_true_reason"),
    Removal("A44", "gateway/signing.py",
            "if not hmac.compare_digest(self._signature(key, text).encode(), signature.encode()):", "if False:",
            "gateway/test_signed_labels.py", "a_wrong_one_is_refused"),
    Removal("A44", "gateway/signing.py",
            'return None if json.loads(text)["label"]["workspace"] == workspace else "label-of-another"',
            "return None", "gateway/test_signed_labels.py", "a_wrong_one_is_refused"),
    Removal("A45", "gateway/releases.py",
            "return verdict if run.recipient in (None, to) else replace(verdict, granted=False, other=True)",
            "return verdict", _RELEASES, "for_its_own_recipient"),
    Removal("A45", "policy/rules.py", "return ask.purpose in subject.purposes and ask.purpose in label.purposes",
            "return ask.purpose in label.purposes", "policy/test_release.py", "another_purpose"),
    Removal("A46", "policy/rules.py", "return must_be_asked(label, ask.recipient) <= ask.consented", "return True",
            _ACTS, "consent_opens_a_rendition"),
    Removal("A46", "policy/consent.py", "in_time = ask.day is not None and ask.day <= self.until", "in_time = True",
            "policy/test_consent.py", "what_a_consent_covers"),
    Removal("A46", "policy/consent.py",
            "asked = (ask.recipient, ask.purpose) == (self.recipient, self.purpose)", "asked = True",
            "policy/test_consent.py", "what_a_consent_covers"),
    Removal("A46", "policy/consent.py", "and label_mark(label) in self.labels", "", _ACTS, "ends_with_the_label"),
    Removal("A47", "gateway/releases.py", "if found != run.files[name]:", "if False:", _RELEASES, "report_changed"),
    Removal("A48", "gateway/service.py",
            "join = self.floating.of(session.workspace)\n        draft =", "join = ()\n        draft =", _NOTES,
            "own_workspace_only"),
    Removal("A48", "gateway/drafts.py", "if (d.target, d.workspace) == (target, workspace)", "if d.target == target",
            _NOTES, "own_workspace_only"),
    Removal("A49", "reports/process.py", '"HOME": str(folder)', '"HOME": os.environ["HOME"]', "reports/test_run.py",
            "sees_no_home"),
    Removal("A50", "gateway/service.py", "self.floating.add(session.workspace, new)", "pass", _ANSWERS,
            "floating_label_rises"),
    Removal("A51", _KINDS + "register.py", 'act.state == "waiting" and user != act.by and', 'act.state == "waiting" and',
            _NOTES + " " + _PAGE_ACTS, "nobody_declassifies_alone or nobody_decides_what_he_asked_for"),
    Removal("A51", _KINDS + "labelling.py",
            "alone=all(is_tighter(new, old) for old, new in self._new_labels(found, now))", "alone=True",
            _ACTS, "loosening_takes"),
    Removal("A52", "gateway/releases.py", "for name in (NOTEBOOK, PAGE)}\n    page",
            'for name in (NOTEBOOK, PAGE)} | {"data.csv": b""}\n    page', _RELEASES, "one_decision_is_for_all"),
    Removal("A53", "gateway/releases.py", "    refuse_leftovers(notebook)\n", "", _RELEASES, "leftover_is_refused"),
    Removal("A53", "leaving/page.py", 'raise _active("a comment")', "return", "leaving/test_last_look.py",
            "hides_nothing"),
    Removal("A53", "leaving/notebook.py", 'if o.get("name") != "stderr"', "", "leaving/test_last_look.py",
            "what_can_be_stripped"),
    Removal("F19", "gateway/service.py", "clear_unregistered(self.store.folder, self.runs)", "pass", _RUNS,
            "killed_run_left or killed_half_way"),
    Removal("F22", "gateway/signing.py", "if key not in self._keys:\n            return None",
            'if key not in self._keys:\n            return "forged-label"', "gateway/test_signed_labels.py",
            "of_an_older_key"),
)  # fmt: skip
"""What may leave."""

RULES = (
    Removal("A18", "gateway/loading.py", "        self._let_both_bind(event, profile)\n", "",
            "intake/test_two_labels.py", "both_bind"),
    Removal("A18", _KINDS + "labelling.py",
            "he officer.\"\"\"\n        return now.holds(user, \"owner-keeper\", act.what[\"owner\"]) or",
            "he officer.\"\"\"\n        return True or", "intake/test_two_labels.py", "only_the_owner_is_told"),
    Removal("F17", _KINDS + "labelling.py", "(both(label, other), scope)", "(other, scope)",
            "intake/test_two_labels.py", "both_bind"),
    Removal("A28", _KINDS + "completeness.py", "if len(small) == 1:", "if False:", "gateway/test_completeness.py",
            "what_is_left_out"),
    Removal("A28", _KINDS + "completeness.py", "SMALLEST = 5", "SMALLEST = 1", "gateway/test_completeness.py",
            "what_is_left_out"),
    Removal("A28", _KINDS + "completeness.py", "return Asked(found)", "return Asked(found, alone=True)",
            "gateway/test_completeness.py", "two_keepers"),
    Removal("A32", "store/existence.py", "key = (snapshot.state.change, bits)", 'key = (snapshot.state.change, "")',
            _ANSWERS, "two_readers"),
    Removal("A34", "policy/allowed.py", 'return "".join("1" if n in ids else "0"', 'return "".join("1" if True else "0"',
            _WORLD, "answers_hold"),
    Removal("A70", "gateway/recovery.py", "if change < self._committed:", "if False:", _ACTS, "older_than_the_last_load"),
    Removal("A70", _KINDS + "register.py", 'self._undone += [act] if act.state == "agreed" else []', "pass",
            _ACTS, "database_from_a_backup"),
    Removal("A72", _KINDS + "emergency.py",
            'return user != act.what["user"] and (keeper or now.holds(user, "officer"))',
            'return keeper or now.holds(user, "officer")', _ACTS, "needs_a_second_person"),
    Removal("A72", _KINDS + "emergency.py", "or not 1 <= hours <= LONGEST // timedelta(hours=1)", "", _ACTS,
            "needs_reason_and_end"),
    Removal("A72", _KINDS + "emergency.py", 'if time < datetime.fromisoformat(act.what["ends"])', "", "gateway/test_emergency_end.py",
            "after_its_end"),
    Removal("A72", "gateway/service.py", '**({"emergency": emergency} if emergency else {}),', "",
            "gateway/test_owners_view.py", "emergency_use_is_marked"),
    Removal("A77", "gateway/app.py", "for path in ACTS:", "for path in ():", _PAGE_ACTS, "keepers_notebook"),
    Removal("A77", "gateway/page/app.py", 'if "authorization" in request.headers:', "if False:", _AT_PAGE,
            "token_acts_nowhere"),
    Removal("A78", "policy/standing.py",
            "known.label(label) if number in standing.current else unexpiring(known.label(label))",
            "known.label(label)", _ACTS, "withdrawn_is_gone"),
    Removal("A79", "store/standing.py",
            "labels = labels | {new for _, old, new in each if old in labels and new is not None}", "list(each)",
            _ACTS + " store/test_standing.py", "tightened"),
    Removal("A80", "gateway/questions.py", "return join | window.witnesses(referred, join.labels)", "return join",
            _ANSWERS, "carries_the_labels"),
    Removal("A80", "gateway/questions.py", "return Found(pa.table({\"count\": [len(eids)]}), window.join_of_entities(types, eids))",
            "return Found(pa.table({\"count\": [len(eids)]}), window.join_of_entities(types, eids[:0]))",
            _ANSWERS, "carries_the_labels"),
    Removal("A81", "store/sql.py", "SELECT e.eid FROM ends AS e LEFT JOIN node AS n ON e.ref = n.eid\nGROUP BY e.eid\n"
            "HAVING count(DISTINCT e.role) = 2 AND bool_and(e.ref IS NULL OR n.eid IS NOT NULL)",
            "SELECT e.eid FROM ends AS e GROUP BY e.eid", "store/test_existence.py", "what_exists"),
    Removal("A81", "gateway/service.py", "if number is not None and len(window.existing([number], sensitive=True)):",
            "if number is not None:", _NOTES, "about_what_is_not_there"),
    Removal("A83", "gateway/sessions.py", "if self.recipient is not None:\n            subjects.append(",
            "if self.recipient is not None:\n            subjects = []\n            subjects.append(",
            _RENDITIONS, "wider_rights"),
    Removal("A83", "gateway/sessions.py", "if self.recipient is not None:", "if False:", _WORLD, "a_report_holds"),
    Removal("A84", "reports/worker.py", "if {entity.id for entity in found} != set(asked):", "if False:",
            "reports/test_run.py", "ids_are_looked_up"),
    Removal("A85", _KINDS + "groups.py", "day >= _since(act) + NOTICE", "day >= _since(act)",
            "gateway/test_groups_in_force.py", "what_counts"),
    Removal("A85", _KINDS + "groups.py", "return named or now.holds", "return now.holds", _ACTS,
            "group_change_is_announced"),
    Removal("A85", "gateway/in_force.py", "first(file) if before is None else", "first(file) if True else", _ACTS,
            "edited_in_the_file"),
    Removal("A86", "intake/clean.py", 'raise RejectedError(_STATUS, "missing, and the source profile has no person_status")',
            'return {**given, _STATUS: ["suspect"]}', "intake/test_bad_input.py", "person_has_a_status"),
    Removal("A86", "intake/clean.py", "self._label(kinds | self.profile.special.get(",
            "self._label(_NO_KINDS | self.profile.special.get(", "intake/test_protected_people.py",
            "stands_on_every_statement"),
    Removal("A86", "intake/clean.py", "kinds = _NO_KINDS.union(*map(self._kinds, entities))", "kinds = _NO_KINDS",
            "intake/test_protected_people.py", "stands_on_every_statement"),
    Removal("F16", "store/sql.py", "WHERE id NOT IN (SELECT id FROM record) AND id", "WHERE id", "intake/test_bad_input.py", "loading_again"),
    Removal("F18", "store/purge.py", "if act <= state.acts:", "if False:", "store/test_purge.py", "twice_is_once"),
    Removal("F18", "store/relabel.py", "if asked.act <= state.acts:", "if False:", "store/test_relabel.py",
            "applied_once"),
    Removal("F18", "store/opened.py", "clear_originals(self._database, self.folder)\n        return rewrite_if_unclean",
            "return rewrite_if_unclean", "store/test_originals.py", "finished_later"),
    Removal("F20", "gateway/floating.py", 'if "labels" in entry:', "if False:", _RUNS, "outlives_the_gateway"),
    Removal("F21", "gateway/service.py", "        recovery.settle(self.audit, self.store.change())\n        self.acts.settle()\n",
            "        recovery.settle(self.audit, self.store.change())\n        self.acts._undone.clear()\n", _ACTS,
            "database_from_a_backup"),
)  # fmt: skip
"""Who may see what, today."""

REMOVALS = (*IDENTITY, *RELEASE, *RULES)
