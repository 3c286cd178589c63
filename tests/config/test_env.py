"""Settings from the environment: typed, and loud when they are wrong."""

import pytest

from config import env


def test_text_prefers_the_value(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from file")
    monkeypatch.setenv("THING", "direct")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "secret"))
    assert env.text("THING") == "direct"


def test_text_reads_the_file_without_its_line_end(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from file\n")
    monkeypatch.setenv("THING_FILE", str(tmp_path / "secret"))
    assert env.text("THING", "default") == "from file"


def test_text_falls_back_to_the_default():
    assert env.text("THING", "default") == "default"


def test_text_says_what_to_set():
    with pytest.raises(env.MissingSetting, match="Set THING, or THING_FILE"):
        env.text("THING")


def test_text_does_not_pass_over_a_file_that_is_gone(monkeypatch):
    monkeypatch.setenv("THING_FILE", "/nowhere/secret")
    with pytest.raises(
        env.WrongSetting, match="THING_FILE is /nowhere/secret, which cannot be read: No such file"
    ):
        env.text("THING", "default")


@pytest.mark.parametrize(
    ("written", "meant"), [("on", True), ("TRUE", True), ("1", True), ("off", False), ("no", False)]
)
def test_flag_understands(monkeypatch, written, meant):
    monkeypatch.setenv("THING", written)
    assert env.flag("THING", default=not meant) is meant


def test_flag_refuses_what_it_does_not_understand(monkeypatch):
    monkeypatch.setenv("THING", "maybe")
    with pytest.raises(ValueError, match="THING must be on or off"):
        env.flag("THING", default=True)


def test_number_refuses_words(monkeypatch):
    monkeypatch.setenv("THING", "ten")
    with pytest.raises(env.WrongSetting, match="THING must be a whole number, not 'ten'"):
        env.number("THING", 1)


def test_networks_refuse_what_is_no_address(monkeypatch):
    monkeypatch.setenv("THING", "10.1.0.0/16,999.1.1.1")
    with pytest.raises(env.WrongSetting, match=r"THING must be a list .* not '999.1.1.1'"):
        env.networks("THING")


def test_items_are_split_and_trimmed(monkeypatch):
    monkeypatch.setenv("THING", " a, b ,,c")
    assert env.items("THING") == ["a", "b", "c"]


def test_secrets_are_read_by_name(monkeypatch):
    monkeypatch.setenv("THING", "front=abc, leaflets=whsec_MfKQ==")
    assert env.secrets("THING") == {"front": "abc", "leaflets": "whsec_MfKQ=="}
    monkeypatch.delenv("THING")
    assert env.secrets("THING") == {}


@pytest.mark.parametrize("value", ["abc", "front=", "=abc", "Front Desk=abc", "front=abc,front=def"])
def test_secrets_refuse_another_shape_without_repeating_it(monkeypatch, value):
    monkeypatch.setenv("THING", value)
    with pytest.raises(ValueError, match="THING must be a list") as refused:
        env.secrets("THING")
    assert "abc" not in str(refused.value)
