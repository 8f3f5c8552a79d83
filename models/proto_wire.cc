// SPDX-License-Identifier: Apache-2.0
#include "models/proto_wire.h"

#include <bit>

namespace ternfab {
namespace {

constexpr int kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5;
constexpr uint64_t kMaxNumber = (uint64_t{1} << 29) - 1;

uint64_t LittleEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes.size(); ++i) value |= uint64_t(uint8_t(bytes[i])) << 8 * i;
  return value;
}

}  // namespace

float ProtoField::AsFloat() const { return std::bit_cast<float>(uint32_t(integer)); }

Expected<void> ProtoField::Require(int type, std::string_view name) const {
  if (wire_type == type) return {};
  return Fail("{}: wire type {}: must be {}", name, wire_type, type);
}

Expected<uint64_t> ProtoReader::Varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    TF_ASSIGN_OR_RETURN(const std::string_view byte, Take(1));
    value |= uint64_t(uint8_t(byte[0]) & 0x7f) << shift;
    if ((uint8_t(byte[0]) & 0x80) == 0) return value;
  }
  return Fail("byte {}: an integer of more than 64 bits", size_ - rest_.size());
}

Expected<std::string_view> ProtoReader::Take(uint64_t bytes) {
  if (bytes > rest_.size()) {
    return Fail("byte {}: {} bytes: must end within the message's {}", size_ - rest_.size(), bytes,
                size_);
  }
  const std::string_view taken = rest_.substr(0, bytes);
  rest_.remove_prefix(bytes);
  return taken;
}

Expected<std::optional<ProtoField>> ProtoReader::Next() {
  if (rest_.empty()) return std::nullopt;
  const size_t at = size_ - rest_.size();
  TF_ASSIGN_OR_RETURN(const uint64_t tag, Varint());
  ProtoField field;
  field.wire_type = int(tag & 7);
  if (tag >> 3 == 0 || tag >> 3 > kMaxNumber) return Fail("byte {}: no field number", at);
  field.number = uint32_t(tag >> 3);
  if (field.wire_type == kVarint) {
    TF_ASSIGN_OR_RETURN(field.integer, Varint());
  } else if (field.wire_type == kDelimited) {
    TF_ASSIGN_OR_RETURN(const uint64_t length, Varint());
    TF_ASSIGN_OR_RETURN(field.bytes, Take(length));
  } else if (field.wire_type == kFixed32 || field.wire_type == kFixed64) {
    TF_ASSIGN_OR_RETURN(const std::string_view bytes, Take(field.wire_type == kFixed32 ? 4 : 8));
    field.integer = LittleEndian(bytes);
  } else {
    return Fail("byte {}: wire type {}: must be 0, 1, 2 or 5", at, field.wire_type);
  }
  return field;
}

void ProtoWriter::Varint(uint64_t value) {
  for (; value >= 0x80; value >>= 7) message_ += char(value | 0x80);
  message_ += char(value);
}

void ProtoWriter::Integer(uint32_t number, uint64_t value) {
  Varint(uint64_t{number} << 3 | kVarint);
  Varint(value);
}

void ProtoWriter::Float(uint32_t number, float value) {
  Varint(uint64_t{number} << 3 | kFixed32);
  const auto bits = std::bit_cast<uint32_t>(value);
  for (int i = 0; i < 4; ++i) message_ += char(bits >> 8 * i);
}

void ProtoWriter::Bytes(uint32_t number, std::string_view value) {
  Varint(uint64_t{number} << 3 | kDelimited);
  Varint(value.size());
  message_ += value;
}

}  // namespace ternfab
