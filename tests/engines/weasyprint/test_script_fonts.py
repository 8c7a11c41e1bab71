"""The families of each script stand next to the profile's own."""

from __future__ import annotations

from lxml import etree

from service.engines.weasyprint import script_fonts
from service.model.text import label_rows


def test_the_rules_put_a_family_of_the_same_design_behind_each_base() -> None:
    rules = etree.fromstring(script_fonts.rules())
    found = {
        (rule.findtext("test[@name='lang']/string"), rule.findtext("test[@name='family']/string")): rule.findtext("edit/string")
        for rule in rules.iter("match")
    }
    assert found["ar", "Noto Serif"] == "Noto Naskh Arabic"
    assert found["hi", "Noto Sans"] == "Noto Sans Devanagari"
    assert len(found) == len(rules) == 3 * len(script_fonts.families())
    assert all(edit.get("mode") == "append" for edit in rules.iter("edit"))


def test_a_language_with_labels_has_families_if_its_script_needs_them() -> None:
    others = {"ar", "fa", "he", "hi", "th", "ur"}
    assert others <= label_rows.WORDS.keys() & script_fonts.families().keys()
