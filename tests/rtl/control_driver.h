// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/rtl/axi_harness.h"
#include "tests/rtl/isa_reference.h"

class Vunit_bench;

#ifndef SEQ_WIDTH
#define SEQ_WIDTH 64
#endif

namespace ternfab {

/// One instruction as a unit got it.
struct Retired {
  Unit unit;
  uint32_t index;
  bool skip;
  uint32_t length, mem_addr, mem_elem;
  isa::Instruction instr;
  std::vector<std::vector<uint8_t>> beats;  ///< of its stream
  int64_t issue_cycle, retire_cycle;
};

/// Drives the control path of bench_sequencer.svh: a host on AXI4-Lite, AXI memories, and three
/// units that take tokens, consume their streams, write one wide beat where their destination is
/// main memory (all bytes the low byte of the instruction's index), and retire.
class ControlDriver {
 public:
  static constexpr int kPorts = 4;
  static constexpr int kBatch = 4;
  static constexpr int kWideBytes = kPorts * SEQ_WIDTH / 8;
  static constexpr uint64_t kBeats = 1 << 14;
  static constexpr uint64_t kDesignHash = 0x0123456789abcdef;

  explicit ControlDriver(uint64_t seed = 1);
  ~ControlDriver();

  void Step();
  void Steps(int count);
  void WriteRegister(int offset, uint32_t value, uint8_t strobe = 15);
  uint32_t ReadRegister(int offset);
  uint64_t ReadCounter(int index);

  /// Header and instructions at wide beat `beat`.
  void Load(uint32_t beat, const std::vector<isa::Instruction>& program);
  void LoadHeader(uint32_t beat, uint32_t magic, uint32_t version, uint32_t count);
  /// Writes the arguments and ap_start.
  void Start(uint32_t program, const RunArguments& arguments);
  /// Steps until ap_done (seen by polling the bench, not the bus); false beyond `limit` cycles.
  bool WaitDone(int limit);
  bool Run(uint32_t program, const RunArguments& arguments, int limit = 200000);
  void SoftReset();
  uint32_t error() { return ReadRegister(0x210); }
  uint32_t error_index() { return ReadRegister(0x214); }

  /// A held unit starts nothing.
  void set_hold(Unit unit, bool hold) { units_[int(unit)].hold = hold; }
  void set_work(int max_cycles, int ready_percent);
  Vunit_bench& bench() { return *bench_; }
  AxiHarness& memory() { return memory_; }
  const std::vector<Retired>& retired() const { return retired_; }
  void ClearRetired() { retired_.clear(); }
  int64_t cycle() const { return cycle_; }

 private:
  struct UnitState {
    bool hold = false;
    bool working = false;
    int work_left = 0;
    uint32_t beats_left = 0;
    bool write_pending = false;
    Retired current;
    bool valid = false, ready = false, issue = false, stream_ready = false, go = false;
    uint8_t take = 0, put = 0;
  };
  void ReadUnits();
  void PlayUnit(UnitState& unit);
  void StartInstruction(UnitState& unit, uint8_t signal);
  void Retire(UnitState& unit, uint8_t signal);
  void DriveUnits();
  void DriveWrite();
  void TakeStreams();
  bool StreamValid(Unit unit) const;

  std::unique_ptr<Vunit_bench> bench_;
  AxiHarness memory_;
  std::mt19937_64 random_;
  RunArguments arguments_;
  std::array<UnitState, 3> units_;
  std::vector<Retired> retired_;
  int max_work_ = 20;
  int ready_percent_ = 80;
  int64_t cycle_ = 0;
};

}  // namespace ternfab
