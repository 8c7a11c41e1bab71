"""Settings: where they come from, in which order, and what an unreadable one does."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.model.settings import BY_NAME, SETTINGS, Settings


def test_order_of_precedence(tmp_path: Path) -> None:
    file = tmp_path / "colophon.toml"
    file.write_text('port = 1\nhost = "::1"\nthreads = 3\n', encoding="utf-8")
    environ = {"COLOPHON_CONFIG": str(file), "COLOPHON_PORT": "2", "COLOPHON_THREADS": "4"}
    settings = Settings.from_env(environ, port=5, threads=None)
    assert (settings.port, settings.threads, settings.host) == (5, 4, "::1")


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("FETCH_TIMEOUT", "soon"), ("OPEN", "perhaps"), ("WORKERS", "1.5")]
)
def test_unreadable_value_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"COLOPHON_{name}"):
        Settings.from_env({f"COLOPHON_{name}": value})


def test_unknown_setting() -> None:
    with pytest.raises(ValueError, match="unknown setting: prot"):
        Settings.from_env({}, prot=1)


def test_frozen() -> None:
    settings = Settings()
    with pytest.raises(AttributeError):
        settings.port = 1
    assert settings.as_dict().keys() == {setting.name for setting in SETTINGS}


def test_empty_data_dir_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Settings().data_dir == str(tmp_path / "colophon")


def test_what_may_hold_a_secret_is_withheld_from_workers() -> None:
    telling = ("url", "s3_", "secret", "password", "token", "credential", "allow")
    of_signing = {"sign", "sign_key", "sign_certificates"}
    named = {each.name for each in SETTINGS if each.unit == "URL" or any(word in each.name for word in telling)}
    of_delivery = {each.name for each in SETTINGS if each.name.startswith(("deliver_", "mail_"))}
    assert named | of_signing | of_delivery == {each.name for each in SETTINGS if each.withheld}
    given = Settings(database_url="postgresql://u:secret@h/d", max_text=7).for_workers()
    assert given["max_text"] == 7
    assert "secret" not in str(given)


@pytest.mark.parametrize(("name", "value"), [("sandbox", "strcit"), ("log_level", "LOUD"), ("store", "s4"), ("backend", "celry")])
def test_a_closed_set_refuses_other_values_and_names_its_own(name: str, value: str) -> None:
    """`sandbox=strcit` meant `auto` in silence."""
    with pytest.raises(ValueError, match=BY_NAME[name].choices[0]) as caught:
        Settings.from_env({f"COLOPHON_{name.upper()}": value})
    assert f"COLOPHON_{name.upper()}" in str(caught.value)
