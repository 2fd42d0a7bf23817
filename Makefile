# Two commands do all the set-up: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check bench bench-peers build strings setup pictures clean

setup:
	@$(PYTHON) packaging/setup.py

run: setup
	@$(BIN)/dalil demo

test: setup
	@$(BIN)/ruff check .
	@$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m i18n.strings check

strings: setup
	@$(BIN)/python -m i18n.strings update

pictures: setup
	@$(BIN)/python -m desktop.pictures --out docs/pictures

bench: setup
	@$(BIN)/python -m benchmarks --write docs/benchmarks.md

# PEER_BENCH: the folder of the comparison, whose run.sh installs the other engines
bench-peers: setup
	@$(BIN)/python -m benchmarks.others "$(PEER_BENCH)" --write docs/benchmarks.md

build:
	@$(PYTHON) packaging/setup.py build
	@$(BIN)/pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath build build.spec
	@dist/dalil/dalil --self-test

clean:
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
