"""Preferences are kept, and a damaged file is no reason to stop."""

from __future__ import annotations

import pytest

from desktop.shell.preferences import Choices, Preferences


def test_choices_are_kept(tmp_path):
    path = tmp_path / "data" / "preferences.json"
    Preferences(path).choose(language="ar", size=150)
    assert Preferences(path).choices == Choices(language="ar", size=150)
    assert [file.name for file in path.parent.iterdir()] == ["preferences.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"language": "xx", "size": "big", "theme": ["dark"]}', "\x00\xff"])
def test_a_damaged_file_means_the_defaults(tmp_path, text):
    path = tmp_path / "preferences.json"
    path.write_bytes(text.encode("latin-1"))
    assert Preferences(path).choices == Choices()


def test_what_is_unknown_is_refused_and_not_kept(tmp_path):
    preferences = Preferences(tmp_path / "p.json")
    with pytest.raises(ValueError, match="size"):
        preferences.choose(size=99)
    assert not (tmp_path / "p.json").exists()


def test_listeners_hear_a_change_once(tmp_path):
    preferences, heard = Preferences(None), []
    preferences.on_change(heard.append)
    preferences.choose(theme="dark")
    preferences.choose(theme="dark")
    assert [choices.theme for choices in heard] == ["dark"]
