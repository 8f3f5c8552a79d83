// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "common/error.h"

namespace ternfab {

/// The bytes of a regular file, mapped read-only into memory. Copies share the mapping.
class MappedFile {
 public:
  /// Errors: the file does not exist, is no regular file, or cannot be read.
  static Expected<MappedFile> Open(const std::filesystem::path& path);
  /// `bytes` in place of a file's.
  static MappedFile FromBytes(std::vector<uint8_t> bytes);

  std::span<const uint8_t> bytes() const { return bytes_; }
  std::string_view text() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  /// The bytes stay where they are as long as a copy of this pointer exists.
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  MappedFile(std::shared_ptr<const void> owner, std::span<const uint8_t> bytes)
      : owner_(std::move(owner)), bytes_(bytes) {}

  std::shared_ptr<const void> owner_;
  std::span<const uint8_t> bytes_;
};

}  // namespace ternfab
