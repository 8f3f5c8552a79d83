// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cstring>
#include <type_traits>

#include "codegen/plan/program.h"
#include "codegen/plan/verify.h"
#include "common/integer.h"

namespace ternfab {
namespace {

constexpr uint32_t kFileMagic = 0x52504654;  // "TFPR"
constexpr uint32_t kFileVersion = 1;
static_assert(std::endian::native == std::endian::little);

class Writer {
 public:
  template <class T>
  requires std::is_arithmetic_v<T>
  void Put(T value) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
    out_.insert(out_.end(), bytes, bytes + sizeof(T));
  }
  void Put(const std::string& text) {
    Put(uint32_t(text.size()));
    out_.insert(out_.end(), text.begin(), text.end());
  }
  void Put(const std::vector<uint8_t>& bytes) {
    Put(uint64_t(bytes.size()));
    out_.insert(out_.end(), bytes.begin(), bytes.end());
  }
  void Reserve(size_t bytes) { out_.reserve(bytes); }
  std::vector<uint8_t> Take() { return std::move(out_); }

 private:
  std::vector<uint8_t> out_;
};

/// Reads values off the front; once something is missing, all further values are zeros.
class Reader {
 public:
  explicit Reader(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}

  template <class T>
  requires std::is_arithmetic_v<T>
  void Get(T& value) {
    if (Has(sizeof(T))) std::memcpy(&value, Skip(sizeof(T)), sizeof(T));
  }
  void Get(std::string& text) {
    uint32_t size = 0;
    Get(size);
    if (!Has(size)) return;
    const uint8_t* first = Skip(size);
    text.assign(first, first + size);
  }
  void Get(std::vector<uint8_t>& bytes) {
    uint64_t size = 0;
    Get(size);
    if (!Has(size)) return;
    const uint8_t* first = Skip(size);
    bytes.assign(first, first + size);
  }
  /// Items that take at least `least_bytes` each.
  template <class T>
  void GetCount(std::vector<T>& items, size_t least_bytes) {
    uint32_t count = 0;
    Get(count);
    if (Has(uint64_t(count) * least_bytes)) items.resize(count);
  }

  bool ok() const { return ok_; }
  bool AtEnd() const { return at_ == bytes_.size(); }
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

  const std::vector<uint8_t>& bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

/// The fields before the lists, in the order of the file, for reading and writing alike.
template <class File, class P>
void DesignFields(P& p, const File& field) {
  auto& d = p.design;
  field(d.name);
  for (auto* value : {&d.ports, &d.width_bits, &d.lanes, &d.batch, &d.queries, &d.vector_lanes,
                      &d.vm_words, &d.am_words, &d.qm_words, &d.limits.hidden, &d.limits.ffn,
                      &d.limits.context, &d.limits.vocab}) {
    field(*value);
  }
  field(d.memory_bytes);
  field(p.design_hash);
  field(p.model);
  field(p.vocab);
  field(p.context);
  field(p.total_beats);
  field(p.logits_beat);
}

void PutList(Writer& out, const InstructionList& list) {
  out.Put(list.beat);
  out.Put(uint32_t(list.notes.size()));
  for (const InstructionNote& note : list.notes) out.Put(note.text);
}

/// Notes from the file, instructions from the image.
void GetList(Reader& in, InstructionList& list) {
  in.Get(list.beat);
  in.GetCount(list.notes, sizeof(uint32_t));
  for (InstructionNote& note : list.notes) in.Get(note.text);
}

Expected<void> TakeInstructions(const Program& p, InstructionList& list) {
  if (list.notes.empty()) return {};
  const int wide = p.design.wide_bytes();
  const uint64_t step = uint64_t(wide) * p.design.instruction_beats();
  const uint64_t image_beats = p.image.size() / wide;
  if (list.beat > image_beats ||
      (list.notes.size() + 1) * step > (image_beats - list.beat) * wide) {
    return Fail("program: instructions at {}: must lie in the image", list.beat);
  }
  list.instructions.resize(list.notes.size());
  const uint8_t* at = p.image.data() + list.beat * wide + step;
  for (isa::Instruction& instruction : list.instructions) {
    std::memcpy(instruction.words.data(), at, isa::kInstructionBytes);
    at += step;
  }
  return {};
}

/// Magic and versions at the front.
Expected<void> CheckVersions(Reader& in) {
  uint32_t magic = 0;
  uint32_t version = 0;
  uint32_t isa_version = 0;
  in.Get(magic);
  in.Get(version);
  in.Get(isa_version);
  if (magic != kFileMagic) return Fail("program: not a Program file (magic {:08x})", magic);
  if (version != kFileVersion || isa_version != isa::kVersion) {
    return Fail("program: versions {} and {}: must be {} and {}", version, isa_version,
                kFileVersion, isa::kVersion);
  }
  return {};
}

}  // namespace

std::vector<uint8_t> SerializeProgram(const Program& program) {
  Writer out;
  out.Reserve(program.image.size() +
              64 * (program.decode.notes.size() + program.prefill.notes.size() + 64));
  out.Put(kFileMagic);
  out.Put(kFileVersion);
  out.Put(isa::kVersion);
  DesignFields(program, [&](const auto& value) { out.Put(value); });
  out.Put(uint8_t(program.design.weight_code == WeightCode::kBase3 ? 0 : 1));
  out.Put(uint8_t(program.has_head));
  out.Put(uint32_t(program.regions.size()));
  for (const MemoryRegion& region : program.regions) {
    out.Put(region.name);
    out.Put(region.beat);
    out.Put(region.beats);
  }
  PutList(out, program.decode);
  PutList(out, program.prefill);
  out.Put(program.image);
  return out.Take();
}

Expected<Program> ParseProgram(const std::vector<uint8_t>& bytes) {
  Reader in(bytes);
  TF_RETURN_IF_ERROR(CheckVersions(in));
  Program p;
  uint8_t code = 0;
  uint8_t head = 0;
  DesignFields(p, [&](auto& value) { in.Get(value); });
  in.Get(code);
  in.Get(head);
  if (code > 1 || head > 1)
    return Fail("program: weight code {}, head {}: must be 0 or 1", code, head);
  p.design.weight_code = code == 0 ? WeightCode::kBase3 : WeightCode::kTwoBit;
  p.has_head = head == 1;
  in.GetCount(p.regions, sizeof(uint32_t) + 2 * sizeof(uint64_t));
  for (MemoryRegion& region : p.regions) {
    in.Get(region.name);
    in.Get(region.beat);
    in.Get(region.beats);
  }
  GetList(in, p.decode);
  GetList(in, p.prefill);
  in.Get(p.image);
  if (!in.ok()) return Fail("program: ends after {} bytes, in the middle", bytes.size());
  if (!in.AtEnd()) {
    return Fail("program: {} bytes: must end after {}", bytes.size(), in.at());
  }
  TF_RETURN_IF_ERROR(VerifyDesign(p.design));
  TF_RETURN_IF_ERROR(TakeInstructions(p, p.decode));
  TF_RETURN_IF_ERROR(TakeInstructions(p, p.prefill));
  TF_RETURN_IF_ERROR(VerifyProgram(p));
  return p;
}

}  // namespace ternfab
