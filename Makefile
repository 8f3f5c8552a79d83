# SPDX-License-Identifier: Apache-2.0
# Short names for the CMake presets. `make help` lists the targets.
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 360
CPP_SOURCES = $(shell git ls-files '*.h' '*.cc')

# The tests build designs with tools of their own: this make's flags are none of theirs.
unexport MAKEFLAGS MFLAGS MAKELEVEL

.DEFAULT_GOAL := build
.PHONY: build setup setup-test test test-full build-tests fuzz demo results paper format tidy clean \
        help

build: setup  ## the command, at build/ternfab (default)
	cmake --preset release -DBUILD_TESTING=OFF
	cmake --build --preset release -j $(JOBS)

setup:  ## the Debian packages that a build needs
	@cmake/setup.sh build

setup-test:  ## the Debian packages that the tests need
	@cmake/setup.sh test

build-tests: setup-test  ## the command and the test programs
	cmake --preset release -DBUILD_TESTING=ON
	cmake --build --preset release -j $(JOBS)

test: build-tests  ## every test but the long ones
	ctest --preset release -j $(JOBS)

test-full: build-tests  ## every test
	ctest --preset full -j $(JOBS)

fuzz: setup-test  ## the readers of files with libFuzzer, FUZZ_SECONDS (360) a target
	tests/fuzz/build.sh
	tests/fuzz/run.sh $(FUZZ_SECONDS)

results: build  ## docs/results.md: every preset with models of real sizes
	python3 docs/results.py build/ternfab

paper: build  ## docs/paper_tables.md: published tables beside ours
	cmake --build --preset release --target paper_tables -j $(JOBS)
	build/paper_tables docs/paper_tables.md

demo: build  ## the side-by-side report of the shipped model
	build/ternfab demo

format: setup-test  ## clang-format on all C++ files
	clang-format -i $(CPP_SOURCES)

tidy: build-tests  ## clang-tidy on all C++ files
	run-clang-tidy -quiet -p build -j $(JOBS) '^$(CURDIR)/(common|models|codegen|host|sim|tests)/'

clean:  ## removes the build folders
	rm -rf build build-dev build-asan build-coverage build-fuzz

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
