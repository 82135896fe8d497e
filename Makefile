# Every command that a person or CI runs. `make` alone lists them. Scripts hold what is longer than a line or two.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/epidaurus
# One target directory outside the checkout, shared by all of cargo's callers.
export CARGO_TARGET_DIR ?= $(CACHE)/target

# scripts/setup runs before any goal that compiles and records its choice of toolchain here; make then reads it anew.
ENV_MK := $(CACHE)/env.mk
ifneq ($(filter build run test fuzz lint fmt bench bench-weights chain-specs attest examples network test-network lint-%,$(MAKECMDGOALS)),)
include $(ENV_MK)
$(ENV_MK): FORCE
	@scripts/setup
endif
FORCE:

# ONE selection of packages: another one unifies features differently and compiles the SDK again.
CARGO_BUILD := cargo build --workspace --bins --locked
CARGO_TEST := cargo test --workspace --locked --no-fail-fast

##  make setup          install what is missing to build (says what and why; ARGS=--print only shows it)
.PHONY: setup
setup:
	@scripts/setup $(ARGS)

##  make build          compile the node `epidaurus` and the client `epid`
.PHONY: build
build:
	@echo "building into $(CARGO_TARGET_DIR): half an hour the first time on two cores, seconds later"
	$(CARGO_BUILD)

##  make run            build, start a dev consortium, anchor and prove the FHIR examples, keep the node running
.PHONY: run
run: build examples
	@scripts/run-demo

##  make test           all tests: Rust, then JavaScript against the node
.PHONY: test
test: examples
	@failed=0; \
	$(CARGO_TEST) || failed=1; \
	(cd tests/js && npm ci --silent && npm test) || failed=1; \
	exit $$failed

##  make fuzz           fuzz what strangers can hand over (FUZZ_SECONDS=30 for each target; ARGS=bundles for one, ARGS=--help)
.PHONY: fuzz
fuzz:
	@scripts/fuzz $(ARGS)

# Its lib.rs leads into the client's files, which cargo fmt knows already.
FUZZ_SOURCES := $(filter-out fuzz/src/lib.rs,$(wildcard fuzz/src/*.rs fuzz/fuzz_targets/*.rs))

##  make lint           format, house rules, rules of dependencies and licences, clippy (of the fuzz targets, too), deny list for WASM code
.PHONY: lint lint-format lint-house lint-scripts lint-clippy lint-fuzz lint-wasm
lint: lint-format lint-house lint-scripts lint-clippy lint-fuzz lint-wasm

lint-format:
	cargo fmt --all --check
	rustfmt --edition 2021 --check $(FUZZ_SOURCES)

lint-house:
	scripts/check-deps --self-test
	scripts/check-deps
	scripts/check-house --self-test
	scripts/check-house

lint-scripts:
	grep -lE "^#!.*bash|shell=bash" scripts/* .ci/run 2>/dev/null | xargs -n 1 bash -n
	find tests/js client/typescript -name node_modules -prune -o -name '*.*js' -print | xargs --no-run-if-empty -n 1 node --check

# The runtime's own name in the variable, not the general SKIP_WASM_BUILD: build scripts outside this workspace watch that one.
lint-clippy:
	SKIP_EPIDAURUS_RUNTIME_WASM_BUILD=1 cargo clippy --workspace --all-targets --locked -- -D warnings

# A workspace of its own, which nothing else compiles: without this, a change of the client could break it unseen.
lint-fuzz:
	cargo clippy --manifest-path fuzz/Cargo.toml --locked --target-dir "$(CARGO_TARGET_DIR)/fuzz" --lib --bins -- -D warnings

lint-wasm:
	scripts/lint-wasm --self-test
	scripts/lint-wasm

##  make fmt            format all Rust code
.PHONY: fmt
fmt:
	cargo fmt --all
	rustfmt --edition 2021 $(FUZZ_SOURCES)

##  make examples       fetch the pinned FHIR R4 examples
.PHONY: examples
examples:
	@scripts/fetch-examples >/dev/null

##  make network        a relay chain with two validators and two collators of two organisations, until Ctrl-C
.PHONY: network
network: build
	@spec=$$(scripts/relay-spec) && \
	exec "$(CARGO_TARGET_DIR)/debug/epidaurus-network" run zombienet/local.toml --relay-spec "$$spec" --directory "$(CACHE)/network"

##  make test-network   test networks with faults: half an hour once all is built (ONLY="steady::" for some)
.PHONY: test-network
test-network: build
	@spec=$$(scripts/relay-spec) && next=$$(scripts/next-runtime) && \
	"$(CARGO_TARGET_DIR)/debug/epidaurus-network" test zombienet/faults.toml --relay-spec "$$spec" --next-runtime "$$next" \
		--directory "$(CACHE)/test-network" $(ONLY:%=--only=%)

##  make bench          measure everything beside what it is compared with, into docs/benchmarks.md (a quiet machine, ten minutes)
.PHONY: bench setup-bench
bench: setup-bench build examples
	cargo run --release --locked --package epidaurus-bench -- all --write docs/benchmarks.md

setup-bench:
	@scripts/setup --for bench

##  make bench-weights  measure all weights anew (PALLETS="pallet_ehr" for some; a quiet machine, two hours the first time)
.PHONY: bench-weights
bench-weights:
	scripts/bench-weights $(PALLETS)

##  make chain-specs    write the plain and raw specifications of the built-in chains into chain-specs/
.PHONY: chain-specs
chain-specs: build
	scripts/chain-specs

##  make attest         print the hashes of the runtime's WASM and of what it was built with (ARGS=--twice builds it in two places)
.PHONY: attest
attest: build
	scripts/attest $(ARGS)

##  make clean          forget everything built and fetched
.PHONY: clean
clean:
	rm -rf "$(CARGO_TARGET_DIR)" tests/data/node_modules tests/js/node_modules

.PHONY: help
help:
	@sed -n 's/^##  //p' Makefile
