// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "codegen/registers.h"
#include "codegen/spec.h"
#include "common/error.h"
#include "sim/instruction_times.h"
#include "sim/memory/memory_config.h"
#include "sim/timing/sequencer.h"
#include "sim/timing/unit_timing.h"

namespace ternfab::timing {

/// Counters of a run in the order of kRunCounters.
using RunCounters = std::array<uint64_t, kRunCounters.size()>;

/// What the trace pins of the design show in a cycle.
struct CycleView {
  uint64_t cycle = 0;              ///< of the run
  uint64_t count = 1;              ///< this and the following cycles show the same
  const UnitOut* units = nullptr;  ///< ternary, int8, vector
  const DecodedInstruction* heads[kUnitCount] = {};
  uint8_t beat = 0;     ///< bit c: Client c moves a wide beat
  uint8_t starved = 0;  ///< bit c: Client c is ready for one that is not there
};

/// Watches a run.
class CycleSink {
 public:
  virtual ~CycleSink() = default;
  virtual void OnCycles(const CycleView& view) = 0;
};

/// Where a run begins.
struct StartPoint {
  uint32_t first = 0;  ///< instruction; the header is taken to lie just before it
  Tokens tokens;       ///< counters at the start
};

inline constexpr uint32_t kNoIndex = std::numeric_limits<uint32_t>::max();

/// A run stops after the cycle in which one of these comes true, or at its end.
struct StopPoint {
  uint32_t issue = kNoIndex;   ///< this instruction issues
  uint32_t retire = kNoIndex;  ///< this one retires
};

namespace internal {
class FixedCore;
class SharedCore;
}  // namespace internal

/// Cycle model of a generated design and its memory: when every instruction issues and retires, as
/// in the RTL, to the cycle. No data. A value: a copy goes on on its own.
class DesignModel {
 public:
  struct Options {
    /// Stretches in which nothing but counts changes are taken in one step. The results are the
    /// same.
    bool skip = true;
    /// Kind `fixed`: by the general memory model, port by port, which gives the same.
    bool general_memory = false;
  };

  /// `port_bases`: byte address of wide beat 0 for each port (PortBases).
  DesignModel(const HardwareSpec& spec, const MemoryConfig& memory,
              const std::vector<uint64_t>& port_bases, const Options& options);
  DesignModel(const DesignModel& other);
  DesignModel& operator=(const DesignModel& other);
  DesignModel(DesignModel&&) noexcept;
  DesignModel& operator=(DesignModel&&) noexcept;
  ~DesignModel();

  /// Lets `cycles` pass between two runs.
  void Idle(uint64_t cycles);
  /// Starts a run; the next cycle is its first. The list is not needed afterwards. `tags`: the tag
  /// indices of the run (DecodeRun), as many as the list has.
  void Start(const InstructionList& list, const RunArguments& arguments,
             const StartPoint& from = {}, std::span<const uint32_t> tags = {});
  /// Goes on to the end of the run (true) or to `stop` (false). Errors: a deadlock.
  Expected<bool> Run(const StopPoint& stop = {});

  /// May be null. Outlives the runs that it watches.
  void set_sink(CycleSink* sink);

  /// Cycles of this run so far.
  uint64_t cycles() const;
  /// Cycles of the memory, all runs and pauses together.
  uint64_t memory_cycle() const;
  const InstructionTimes& times() const;
  const RunCounters& counters() const;
  const Tokens& tokens() const;
  /// Hash of everything that the future depends on, with times relative to this cycle.
  uint64_t Digest() const;

 private:
  std::unique_ptr<internal::FixedCore> fixed_;
  std::unique_ptr<internal::SharedCore> shared_;
};

/// Byte addresses at which the driver puts a Program's ports in a memory that begins at `bus`.
std::vector<uint64_t> PortBases(const Program& program, uint64_t bus);

}  // namespace ternfab::timing
