# How Trialmark is built, run and tested. The longer parts are scripts: frontend/build.sh, end2end/test.sh.
.DEFAULT_GOAL := help
.PHONY: help run demo build test bench tools
MAKEFLAGS += --no-print-directory

PORT ?= 3000
TRIALMARK_DATA_DIR ?= ./data
TRIALMARK := $(or $(CARGO_TARGET_DIR),target)/release/trialmark
LISTEN := TRIALMARK_LISTEN=127.0.0.1:$(PORT)

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "  Another port: make run PORT=4000"

run: build ## build and start Trialmark, with its data in ./data
	@$(LISTEN) TRIALMARK_DATA_DIR="$(TRIALMARK_DATA_DIR)" exec $(TRIALMARK) serve

demo: build ## build and start it with the example business, on a throw-away database
	@$(LISTEN) exec $(TRIALMARK) demo

build: tools ## build what make run starts: target/release/trialmark
	@echo "1/2 Browser files (two minutes the first time, then a second)"
	@frontend/build.sh
	@echo "2/2 Server (eight minutes the first time, then a second)"
	@cargo build $(if $(CI),--locked) --release -p server --bin trialmark

bench: build ## measure speed and size, as ratios in one run
	@end2end/bench.sh

test: tools ## set up what is missing and run every test
	@end2end/test.sh

tools:
	@command -v cargo >/dev/null || { echo "Rust is missing: install it by https://rustup.rs"; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing: install gcc (Debian: apt-get install build-essential)"; exit 1; }
