# Two commands are all that a newcomer needs: `make run` and `make test`.
# Needs Python 3.11 or newer, make and git; Node.js for the polkadot-js test, Go for chains of many nodes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
COMETBFT := v0.40.0

.PHONY: run test faults check format install clean

run: install  ## Start a network: three subnets, a market, a live table. make run ARGS='--subnets text'
	$(BIN)/ganglion up $(ARGS)

test: install check  ## Everything that must hold: style, types, layers, tests with the real clients.
	$(BIN)/python -m tests.clients.environments
	$(BIN)/pytest -n 2 --dist loadgroup -m "not clients and not faults"
	$(BIN)/pytest -m clients

faults: install  ## What a replicated chain stands: kills, partitions, liars, full disks. Some minutes; root.
	$(BIN)/pytest -m faults

check: install  ## Style, types and import layers.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install  ## Put the code into the house's form.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

install: $(VENV)/.installed $(VENV)/.cometbft

$(VENV)/.cometbft: $(VENV)/.installed
	@if command -v go >/dev/null; then \
	  echo "CometBFT $(COMETBFT): compiled once, this takes a few minutes"; \
	  GOBIN=$(abspath $(BIN)) go install github.com/cometbft/cometbft/cmd/cometbft@$(COMETBFT) && touch $@; \
	else \
	  echo "Go is not here, so CometBFT is not installed: what needs many nodes is skipped"; \
	fi

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --editable '.[neuron,fast,dev]'
	$(BIN)/python -m ganglion.yuma.compiled  # compiles its loops now, so that no epoch waits for it
	touch $@

clean:
	rm -rf $(VENV) .venvs
