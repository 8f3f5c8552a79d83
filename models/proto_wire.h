// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/error.h"

namespace ternfab {

/// One field of a message in the wire format of protocol buffers.
struct ProtoField {
  uint32_t number = 0;
  uint64_t integer = 0;    ///< of varint, fixed32 and fixed64 fields
  std::string_view bytes;  ///< of length-delimited fields
  int wire_type = 0;       ///< 0 varint, 1 fixed64, 2 length-delimited, 5 fixed32

  float AsFloat() const;
  /// Error: not of this wire type.
  Expected<void> Require(int type, std::string_view name) const;
};

/// Reads the fields of an untrusted message from its beginning to its end.
class ProtoReader {
 public:
  explicit ProtoReader(std::string_view bytes) : rest_(bytes), size_(bytes.size()) {}

  /// The next field; nullopt at the end. Errors: a field that ends outside the message, groups.
  Expected<std::optional<ProtoField>> Next();

 private:
  Expected<uint64_t> Varint();
  Expected<std::string_view> Take(uint64_t bytes);

  std::string_view rest_;
  size_t size_;
};

/// Appends fields to a message.
class ProtoWriter {
 public:
  void Integer(uint32_t number, uint64_t value);
  void Float(uint32_t number, float value);
  void Bytes(uint32_t number, std::string_view value);
  const std::string& message() const { return message_; }

 private:
  void Varint(uint64_t value);

  std::string message_;
};

}  // namespace ternfab
