# Every command makes what it needs first; `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
# Every command, and whatever it calls in turn, is the environment's.
export PATH := $(abspath $(BIN)):$(PATH)

# A name that the terminal can't write is written as \u738b, and stops no command.
export PYTHONIOENCODING ?= :backslashreplace

.DEFAULT_GOAL := help
.PHONY: help lab check clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What stops here is said in one line, before anything is half made.
WRITABLE = test -w . || { echo "This folder can't be written to: copy the course to one of your own."; exit 1; }

$(BIN)/python:
	@$(WRITABLE)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version 2>&1)."; \
	    echo "Install one and say which: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# Without a network pip would try for minutes, as often for each package.
export PIP_RETRIES ?= 2
export PIP_DEFAULT_TIMEOUT ?= 15

# Installs EXTRAS: it says so before it is silent for a while, and why where it fails.
define INSTALL
@echo "Installing the course into $(VENV): some hundred megabytes, for a minute or two."
@python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
  --editable ".[$(EXTRAS)]" || { \
    echo "The packages could not be installed; what stands above says why. It needs the network, and"; \
    echo "room on the disk: mend that, and run the same command again."; exit 1; }
endef

# Each stamp stands for one installed set of extras; a changed list installs again.
$(VENV)/lab.stamp: EXTRAS := lab
$(VENV)/lab.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL)
	@touch $@

# What JupyterLab keeps, and which panels it shows; only students have no instructor.mk.
SETTINGS := $(VENV)/etc/jupyter/labconfig/page_config.d/mlpkit.json
$(SETTINGS): mlpkit/lab.py | $(VENV)/lab.stamp
	@python -m mlpkit.lab $(if $(wildcard instructor.mk),--instructor)

# JupyterLab refuses to start for root, as whom most containers run.
IS_ROOT = test "$$(id -u)" = 0

lab: $(VENV)/lab.stamp $(SETTINGS)  ## open the course in JupyterLab (ARGS="--no-browser --port 9000")
	@$(WRITABLE)
	@$(IS_ROOT) && echo "You are root: JupyterLab is told that this is meant, by --allow-root." || true
	jupyter lab $$($(IS_ROOT) && echo --allow-root) --LabApp.default_url=/lab/tree/lectures/00_start_here.ipynb $(ARGS)

# An instructor's looks for more.
CHECK = mlpkit.environment

check: $(VENV)/lab.stamp  ## see whether this computer has what the course needs
	@python -m $(CHECK)

clean:  ## remove the environment and what tests left
	rm -rf $(VENV) artefacts dist build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis

# What instructors and developers need besides; students don't have this file.
-include instructor.mk
