#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs the packages that are missing. usage: setup.sh build|test
# `build`: what `make build` and `make demo` need. `test`: that and what the tests need.
# Quick and silent when all are there. Without the right to install it names them and fails; only
# the npm packages of the comparison's page may be missing in a build, which then refuses --html.
set -eu

build_packages="
  g++ clang cmake ninja-build make pkg-config ccache verilator
  libfmt-dev libyaml-cpp-dev nlohmann-json3-dev libcli11-dev libexpected-dev
  libpcre2-dev libsentencepiece-dev zlib1g-dev libsystemc-dev"
test_packages="
  yosys nextpnr-ice40 fpga-icestorm fpga-icestorm-chipdb iverilog clang-format clang-tidy
  libgtest-dev libgmock-dev libbenchmark-dev libclang-rt-dev
  g++-aarch64-linux-gnu qemu-user device-tree-compiler python3 sentencepiece chromium
  opensta qflow-tech-osu018"

web="$(dirname "$0")/../sim/compare/web"

# A node of another origin serves as well as Debian's.
command -v npm >/dev/null || build_packages="$build_packages nodejs npm"

case "${1:-}" in
  build) wanted="$build_packages" ;;
  test) wanted="$build_packages $test_packages" ;;
  *) echo "usage: $0 build|test" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
  echo "setup: not a Debian system; these packages' equivalents are needed:" $wanted >&2
  exit 0
fi

install_npm() {
  lock="$web/package-lock.json"
  [ ! "$web/node_modules/.package-lock.json" -nt "$lock" ] || return 0
  echo "setup: installing the npm packages of the comparison's page"
  npm ci --prefix "$web" --ignore-scripts --silent && touch "$web/node_modules/.package-lock.json" &&
    return 0
  rm -rf "$web/node_modules"
  echo "setup: could not install them: this build will refuse compare --html" >&2
  [ "$1" = build ]
}

# One dpkg-query for all: it prints nothing of a package that it does not know.
installed=" $(dpkg-query -W -f='${db:Status-Status}=${Package}\n' $wanted 2>/dev/null |
  sed -n 's/^installed=//p' | tr '\n' ' ')"
missing=""
for package in $wanted; do
  case "$installed" in
    *" $package "*) ;;
    *) missing="$missing $package" ;;
  esac
done
if [ -z "$missing" ]; then
  install_npm "$1"
  exit
fi

if [ "$(id -u)" -eq 0 ]; then
  as_root=""
elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
  as_root="sudo"
else
  echo "setup: missing packages, and no right to install them:$missing" >&2
  exit 1
fi
echo "setup: installing$missing"
if ! { $as_root apt-get update -qq &&
       $as_root env DEBIAN_FRONTEND=noninteractive \
         apt-get install -y -qq --no-install-recommends $missing; }; then
  echo "setup: could not install$missing" >&2
  exit 1
fi
install_npm "$1"
