// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/common/temp_folder.h"
#include "tests/models/gguf_builder.h"

namespace ternfab::testing {

/// Writes safetensors bytes field by field, right or wrong.
struct SafetensorsBuilder {
  struct Tensor {
    std::string name;
    std::string dtype;
    std::vector<int64_t> shape;
    std::string bytes;
    int64_t begin = -1;  ///< -1: behind the one before
    int64_t end = -1;    ///< -1: begin and the bytes
  };

  std::vector<Tensor> tensors;

  Tensor& Find(std::string_view name);
  void Drop(std::string_view name);

  std::string Bytes() const;
};

/// Header and data of a safetensors file.
std::string SafetensorsBytes(std::string_view header, std::string_view data);

/// A checkpoint's folder: config.json and one file of tensors.
struct Checkpoint {
  nlohmann::json config;
  SafetensorsBuilder file;
};

/// A packed model (autobitlinear) of that shape: code of element e of matrix m is (e + m) % 3,
/// scales 0.5 in BF16, F32 embedding, norms 1. The weights are those of the TinyModel of GGUF.
Checkpoint TinyCheckpoint(const TinyShape& shape = {});

/// Packed U8 bytes of codes (e + first) % 3.
std::string TinyPacked(int rows, int cols, int first);

/// The upper half of a float: BF16, cut off.
std::string Bf16(float value);

/// Writes config.json and model.safetensors.
void WriteCheckpoint(const Checkpoint& checkpoint, const TempFolder& folder);

}  // namespace ternfab::testing
