# Every command makes what it needs first; `make help` lists them.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
# nbgrader shells out to alembic, and notebooks to torchrun: both live beside this Python.
export PATH := $(abspath $(BIN)):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help lab check clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version 2>&1)."; \
	    echo "Install one and say which: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Each stamp stands for one installed set of extras; a changed list installs again.
$(VENV)/lab.stamp: pyproject.toml constraints.txt | $(BIN)/python
	python -m pip install --quiet --constraint constraints.txt --editable ".[lab]"
	@touch $@

lab: $(VENV)/lab.stamp  ## open the course in JupyterLab (ARGS="--no-browser --port 9000")
	jupyter lab --LabApp.default_url=/lab/tree/lectures/00_start_here.ipynb --LabApp.news_url=None $(ARGS)

check: $(VENV)/lab.stamp  ## see whether this computer has what the course needs
	python -m mlpkit.environment

clean:  ## remove the environment and what tests left
	rm -rf $(VENV) artefacts dist build *.egg-info .pytest_cache .ruff_cache .hypothesis

# What instructors and developers need besides; students don't have this file.
-include instructor.mk
