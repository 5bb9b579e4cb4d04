# `make` alone prints the targets.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
CLASS := build/example-class

help: ## print the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

setup: .venv/.done ## install everything into .venv/ (torch for the CPU; see README for GPUs)

.venv/.done: pyproject.toml constraints.txt $(wildcard reference/fast/*.pyx reference/fast/*.h)
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make setup PYTHON=python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[service,develop]'
	touch $@

run: setup ## grade the bundled example class of a2 and write HTML reports
	rm -rf $(CLASS)
	$(BIN)/grader examples $(CLASS)
	$(BIN)/grader run --assignment a2 $(CLASS) --no-trainings --database sqlite:///build/example.db --html build/report
	@echo "Reports: build/report/index.html"

serve: setup ## start the whole service on this machine: http://127.0.0.1:8000 (see docs/operations.md)
	$(BIN)/grader serve

test: setup ## run the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadgroup

check: setup ## lint, formatting, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

verify: setup ## prove the suites: reference = full points, starter = 0, every mistake under its own name
	$(BIN)/grader verify

bench: setup ## print the benchmarks' ratios, side by side in one run
	$(BIN)/python -m benchmarks

clean: ## remove what was built
	rm -rf .venv build report

.PHONY: help setup run serve test check verify bench clean
