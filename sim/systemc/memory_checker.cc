// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/memory_checker.h"

#include <fmt/format.h>

#include <map>
#include <utility>
#include <vector>

namespace ternfab::systemc {
namespace {

/// Which instruction wrote a wide beat last; its bytes are the emulator's.
class LastWriters : public WriteObserver {
 public:
  explicit LastWriters(uint64_t wide_bytes) : wide_bytes_(wide_bytes) {}

  void set_index(size_t index) { index_ = index; }
  void OnWrite(MemoryWrite write) override {
    if (write.space != Space::kMemory) return;
    const uint64_t bytes = write.offset + write.bytes.size();
    for (uint64_t at = 0; at < bytes; at += wide_bytes_) {
      beats_[write.address + at / wide_bytes_] = index_;
    }
    if (instructions_.empty() || instructions_.back() != index_) instructions_.push_back(index_);
  }

  const std::map<uint64_t, size_t>& beats() const { return beats_; }
  uint64_t instructions() const { return instructions_.size(); }

 private:
  uint64_t wide_bytes_;
  size_t index_ = 0;
  std::map<uint64_t, size_t> beats_;
  std::vector<size_t> instructions_;
};

}  // namespace

Expected<void> MemoryChecker::Check(const InstructionList& list, const RunArguments& arguments,
                                    const Reader& read) {
  const uint64_t wide = uint64_t(program_.design.wide_bytes());
  LastWriters writers(wide);
  for (size_t i = 0; i < list.instructions.size(); ++i) {
    writers.set_index(i);
    emulator_.Execute(list.instructions[i], arguments, &writers);
  }
  std::vector<uint8_t> got(wide);
  for (const auto& [beat, index] : writers.beats()) {
    TF_RETURN_IF_ERROR(read(beat, got));
    const std::span<const uint8_t> want = std::as_const(emulator_).memory().subspan(beat * wide);
    for (uint64_t byte = 0; byte < wide && !mismatch_; ++byte) {
      if (got[byte] == want[byte]) continue;
      mismatch_ = fmt::format(
          "instruction {} ({}): main memory, wide beat {}, byte {}: {:#04x} "
          "instead of {:#04x}",
          index, list.notes[index].text, beat, byte, got[byte], want[byte]);
    }
  }
  checked_ += writers.instructions();
  return {};
}

}  // namespace ternfab::systemc
