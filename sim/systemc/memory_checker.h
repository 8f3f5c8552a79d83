// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "codegen/plan/program.h"
#include "host/cpu/emulator.h"

namespace ternfab::systemc {

/// Compares what runs left in a device's main memory (KV cache, logits) with an emulator of its
/// own. It sees what the last instruction wrote to each place, not what came before.
class MemoryChecker {
 public:
  /// Copies bytes from wide beat `beat` of the device.
  using Reader = std::function<Expected<void>(uint64_t beat, std::span<uint8_t> out)>;

  /// `program` outlives the checker.
  explicit MemoryChecker(const Program& program) : program_(program), emulator_(program) {}

  /// After a run. Errors: the reader's. A difference is mismatch().
  Expected<void> Check(const InstructionList& list, const RunArguments& arguments,
                       const Reader& read);
  /// Main memory as the checker knows it, between runs.
  void Write(const MemoryPatch& patch) { emulator_.Write(patch); }

  uint64_t instructions() const { return checked_; }  ///< that wrote main memory
  /// One line: instruction, what it computes, place, both values.
  const std::optional<std::string>& mismatch() const { return mismatch_; }

 private:
  const Program& program_;
  Emulator emulator_;
  uint64_t checked_ = 0;
  std::optional<std::string> mismatch_;
};

}  // namespace ternfab::systemc
