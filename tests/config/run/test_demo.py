"""`make demo`: whoever runs it can go on from what it prints."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from config.embedded import announce_services
from config.run.demo import in_words, main, where

ROOT = Path(__file__).resolve().parent.parent.parent.parent


@pytest.fixture
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.django_db
def test_the_second_time_it_says_so_and_names_the_sign_ins_again(folder, capsys, monkeypatch):
    monkeypatch.setattr("django.setup", lambda: None)  # again, it would log into what is captured here
    call_command("demo_data", "--leads", "3", stdout=io.StringIO())
    announce_services(folder, {"web": "http://127.0.0.1:8123"})
    main()
    printed = capsys.readouterr().out
    assert "Nothing to do: there are 3 demo leads at Alder House already." in printed
    assert "Threshold is at http://127.0.0.1:8123\n" in printed
    passwords = json.loads((folder / "demo-sign-ins.json").read_text())
    assert len(passwords) == 4
    assert all(f"  {email:29}  {password}\n" in printed for email, password in passwords.items())


def test_the_first_time_it_says_what_there_is_now():
    made = {"site": "Alder House", "leads": 1500, "rows": {"leads": 1500}}
    assert in_words(made) == "There are 1500 demo leads at Alder House now."


def test_where_the_passwords_were_not_kept_it_says_how_to_set_one(tmp_path):
    assert "changepassword" in where(tmp_path)[-1]


def test_with_nothing_running_it_says_what_to_start_and_makes_nothing(tmp_path):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "mistyped")}
    command = [sys.executable, "-m", "config.run.demo"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "is not running. Start it with `make run`" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "mistyped").exists()
