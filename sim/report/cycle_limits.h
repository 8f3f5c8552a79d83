// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "codegen/plan/dependence.h"
#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"

namespace ternfab {

/// Clients of the read DMA, in the order of their bits.
enum class StreamClient { kInstruction, kVector, kInt8, kTernary };

/// What a design does in one cycle of a run. Arrays by Unit, bits by Unit or StreamClient.
struct CycleActivity {
  uint8_t head = 0;     ///< units whose queue has an instruction
  uint8_t issue = 0;    ///< units that start it in this cycle
  uint8_t retire = 0;   ///< units that end it in this cycle
  uint8_t beat = 0;     ///< clients of which a wide beat is consumed
  uint8_t starved = 0;  ///< clients that are ready for a wide beat, and there is none
  std::array<uint32_t, kUnits> index{};  ///< of the heads in the program
};

/// What a cycle was spent on. Each cycle has the first cause of this list that holds; a unit works
/// from issue to retire, both included. The instruction to blame stands in brackets.
enum class Cause : uint8_t {
  kWeights,     ///< a wide beat of weights is consumed [the ternary unit's]
  kHead,        ///< a wide beat of the LM head's rows is consumed [the int8 unit's]
  kMemory,      ///< a unit works, its stream has more to come and there is no beat [its, first of
                ///< ternary, int8, vector]
  kEngine,      ///< the ternary unit works: it fills or drains its pipeline [its]
  kInt8,        ///< the int8 unit works [its]
  kVector,      ///< the vector unit works [its]
  kDependence,  ///< no unit works, a queue has an instruction: it waits for tokens [the first in
                ///< program order]
  kControl,     ///< no unit has an instruction: program fetch, header, end of the run [none]
};
inline constexpr int kCauses = 8;

/// "weights", "head", "memory", ...
std::string_view CauseName(Cause cause);

using CauseCycles = std::array<uint64_t, kCauses>;  ///< by Cause

/// Cycles by cause and by place of the instruction to blame.
class LimitTable {
 public:
  void Add(const ModelPlace& place, Cause cause, uint64_t cycles) {
    const size_t row = size_t(place.layer + 1) * kParts + size_t(place.part);
    if (row >= rows_.size()) rows_.resize((size_t(place.layer) + 2) * kParts);
    rows_[row][size_t(cause)] += cycles;
  }
  void Add(const LimitTable& other);

  uint64_t total() const;
  CauseCycles ByCause() const;
  CauseCycles OfPart(Part part) const;
  /// -1: instructions of no layer, and cycles without an instruction to blame.
  CauseCycles OfLayer(int layer) const;
  CauseCycles Of(const ModelPlace& place) const;
  int layers() const { return int(rows_.size() / kParts) - 1; }  ///< last layer + 1

  bool operator==(const LimitTable& other) const;

 private:
  std::vector<CauseCycles> rows_;  // (layer + 1) * kParts + part
};

/// Finds the cause of every cycle of a run, whoever executes it.
class CycleAccountant {
 public:
  /// Before each run; `list` outlives it.
  void Begin(const InstructionList& list, const DesignParams& design,
             const RunArguments& arguments);

  /// The next `cycles` cycles of the run, all alike: more than one only without issue and retire.
  void Add(const CycleActivity& activity, uint64_t cycles = 1);

  const LimitTable& table() const { return table_; }
  /// Wide beats of MATVEC weights and of the LM head's rows that were consumed for the first time
  /// in the run.
  uint64_t first_beats() const { return first_beats_; }
  uint64_t weight_beats() const { return weight_beats_; }  ///< all that the ternary unit consumed
  /// From the first cycle to the last beat of weights, both included; 0: there was none.
  uint64_t weight_cycles() const { return weight_cycles_; }

 private:
  struct Entry {
    ModelPlace place;
    bool head = false;          ///< DOT with rows of the model, not of the KV cache
    bool first = false;         ///< no earlier instruction has its stream
    uint64_t vector_beats = 0;  ///< with a stream: of all vector instructions up to this one
  };
  struct Blame {
    Cause cause = Cause::kControl;
    ModelPlace place;
  };

  const Entry& HeadOf(const CycleActivity& activity, Unit unit) const {
    return entries_[activity.index[size_t(unit)]];
  }
  Blame Find(const CycleActivity& activity) const;

  std::vector<Entry> entries_;
  LimitTable table_;
  uint8_t working_ = 0;
  uint64_t vector_beats_ = 0;  ///< consumed
  uint64_t cycles_ = 0;
  uint64_t first_beats_ = 0;
  uint64_t weight_beats_ = 0;
  uint64_t weight_cycles_ = 0;
};

}  // namespace ternfab
