// SPDX-License-Identifier: Apache-2.0
// usage: load_model MODEL
// Loads a model and ends: what to compare with `cat FILE >/dev/null`.
#include <cstdio>
#include <cstdlib>

#include "models/model.h"

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: load_model MODEL\n", stderr), 2;
  const auto model = ternfab::LoadModel(argv[1]);
  if (!model) return std::fprintf(stderr, "%s\n", model.error().message.c_str()), 2;
  std::_Exit(0);  // the system frees the memory
}
