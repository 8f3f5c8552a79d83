// SPDX-License-Identifier: Apache-2.0
// Input: a GGUF file.
#include "models/gguf_model.h"
#include "models/gguf_reader.h"
#include "models/gguf_tokenizer.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ternfab;
  const auto file =
      GgufFile::Parse("model.gguf", fuzz::InMemory({reinterpret_cast<const char*>(data), size}));
  if (!file) return fuzz::CheckError(file.error()), 0;
  for (const bool ternarize : {false, true}) {
    const auto model = BuildGgufModel(*file, {.ternarize = ternarize});
    if (!model) {
      fuzz::CheckError(model.error());
      continue;
    }
    fuzz::UseModel(*model);
    const auto tokenizer = ReadGgufTokenizer(*file, model->config.vocab);
    tokenizer ? fuzz::UseTokenizer(**tokenizer) : fuzz::CheckError(tokenizer.error());
  }
  return 0;
}
