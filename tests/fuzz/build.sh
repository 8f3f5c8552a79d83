#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets and their seeds in build-fuzz.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
