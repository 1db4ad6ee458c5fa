PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check static format bench screenshots editor clean

run: .venv/run ## the console on http://localhost:8501
	$(BIN)/streamlit run app.py

test: .venv/dev ## everything the tests need, then the tests
	@command -v chromium >/dev/null || .ci/install-chromium
	$(BIN)/pytest

check: static ## format, lint, types, import contracts, tests
	$(BIN)/pytest

static: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev ## what the figures in docs/performance.md come from
	$(BIN)/python -m benchmarks

screenshots: .venv/dev ## the pictures in docs/images, from the real console
	$(BIN)/python -m docs.screenshots

editor: ## the editor's script from its sources; needs Node.js 20
	cd pages/components/editor && npm ci --ignore-scripts && npm run build

NO_VENV = $(PYTHON) cannot make environments here: install the package python3-venv (apt-get install python3-venv).

# uv installs in seconds what takes pip a minute; where it does not find the index that pip is set up for, pip does it.
INSTALL = $(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python -r $(1) || $(BIN)/pip install -q -r $(1)

.venv/run: requirements.txt
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo '$(NO_VENV)' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check uv==0.13.9
	$(call INSTALL,requirements.txt)
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	$(call INSTALL,requirements-dev.txt)
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
