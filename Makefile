# lovelm: `make run` and `make test` work on a fresh machine; `make help` lists the rest.
#
# Run, test and bench share one build of everything: cargo would otherwise compile the engine once for each of them.

SHELL := /bin/bash
export PATH := $(PATH):$(HOME)/.cargo/bin
BIN := $(or $(CARGO_TARGET_DIR),target)/release/lovelm
SOAK := $(or $(CARGO_TARGET_DIR),target)/release/lovelm-soak

.DEFAULT_GOAL := help
.PHONY: help run test bench bench-safety soak lint build

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Start the fleet; ARGS go to `lovelm run`, standard input to the console
	@exec $(BIN) run $(ARGS)

test: build ## All tests, with what `make run` built
	@deploy/prepare test
	@cargo test --release --workspace --tests --no-fail-fast </dev/null

bench: build ## All benchmarks, with what `make run` built
	@cargo bench --workspace --bench '*' </dev/null

bench-safety: build ## What the safety and privacy doors see, on our labelled lines, and that their time is linear
	@cargo bench --workspace --bench safety </dev/null

soak: build ## The long soaks and their figures; ARGS such as `kills --seed 7 --events 20000 --blows 500`, or `twitch`
	@if [ "$(ARGS)" = twitch ]; then \
		LOVELM_SOAK=1 cargo test --release --workspace --test twitch -- --nocapture soak:: night:: </dev/null; \
	else exec $(SOAK) $(ARGS); fi

lint: ## Format, clippy, and cargo deny where it is installed
	@cargo fmt --all --check
	@cargo clippy --release --workspace --all-targets --quiet -- -D warnings </dev/null
	@if cargo deny --version >/dev/null 2>&1; then cargo deny --log-level error check bans licenses sources; fi

# Standard output belongs to the answers.
build: ## Everything, once, in the release profile
	@deploy/prepare
	@cargo build --release --workspace --all-targets </dev/null >&2
