// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/error.h"

// The bytes of a Program (docs/isa.md, section "Program file"): the one definition that the planner
// writes and that planner and driver read.

namespace ternfab::program_file {

inline constexpr uint32_t kMagic = 0x52504654;  ///< "TFPR"
inline constexpr uint32_t kVersion = 3;
inline constexpr uint32_t kIsaVersion = 3;  ///< of the instructions inside
static_assert(std::endian::native == std::endian::little);

struct Region {
  std::string_view name;
  uint64_t beat = 0;
  uint64_t beats = 0;
};

/// Of one instruction.
struct Note {
  std::string_view text;
  int32_t layer = -1;  ///< -1: none
  uint8_t part = 0;    ///< of the model
};

struct List {
  uint64_t beat = 0;  ///< wide beat of the header
  std::vector<Note> notes;
};

/// What a file says; texts and image lie in the file's bytes (or, for writing, in a Program).
struct Contents {
  uint32_t magic = kMagic;
  uint32_t version = kVersion;
  uint32_t isa_version = kIsaVersion;
  std::string_view design;
  int32_t ports = 0;
  int32_t width_bits = 0;
  int32_t lanes = 0;
  int32_t batch = 0;
  int32_t queries = 0;
  int32_t vector_lanes = 0;
  int32_t vm_words = 0;
  int32_t am_words = 0;
  int32_t qm_words = 0;
  int32_t shortlist_rows = 0;
  int32_t max_hidden = 0;
  int32_t max_ffn = 0;
  int32_t max_context = 0;
  int32_t max_vocab = 0;
  uint64_t memory_bytes = 0;
  uint64_t design_hash = 0;
  std::string_view model;
  int32_t vocab = 0;
  int32_t context = 0;
  uint64_t total_beats = 0;
  uint64_t logits_beat = 0;
  uint8_t weight_code = 0;
  uint8_t has_head = 0;
  std::vector<Region> regions;
  List decode;
  List prefill;
  std::span<const uint8_t> image;
};

/// Calls `field` with every part in the order of the file. It takes numbers, texts, the image and,
/// with a function for an item, lists.
template <class C, class Field>
void VisitVersions(C& c, Field& field) {
  field(c.magic);
  field(c.version);
  field(c.isa_version);
}
template <class C, class Field>
void VisitRest(C& c, Field& field) {
  field(c.design);
  for (auto* value : {&c.ports, &c.width_bits, &c.lanes, &c.batch, &c.queries, &c.vector_lanes,
                      &c.vm_words, &c.am_words, &c.qm_words, &c.shortlist_rows, &c.max_hidden,
                      &c.max_ffn, &c.max_context, &c.max_vocab}) {
    field(*value);
  }
  field(c.memory_bytes);
  field(c.design_hash);
  field(c.model);
  field(c.vocab);
  field(c.context);
  field(c.total_beats);
  field(c.logits_beat);
  field(c.weight_code);
  field(c.has_head);
  field(c.regions, [&](auto& region) {
    field(region.name);
    field(region.beat);
    field(region.beats);
  });
  for (auto* list : {&c.decode, &c.prefill}) {
    field(list->beat);
    field(list->notes, [&](auto& note) {
      field(note.text);
      field(note.layer);
      field(note.part);
    });
  }
  field(c.image);
}

/// Reads values off the front; once something is missing, all further values stay as they are.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(T& value) {
    if (Has(sizeof(T))) std::memcpy(&value, Skip(sizeof(T)), sizeof(T));
  }
  void operator()(std::string_view& text) {
    uint32_t size = 0;
    (*this)(size);
    if (Has(size)) text = {reinterpret_cast<const char*>(Skip(size)), size};
  }
  void operator()(std::span<const uint8_t>& bytes) {
    uint64_t size = 0;
    (*this)(size);
    if (Has(size)) bytes = {Skip(size), size_t(size)};
  }
  template <class T, class Item>
  void operator()(std::vector<T>& items, const Item& item) {
    constexpr uint64_t kLeastBytes = sizeof(uint32_t);  // an empty text
    uint32_t count = 0;
    (*this)(count);
    if (Has(count * kLeastBytes)) items.resize(count);
    for (T& one : items) item(one);
  }

  bool ok() const { return ok_; }
  size_t at() const { return at_; }

 private:
  bool Has(uint64_t count) {
    ok_ = ok_ && count <= bytes_.size() - at_;
    return ok_;
  }
  const uint8_t* Skip(size_t count) {
    at_ += count;
    return bytes_.data() + at_ - count;
  }

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

/// Reads a file; `bytes` may be hostile and outlives the result. Errors: another magic or version,
/// a length beyond the end, bytes after the end. What the fields say is not checked.
inline Expected<Contents> Read(std::span<const uint8_t> bytes) {
  Contents c;
  c.magic = c.version = c.isa_version = 0;
  Reader in(bytes);
  VisitVersions(c, in);
  if (c.magic != kMagic) return Fail("program: not a Program file (magic {:08x})", c.magic);
  if (c.version != kVersion || c.isa_version != kIsaVersion) {
    return Fail("program: versions {} and {}: must be {} and {}", c.version, c.isa_version,
                kVersion, kIsaVersion);
  }
  VisitRest(c, in);
  if (!in.ok()) return Fail("program: ends after {} bytes, in the middle", bytes.size());
  if (in.at() != bytes.size()) {
    return Fail("program: {} bytes: must end after {}", bytes.size(), in.at());
  }
  return c;
}

/// Appends to the bytes, or only counts them.
class Writer {
 public:
  explicit Writer(std::vector<uint8_t>* out) : out_(out) {}

  template <class T>
  requires std::is_arithmetic_v<T>
  void operator()(const T& value) { Append(&value, sizeof(T)); }
  void operator()(const std::string_view& text) {
    (*this)(uint32_t(text.size()));
    Append(text.data(), text.size());
  }
  void operator()(const std::span<const uint8_t>& bytes) {
    (*this)(uint64_t(bytes.size()));
    Append(bytes.data(), bytes.size());
  }
  template <class T, class Item>
  void operator()(const std::vector<T>& items, const Item& item) {
    (*this)(uint32_t(items.size()));
    for (const T& one : items) item(one);
  }

  size_t size() const { return size_; }

 private:
  void Append(const void* data, size_t size) {
    const auto* bytes = static_cast<const uint8_t*>(data);
    if (out_) out_->insert(out_->end(), bytes, bytes + size);
    size_ += size;
  }

  std::vector<uint8_t>* out_;
  size_t size_ = 0;
};

/// The file of `contents`, without spare capacity.
inline std::vector<uint8_t> Write(const Contents& contents) {
  const auto visit = [&](std::vector<uint8_t>* out) {
    Writer writer(out);
    VisitVersions(contents, writer);
    VisitRest(contents, writer);
    return writer.size();
  };
  std::vector<uint8_t> bytes;
  bytes.reserve(visit(nullptr));
  visit(&bytes);
  return bytes;
}

}  // namespace ternfab::program_file
