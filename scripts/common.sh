# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts beside it: where things are, and how a script speaks.
# shellcheck shell=bash

# shellcheck disable=SC2034 # used by the scripts that source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/epidaurus
target=${CARGO_TARGET_DIR:-$cache/target}
env_file=$cache/env.mk
wasm_target=wasm32v1-none
speaker=${0##*/}

say() {
	printf '%s: %s\n' "$speaker" "$*" >&2
}

die() {
	say "$@"
	exit 1
}

# compile_wasm DIRECTORY ARGUMENT...: a runtime as WASM in a target directory of its own, with what the SDK's builder of
# runtimes tells the compiler, but neither compacted nor compressed.
compile_wasm() {
	local directory=$1
	shift
	CARGO_TARGET_DIR=$directory \
		RUSTFLAGS="-C link-arg=--export-table -C link-arg=--export=__heap_base -C link-arg=--import-memory --cfg substrate_runtime" \
		cargo "$@" --target "$wasm_target" --release --locked >&2
}
