// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "common/error.h"
#include "models/safetensors_reader.h"

namespace ternfab {

/// Collects tensors and writes them as one safetensors file. Same calls, same bytes.
class SafetensorsWriter {
 public:
  using Sink = std::function<void(std::span<const uint8_t>)>;
  using Producer = std::function<Expected<void>(const Sink&)>;

  /// `bytes` is called once, by Write; it gives the sink all bytes of the tensor, in order and in
  /// pieces of any size, so that little is in memory at a time.
  void AddTensor(std::string name, SafetensorsType type, std::vector<int64_t> shape,
                 Producer bytes);

  /// Errors: those of producers and of the file system; the file may then be incomplete.
  Expected<void> Write(const std::filesystem::path& path) const;

 private:
  struct Tensor {
    std::string name;
    SafetensorsType type;
    std::vector<int64_t> shape;
    Producer bytes;
    int64_t size;
  };

  std::string Header() const;

  std::vector<Tensor> tensors_;
};

}  // namespace ternfab
