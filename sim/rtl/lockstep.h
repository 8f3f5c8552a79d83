// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "codegen/plan/program.h"
#include "host/cpu/emulator.h"
#include "sim/rtl/verilated_device.h"

namespace ternfab::rtl {

/// Instructions of a layer whose results were compared, and how many of them differed.
struct LayerCount {
  uint64_t instructions = 0;
  uint64_t mismatches = 0;

  bool operator==(const LayerCount&) const = default;
};
/// By layer; -1: instructions of no layer.
using LayerCounts = std::map<int, LayerCount>;

/// Compares every instruction's results with the emulator while a design runs.
/// Contract:
/// - Begin() before each start, with the same program and arguments as the start;
/// - an instruction's writes are those of its unit between its issue and its retire;
/// - they must be the emulator's: the same places, the same bytes. The first difference stops the
///   run and is described by mismatch().
class LockstepChecker : public CycleObserver {
 public:
  explicit LockstepChecker(const Program& program);

  void Begin(const InstructionList& list, const RunArguments& arguments);
  void OnCycle(const TracePins& trace, uint64_t cycle) override;
  bool stop() const override { return mismatch_.has_value(); }

  /// Main memory as the checker knows it, between runs.
  void Write(const MemoryPatch& patch) { emulator_.Write(patch); }

  /// After a run: an instruction that never retired is a mismatch too.
  void End();

  uint64_t instructions() const { return checked_; }
  /// Of all runs; layers of which nothing was compared are not in it.
  const LayerCounts& layers() const { return layers_; }
  /// One line: instruction, what it computes, place, element, both values.
  const std::optional<std::string>& mismatch() const { return mismatch_; }

 private:
  /// Where a write goes: memory, bank, address, byte offset.
  using Place = std::tuple<Space, uint32_t, uint64_t, uint32_t>;
  using Writes = std::map<Place, std::vector<uint8_t>>;

  struct Unit {
    uint32_t index = 0;
    Writes writes;
  };
  class Recorder;

  void Collect(const TracePins& trace);
  void AddWrite(int unit, Space space, const WriteTrace& port);
  void AddMemoryWrite(const WriteTrace& port);
  void Retire(int unit, uint64_t cycle);
  const Writes& ExpectedOf(uint32_t index);
  void Compare(uint32_t index, const Writes& expected, const Writes& actual, uint64_t cycle);
  void Report(uint32_t index, uint64_t cycle, const Place& place, const std::vector<uint8_t>* want,
              const std::vector<uint8_t>* got);

  const Program& program_;
  Emulator emulator_;
  const InstructionList* list_ = nullptr;
  RunArguments arguments_;
  Unit units_[3];
  std::map<uint32_t, Writes> expected_;  ///< executed by the emulator, not yet retired
  uint32_t executed_ = 0;
  uint64_t retired_ = 0;
  uint64_t checked_ = 0;
  LayerCounts layers_;
  std::optional<std::string> mismatch_;
};

}  // namespace ternfab::rtl
