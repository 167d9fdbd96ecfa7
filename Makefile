# The commands of the suite. `make run` is all a newcomer needs.

PYTHON ?= python3
PORT ?= 8000
export PORT

BOOT = $(PYTHON) -m demo.bootstrap

.PHONY: run reset test soak check bench journey demo-facts codegen schema lock screenshots

run:            ## Start everything on http://127.0.0.1:$(PORT)
	@$(BOOT) run --port $(PORT)
	@exec .venv/bin/python -m demo.run

reset:          ## Forget all data (not the downloaded packages)
	@$(BOOT) python
	@.venv/bin/python -m demo.reset

test:           ## Every test; fault and race tests at a small count
	@$(BOOT) test
	@.venv/bin/python -m demo.checks test

soak:           ## Fault, race and property tests at full count, with a report
	@$(BOOT) test
	@SOAK=1 .venv/bin/python -m demo.checks soak

check:          ## Lint, types, layers, schema drift
	@$(BOOT) check
	@.venv/bin/python -m demo.checks check

bench:          ## Benchmarks, each beside its peers
	@$(BOOT) python
	@.venv/bin/python -m bench

journey:        ## Walk through the whole suite over HTTP
	@$(BOOT) run
	@.venv/bin/python -m demo.journey

demo-facts:     ## What a visitor needs to try the demonstration, as JSON
	@$(BOOT) python >&2
	@.venv/bin/python -m demo.facts

screenshots:    ## Pictures of every screen for the documentation
	@$(BOOT) test
	@.venv/bin/python -m demo.screenshots

codegen:        ## Generate the client of the commerce core from its operations
	@$(BOOT) codegen
	@.venv/bin/python -m commerce.codegen

schema:         ## Print the storefront API's schema
	@.venv/bin/python -m storefront_api.print_schema > storefront_api/schema.graphql

UV = .venv/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header

lock:           ## Resolve the lock files anew
	$(UV) --extra suite --extra observability --extra redis --extra embedded --extra demo --extra bench --extra dev setup.cfg -o requirements/suite.lock
	$(UV) requirements/core.in -o requirements/core.lock
	$(UV) requirements/codegen.in -o requirements/codegen.lock
	npm install --package-lock-only
