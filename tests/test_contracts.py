"""Every reader, pass, writer, error, notice, setting and option keeps its promises; found from its table."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from service.jobs.backends import BACKENDS
from service.model import catalogue, profiles
from service.model.errors import ColophonError, error_classes, from_dict
from service.model.formats import INPUT_FORMATS, OUTPUT_FORMATS
from service.model.metadata import FIELDS
from service.model.notices import NOTICES
from service.model.operations import OPERATIONS, Operation
from service.model.options import OPTIONS, Option
from service.model.settings import BY_NAME, SETTINGS, Settings
from service.passes import PASSES
from service.readers import READERS
from service.telemetry.timings import FRONT
from service.web import messages
from service.workers import main
from service.workers.deadlines import limits_of
from service.writers import WRITERS
from tests import messages as sources
from tests.jobs.test_chaos import PAIRS

ROOT = Path(__file__).resolve().parent.parent
KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@pytest.mark.parametrize("name", INPUT_FORMATS)
def test_input_format(name: str) -> None:
    each = INPUT_FORMATS[name]
    assert each.name == name
    assert each.suffixes and all(suffix.startswith(".") and suffix == suffix.lower() for suffix in each.suffixes)
    assert each.media_types and all("/" in media_type for media_type in each.media_types)
    assert each.carries, "say what metadata the format carries"
    assert re.compile(each.references, re.X).groups or not each.references
    assert list((ROOT / "tests" / "readers").glob(f"test_{name}*.py")), f"reader {name} has no test file"


def test_each_format_has_its_reader_or_writer() -> None:
    assert list(READERS) == list(INPUT_FORMATS)
    assert list(WRITERS) == list(OUTPUT_FORMATS)


def test_input_formats_share_no_name() -> None:
    for names in (
        [each.suffixes for each in INPUT_FORMATS.values()],
        [(each.name, *each.aliases) for each in INPUT_FORMATS.values()],
    ):
        flat = [name for some in names for name in some]
        assert len(flat) == len(set(flat))


def named_by_tables() -> set[str]:
    """`kind.code` of each text that a user meets. The rows of options have their labels and help in both languages."""
    return {
        *(f"notice.{code}" for code in NOTICES),
        *(f"problem.{code}" for code in error_classes()),
        *(f"remedy.{code}" for code in error_classes()),
        *(f"value.{name}" for name in SHARED_VALUES),
        *(f"value.profile.{name}" for name in profiles.names()),
        *(f"value.{name}.{choice}" for name, row in OPTIONS.items() for choice in row.choices if choice not in SHARED_VALUES),
        *(f"field.{name}" for name in FIELDS),
    }


SHARED_VALUES = ("auto", "on", "off", "none")  # the same words in all options, unless an option has its own


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_each_code_has_a_text_in_each_language(language: str) -> None:
    """Add the text to service/model/catalogue/: zh.json, and en.json where no table has the English text."""
    found = messages.texts(language)
    assert named_by_tables() - found.keys() == set(), f"service/model/catalogue/{language}.json lacks these"
    assert all(text.strip() for text in found.values())


def test_the_catalogue_has_no_unknown_code() -> None:
    english = messages.texts("en")
    assert {name for name in messages.texts("zh") if not name.startswith("detail.")} <= english.keys()
    known = named_by_tables()
    others = {name for name in english if name not in known and not name.startswith("value.")}
    assert {name for name in others if name.removeprefix("advice.") not in NOTICES} == set()
    assert {name for name in english if name.startswith("advice.")} <= messages.texts("zh").keys()
    assert {name for name in english if name.startswith("value.")} <= messages.texts("zh").keys()


def test_the_messages_of_the_source_are_in_the_catalogue() -> None:
    """A detail has its English text as its key, with {} for values; the Chinese has {} or {2}."""
    details = {name.removeprefix("detail."): text for name, text in messages.texts("zh").items() if name.startswith("detail.")}
    missing = sorted(sources.shown() - details.keys())
    assert missing == [], f"add a line for each to `detail` in service/model/catalogue/zh.json: {missing}"
    assert [text for text, words in details.items() if text.count("{}") != len(re.findall(r"\{\d?\}", words))] == []


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_output_format(name: str) -> None:
    each = OUTPUT_FORMATS[name]
    assert each.name == name
    assert each.suffix.startswith(".")
    assert "/" in each.media_type
    assert WRITERS[name].images <= {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"}
    assert (ROOT / "tests" / "writers" / f"test_{name}.py").is_file(), f"writer {name} has no test file"


@pytest.mark.parametrize("name", BACKENDS)
def test_backend_survives_the_chaos(name: str) -> None:
    assert {(name, database) for database in ("sqlite", "postgresql")} <= set(PAIRS)


@pytest.mark.parametrize("name", [each.name for each in PASSES])
def test_pass_has_a_test_file(name: str) -> None:
    assert (ROOT / "tests" / "passes" / f"test_{name}.py").is_file()


def test_read_passes_come_before_write_passes() -> None:
    stages = [each.stage for each in PASSES]
    assert stages == sorted(stages, key=["read", "write"].index)
    assert len({each.name for each in PASSES}) == len(PASSES)


@pytest.mark.parametrize("code", error_classes())
def test_error(code: str) -> None:
    cls = error_classes()[code]
    assert KEBAB.fullmatch(code)
    assert 400 <= cls.status <= 599
    assert cls.title.endswith(".")
    assert code == from_dict(cls("why").as_dict()).code


def test_errors_have_codes_of_their_own() -> None:
    todo, codes = [ColophonError], []
    while todo:
        for cls in todo.pop().__subclasses__():
            codes.append(cls.code)
            todo.append(cls)
    assert len(codes) == len(set(codes)) + codes.count("internal-error") - 1


@pytest.mark.parametrize("code", NOTICES)
def test_notice_is_used(code: str) -> None:
    assert KEBAB.fullmatch(code)
    severity, meaning = NOTICES[code]
    assert severity in {"info", "warning"}
    assert meaning.endswith(".")


def string_constants() -> set[str]:
    files = [file for top in ("service", "schemas") for file in (ROOT / top).rglob("*.py") if file.name != "notices.py"]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_notice_is_given_somewhere() -> None:
    unused = set(NOTICES) - string_constants()
    assert not unused, f"no code gives these notices: {sorted(unused)}"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_setting(setting: object) -> None:
    assert setting.help.endswith(".")  # type: ignore[attr-defined]


@pytest.mark.parametrize("option", OPTIONS.values(), ids=lambda option: option.name)
def test_option(option: Option) -> None:
    assert option.help.en.endswith(".") and option.help.zh.endswith("。")
    assert option.label.en and option.label.zh and not option.label.en.endswith(".")
    assert set(option.formats) <= set(OUTPUT_FORMATS)
    assert not option.choices or option.default in option.choices
    assert set(option.choices) >= set(option.offered) or not option.choices
    if option.check:
        for text in filter(None, (option.default, *option.offered)):
            option.check(str(text))


def test_options_of_the_page_have_places_of_their_own() -> None:
    places = sorted(option.place for option in OPTIONS.values() if option.place > 0)
    assert places == list(range(1, len(places) + 1))


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_operation_of_a_worker(operation: Operation) -> None:
    assert operation.deadlines and {BY_NAME[name].unit for name in operation.deadlines} == {"seconds"}
    assert limits_of(operation.name, Settings(), None).steps == tuple(Settings()[name] for name in operation.deadlines)
    assert FRONT[operation.name] == operation.timing and operation.timing.endswith(".")
    assert len(inspect.signature(main.OPERATIONS[operation.name]).parameters) == 3
