"""pyproject.toml is the one list of dependencies; environment.yml and constraints.txt follow it."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
# conda-forge doesn't have these: pip installs them into the conda environment.
THROUGH_PIP = {"axe-playwright-python"}
# What conda-forge calls differently from PyPI.
CONDA_NAMES = {
    "jupyter-server": "jupyter_server",
    "jupyter-server-mathjax": "jupyter_server_mathjax",
    "matplotlib": "matplotlib-base",
    "playwright": "playwright-python",
}
ASKED_FOR = {"jupyterlab", "numpy", "matplotlib", "ipywidgets", "nbgrader", "nbval"}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def named(requirements):
    """Map each requirement's name to its range, markers left off."""
    pairs = (re.match(r"([\w.-]+)\s*([^;]*)", line).groups() for line in requirements)
    return {name: bounds.strip() for name, bounds in pairs}


def wanted(*extras):
    listed = project()["optional-dependencies"]
    return named(project()["dependencies"] + [line for extra in extras for line in listed[extra]])


def test_what_the_course_was_asked_to_use_is_listed():
    assert set(wanted("lab", "tools")) >= ASKED_FOR


def test_conda_environment_has_the_same_packages_and_ranges():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    conda = named(line for line in listed if isinstance(line, str))
    assert conda.pop("python") == project()["requires-python"]
    del conda["pip"]
    expected = wanted("lab", "grading", "tools", "test")
    assert conda == {
        CONDA_NAMES.get(name, name): bounds
        for name, bounds in expected.items()
        if name not in THROUGH_PIP
    }


def test_conda_environment_installs_the_rest_and_the_kit_itself_through_pip():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    (through_pip,) = [line["pip"] for line in listed if isinstance(line, dict)]
    expected = wanted("lab", "grading", "tools", "test")
    assert through_pip == [*(f"{name} {expected[name]}" for name in sorted(THROUGH_PIP)), "-e ."]


def test_constraints_pin_every_dependency_to_one_version_and_name_no_address():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    for line in pins:
        assert re.fullmatch(r"[\w.-]+==[\w.!]+", line), line
    pinned = {re.sub(r"[._]", "-", line.split("==")[0].lower()) for line in pins}
    expected = set(wanted("lab", "frameworks", "grading", "cluster", "tools", "test")) - {
        "tensorflow"
    }
    assert {name.lower() for name in expected} <= pinned


@pytest.mark.parametrize(
    "extra", ["lab", "frameworks", "grading", "cluster", "site", "tools", "test"]
)
def test_each_requirement_has_a_lower_bound(extra):
    for name, bounds in wanted(extra).items():
        assert bounds.startswith(">="), f"{name} in {extra} has no lower bound"
