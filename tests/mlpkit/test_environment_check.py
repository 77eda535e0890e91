"""The check of the first notebook says what is missing and how to get it."""

import re
from importlib import metadata
from pathlib import Path

import pytest

from mlpkit import environment


def test_here_everything_a_student_needs_is_found():
    assert not [line for line in environment.check() if line.startswith("✗")]


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch):
    version = metadata.version

    def without_jupyterlab(name):
        if name == "jupyterlab":
            raise metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(metadata, "version", without_jupyterlab)
    packages, button = environment.check()[:2]
    assert packages.startswith("✗") and "jupyterlab>=4.2: not installed" in packages
    assert 'pip install --editable ".[lab]"' in packages and button.startswith("✗")


def test_an_old_package_is_named_with_the_version_found(monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "0.1")
    assert "numpy>=2.1: found 0.1" in environment.missing_packages()


def test_a_missing_extension_is_seen(monkeypatch):
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: ["/nowhere"])
    assert environment.check()[1].startswith("✗ the Validate button")


def test_a_folder_that_cannot_be_written_to_is_seen():
    assert environment.check("/proc/nowhere")[2].startswith("✗ this folder can be written to")


def test_an_optional_extra_that_is_missing_is_no_failure(monkeypatch):
    real = environment.missing_packages
    monkeypatch.setattr(
        environment,
        "missing_packages",
        lambda extra=None: ["torch"] if extra == "frameworks" else real(extra),
    )
    assert environment.check()[3].startswith(f"– {environment.OPTIONAL['frameworks']}: optional")


def test_the_lectures_that_use_frameworks_are_those_that_are_named():
    using = {
        str(int(path.name[:2]))
        for path in (Path(__file__).parents[2] / "lectures").glob("*.ipynb")
        if re.search(r"import (torch|tensorflow)\b", path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"\d", environment.OPTIONAL["frameworks"])) == using


def test_an_unknown_extra_is_refused_by_name():
    with pytest.raises(ValueError, match=r"extra must be one of .*lab.*, got 'labs'"):
        environment.missing_packages("labs")


def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch):
    environment.require("matplotlib", extra="lab")
    monkeypatch.setattr(environment, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"matplotlib is missing: .*install.*\.\[lab\]"):
        environment.require("matplotlib", extra="lab")
