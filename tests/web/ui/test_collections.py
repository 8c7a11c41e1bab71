"""The folder of a program on the page: it is sent whole, and becomes one book by its settings."""

from __future__ import annotations

import zipfile
from pathlib import Path

from tests.web.ui.conftest import Visit, download

EXAMPLES = Path(__file__).parents[3] / "examples" / "collections"
TAKE = """async (files) => {
  const { take } = await import(new URL("static/inputs.js", document.baseURI).href);
  await take(files.map(([path, text]) => ({ path, file: new File([text], path.split("/").pop()) })));
}"""


def files_of(name: str) -> list[tuple[str, str]]:
    folder = EXAMPLES / name
    found = sorted(each for each in folder.rglob("*") if each.is_file())
    return [(f"{name}/{each.relative_to(folder).as_posix()}", each.read_text(encoding="utf-8")) for each in found]


def test_a_folder_becomes_the_book_that_its_program_makes(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    page.wait_for_selector("#formats input")
    page.evaluate(TAKE, files_of("gitbook"))
    page.wait_for_selector("#file-table :text('gitbook.zip')")
    page.check("#option-combine")
    page.uncheck("input[value=pdf]")
    page.check("input[value=epub]")
    page.click("#convert")
    made = download(page, "#result .artifacts a", tmp_path)
    with zipfile.ZipFile(made) as book:
        navigation = book.read("EPUB/nav.xhtml").decode()
        places = [navigation.index(title) for title in ("What a kite needs", "The frame", "The cover")]
        assert places == sorted(places) and "How this folder is kept" not in navigation
        assert any(name.endswith(".svg") for name in book.namelist())


def test_other_files_stay_files(visit: Visit) -> None:
    page = visit()
    page.wait_for_selector("#formats input")
    page.evaluate(TAKE, [["a/one.md", "# One"], ["a/two.md", "# Two"], ["a/.hidden.md", "# Hidden"]])
    page.wait_for_selector("#file-table :text('two.md')")
    assert page.locator("#file-table tbody tr").count() == 2
