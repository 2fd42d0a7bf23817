# Two commands do all the set-up: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test faults simulate mutants mutation coverage check bench bench-peers build strings rights setup pictures clean

setup:
	@$(PYTHON) packaging/setup.py

run: setup
	@$(BIN)/dalil demo

# A worker that dies ends the run at once: a new one in its place would wait for ever for tests that nobody gives it.
# Workers take files in the order of `tests/conftest.py`, the long ones first.
test:
	@$(PYTHON) packaging/setup.py faults
	@$(BIN)/ruff check .
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

# The long form of tests/faults, hours of it; ONLY="power and edits" plays some, SHARE=0.1 a tenth of each. docs/faults.md says what it shows.
faults:
	@$(PYTHON) packaging/setup.py faults
	@mkdir -p build
	@DALIL_FAULTS=long DALIL_SHARE=$(or $(SHARE),1) DALIL_FIGURES=build/faults.jsonl nice -n 10 \
		$(BIN)/python -m pytest tests/faults -n 2 --dist load -o timeout=0 $(if $(ONLY),-k "$(ONLY)")
	@cat build/faults.jsonl

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(BIN)/python -m i18n.strings check

strings: setup
	@$(BIN)/python -m i18n.strings update

# The table of rights in the documents; a test says when it is no longer the policy.
rights: setup
	@$(BIN)/python -m resources.rights_page docs/droits.md

pictures: setup
	@$(BIN)/python -m desktop.pictures --out docs/pictures
	@$(BIN)/python -m desktop.journeys --out docs/pictures

bench: setup
	@$(BIN)/python -m benchmarks --write docs/benchmarks.md

# Goes on where it stopped; SEEDS=0..500 runs some of them, PLAN=people shared PCs, private scopes, local networks and sticks.
SEEDS ?= 0..20000
PLAN ?= alone
simulate: setup
	@$(BIN)/python -m tests.simulation run $(SEEDS) --plan $(PLAN)

# Plants each fault of tests/mutants in a copy of the project and ends with "N of N killed"; NAMES="echo_believed removal_wins" plants some.
mutants: setup
	@nice $(BIN)/python -m tests.mutants $(NAMES)

# Alters every expression of three files in a copy (build/mutation) and goes on where it stopped; ONLY="sync.merge*" tries some. See docs/mutants.md.
mutation: setup
	@$(BIN)/uv sync --quiet --frozen --inexact --all-extras --group dev --group mutation
	@mkdir -p build/mutation
	@cp -Rp sync i18n resources tests pyproject.toml build/mutation/
	@cd build/mutation && nice ../../$(BIN)/mutmut run --max-children 1 $(if $(ONLY),"$(ONLY)") && ../../$(BIN)/mutmut results

# Which lines and branches of the engine no test of the engine or the server runs.
coverage: setup
	@$(BIN)/uv sync --quiet --frozen --inexact --all-extras --group dev --group coverage
	@mkdir -p build
	@nice $(BIN)/coverage run -m pytest -q tests/sync tests/server
	@$(BIN)/coverage report

# PEER_BENCH: the folder of the comparison, whose run.sh installs the other engines
bench-peers: setup
	@$(BIN)/python -m benchmarks.others "$(PEER_BENCH)" --write docs/benchmarks.md

build:
	@$(PYTHON) packaging/setup.py build
	@$(BIN)/pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath build build.spec
	@dist/dalil/dalil --self-test

clean:
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache
