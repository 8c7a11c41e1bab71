"""Profiles of COLOPHON_PROFILES: what is wrong with one is said before anything is converted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from schemas import house_profiles, options
from service.model import profiles
from service.model.errors import ValidationFailed
from service.model.profiles import house
from service.model.settings import Settings

EXAMPLE = Path(__file__).parents[2] / "examples" / "profile" / "lighthouse"


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of COLOPHON_PROFILES, with the example in it."""
    shutil.copytree(EXAMPLE, tmp_path / "profiles" / "lighthouse")
    monkeypatch.setenv("COLOPHON_PROFILES", str(tmp_path / "profiles"))
    profiles.forget()
    yield tmp_path / "profiles"
    profiles.forget()


def written(top: Path, text: str, name: str = "bad") -> Path:
    (top / name).mkdir(exist_ok=True)
    (top / name / "profile.yaml").write_text(text, encoding="utf-8")
    return top / name


def test_the_example_is_a_profile(top: Path) -> None:
    house_profiles.check()
    assert profiles.names() == ("article", "book", "paper", "report", "lighthouse")
    found = profiles.load("lighthouse")
    assert (found.title, found.mirrored) == ("Lighthouse", False)
    assert found.print_css == profiles.load("report").print_css
    conversion = options.load(("pdf",), {"profile": "lighthouse", "toc": False})
    assert (conversion.font, conversion.toc, conversion.number_sections) == ("serif", False, False)
    assert profiles.path("lighthouse", "reference.docx") == profiles.path("report", "reference.docx")
    assert Settings.from_env().profiles == str(top)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must be a mapping with the key title"),
        ("title: [", "profile.yaml:1: expected the node content"),
        ("description: x", "the key title is missing"),
        ("title: x\npritn: [a.css]", "unknown key 'pritn'. Did you mean print?"),
        ("title: x\nprint: a.css", "print must be a list of names"),
        ("title: x\nprint: [../a.css]", "print: '../a.css' must be the name of a file in the folder that ends in .css"),
        ("title: x\nprint: [a.css]", "print: there is no file a.css in the folder"),
        ("title: x\nextends: letter", "extends must be one of article, book, paper, report"),
        ("title: x\noptions: {papre: a4}", "options: papre: Unknown option"),
        ("title: x\noptions: {paper: a99}", "options: paper: "),
        ("title: x\noptions: {css: 'p {}'}", "css cannot be an option of a profile"),
        ("title: x\noptions: {cover: a.png}", "cover must be one of auto"),
        ("title: x\ntemplate: look.docm", "must be the name of a file in the folder that ends in .dotx or .docx"),
        ("title: !!python/object:os.system x", "could not determine a constructor"),
        ("title: &a [*a]", "title must be a text"),
    ],
)
def test_a_broken_profile_stops_the_start(text: str, said: str, top: Path) -> None:
    written(top, text)
    with pytest.raises(ValueError, match=r"COLOPHON_PROFILES: bad/profile\.yaml") as error:
        house_profiles.check()
    assert said in str(error.value)


def test_links_and_wrong_names_are_refused(top: Path) -> None:
    folder = written(top, "title: x\nprint: [a.css]")
    (folder / "a.css").symlink_to("/etc/hostname")
    assert any("or it is a link" in each for each in house_profiles.problems(folder))
    assert any("name of a built-in profile" in each for each in house_profiles.problems(written(top, "title: x", "book")))
    assert profiles.load("book").title == "Book"
    assert "Upper Case" not in house.folders() and written(top, "title: x", "Upper Case").is_dir()
    assert any("small letters" in each for each in house_profiles.problems(top / "Upper Case"))


def test_a_profile_that_breaks_later_is_a_clear_problem(top: Path) -> None:
    written(top, "title: x", "lighthouse")
    (top / "lighthouse" / "profile.yaml").write_text("title: 3", encoding="utf-8")
    with pytest.raises(ValidationFailed) as error:
        profiles.load("lighthouse")
    assert "title must be a text" in error.value.places[0].detail


def test_the_folder_may_be_named_in_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(f'profiles = "{tmp_path}"\n', encoding="utf-8")
    assert house.configured({"COLOPHON_CONFIG": str(tmp_path / "c.toml")}) == tmp_path
    assert house.configured({}) is None


def test_a_folder_that_is_missing_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOPHON_PROFILES", str(tmp_path / "none"))
    with pytest.raises(ValueError, match="is not a folder"):
        house_profiles.check()


def test_the_schema_describes_the_example() -> None:
    said = yaml.safe_load((EXAMPLE / "profile.yaml").read_text(encoding="utf-8"))
    schema = house.schema()
    assert said.keys() <= schema["properties"].keys() and set(schema["required"]) <= said.keys()
