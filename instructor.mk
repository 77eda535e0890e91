# The part of the Makefile for instructors and developers.
# More than the two cores of a small machine: kernels, browsers and deadlines are waited for.
WORKERS ?= 3
CHECK = mlpkit.grading.course.check
.PHONY: quick test thorough lint course assignment assignments notebooks grade mark report feedback mlpkit nbgrader teeth bench site pdf release

$(VENV)/test.stamp: EXTRAS := lab,frameworks,grading,tools,test
$(VENV)/test.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL)
	@touch $@ $(VENV)/lab.stamp $(VENV)/grading.stamp $(VENV)/site.stamp $(VENV)/tools.stamp

# What `make quick` needs: neither frameworks nor a browser.
$(VENV)/tools.stamp: EXTRAS := lab,tools
$(VENV)/tools.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL)
	@touch $@ $(VENV)/lab.stamp

$(VENV)/grading.stamp: EXTRAS := lab,grading
$(VENV)/grading.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL)
	@touch $@ $(VENV)/lab.stamp

$(VENV)/site.stamp: EXTRAS := lab,site
$(VENV)/site.stamp: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL)
	@touch $@ $(VENV)/lab.stamp

lint: $(VENV)/tools.stamp  ## check style, format, that imports run one way, types, and lists of the course
	python -m tools.course --check
	ruff check .
	ruff format --check .
	lint-imports --no-logo
	mypy

# One thread a worker: more would only wait for each other.
quick test thorough: export OPENBLAS_NUM_THREADS ?= 1
# pytest keeps modules with their assertions rewritten, which takes a third of collecting them.
quick: export PYTHONDONTWRITEBYTECODE =
quick: lint  ## check style and what needs no browser, sandbox, installation or whole notebook
	python -m pytest --quick --numprocesses 2 $(ARGS)

test: $(VENV)/test.stamp lint  ## run everything, a few of each kind
	python -m pytest --numprocesses $(WORKERS) $(ARGS)

thorough: $(VENV)/test.stamp lint  ## run all of each kind: a hundred seeds, all kills, all Pythons
	python -m pytest --thorough --numprocesses $(WORKERS) $(ARGS)

course: $(VENV)/lab.stamp  ## write what course.toml and the notebooks say wherever the course repeats it
	python -m tools.course $(ARGS)

assignment: $(VENV)/grading.stamp  ## after a change of one: write its lists, run it, write its release, show its teeth (PS=ps2)
	@test -n "$(PS)" || { echo "Say which assignment: make assignment PS=ps2"; exit 1; }
	python -m tools.course
	python tools/run_notebooks.py solutions/$(PS)/$(PS).ipynb
	python tools/make_assignments.py $(PS)
	python -m tests.assignments.teeth $(PS)

assignments: $(VENV)/grading.stamp  ## write assignments/ anew from solutions/
	python tools/make_assignments.py

notebooks: $(VENV)/test.stamp  ## run lectures and solutions again and keep their outputs
	python tools/run_notebooks.py lectures/*.ipynb solutions/*/*.ipynb

grade: $(VENV)/grading.stamp  ## grade a class: make grade PS=ps2 (ARGS="--force --workers 4")
	@test -n "$(PS)" || { echo "Say which assignment: make grade PS=ps2"; exit 1; }
	mlpkit grade $(PS) $(ARGS)

mark: $(VENV)/grading.stamp  ## mark written answers, a question on a page: make mark PS=ps2
	@test -n "$(PS)" || { echo "Say which assignment: make mark PS=ps2"; exit 1; }
	mlpkit mark $(PS) $(ARGS)

feedback: $(VENV)/grading.stamp  ## write pages that are older than their marks: make feedback PS=ps2
	@test -n "$(PS)" || { echo "Say which assignment: make feedback PS=ps2"; exit 1; }
	mlpkit feedback $(PS) $(ARGS)

mlpkit: $(VENV)/grading.stamp  ## run any command of the kit: make mlpkit ARGS="due" (mlpkit --help lists them)
	mlpkit $(ARGS)

nbgrader: $(VENV)/grading.stamp  ## run any command of nbgrader: make nbgrader ARGS="db student list"
	nbgrader $(ARGS)

report: $(VENV)/grading.stamp  ## report on a graded class: make report PS=ps2; on the term: make report
	mlpkit report $(PS) $(ARGS)

bench: $(VENV)/test.stamp  ## measure speed: training, imports, explorers, grading (ratios in one run; 15 minutes)
	python -m tests.benchmarks.training
	python -m tests.benchmarks.imports
	python -m tests.benchmarks.explorers
	python -m tests.benchmarks.grading

site: $(VENV)/site.stamp  ## write the course as a book of pages, and as a PDF, into dist/site
	python -m tools.make_site dist/site $(ARGS)

pdf: $(VENV)/site.stamp  ## print the course as one PDF, dist/mlp-course.pdf
	@python -m tools.make_pdf $(ARGS)

teeth: $(VENV)/tools.stamp  ## show which planted mistakes the graders catch (PS=ps2 for one assignment)
	python -m tests.assignments.teeth $(PS)

# Only the PDF needs what the book needs.
FOR_PDF = $(if $(findstring --no-pdf,$(ARGS)),,$(VENV)/site.stamp)
release: $(VENV)/grading.stamp $(FOR_PDF)  ## pack what students need, and print the PDF where it is old (ARGS=--no-pdf)
	@python -m tools.make_release $(ARGS)
