// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "codegen/plan/isa.h"

// The surroundings of a unit under test: instruction queue, tokens, stream and VM port, with random
// gaps. Checks the protocol of docs/microarchitecture.md in every cycle.

namespace ternfab {

using Words = std::vector<uint32_t>;

struct UnitInstruction {
  isa::Instruction instruction;
  bool skip = false;
  uint32_t length = 0;       ///< resolved rows (int8 unit)
  std::vector<Words> beats;  ///< of its stream; empty where it is skipped
};

/// What the unit is given in a cycle.
struct UnitInputs {
  bool valid = false;
  const UnitInstruction* instruction = nullptr;  ///< null: noise
  uint32_t tokens_available = 0;
  bool stream_valid = false;
  const Words* beat = nullptr;  ///< null: noise
  bool vm_ready = false;
};

/// What it answers, in the same cycle.
struct UnitOutputs {
  bool ready = false;
  bool issue = false;
  bool go = false;
  bool stream_ready = false;
  uint32_t take = 0;
  uint32_t put = 0;
  bool vm_valid = false;
  uint32_t vm_address = 0;
  Words vm_data;
};

/// The unit in the bench.
class UnitPort {
 public:
  virtual ~UnitPort() = default;
  /// Drives the inputs and settles; called once a cycle.
  virtual UnitOutputs Settle(const UnitInputs& inputs) = 0;
  virtual void Clock() = 0;
  virtual bool has_go() const { return false; }
};

/// What one instruction did.
struct UnitRecord {
  int64_t issue_cycle = -1;
  int64_t retire_cycle = -1;
  std::map<uint32_t, Words> writes;  ///< VM word by address
  int64_t cycles() const { return retire_cycle - issue_cycle; }
};

/// How the surroundings hesitate; percentages of cycles.
struct UnitWeather {
  int stream_gap = 0;
  int vm_stall = 0;
  int instruction_gap = 0;
  int token_delay = 0;
};

/// Runs the instructions in order until all have retired. `error` is the first breach of the
/// protocol in words, empty if there is none.
struct UnitRun {
  std::vector<UnitRecord> records;
  std::string error;
};
UnitRun RunUnit(UnitPort& port, const std::vector<UnitInstruction>& instructions,
                const UnitWeather& weather, uint32_t seed);

/// First difference between what was written and what must be, in words; empty if none.
std::string CompareWrites(const std::map<uint32_t, Words>& actual,
                          const std::map<uint32_t, Words>& expected);

/// Puts `elements` into VM words of `lanes` elements from `address` on; the rest of the last is 0.
void ExpectElements(std::map<uint32_t, Words>& writes, uint32_t address,
                    const std::vector<int32_t>& elements, int lanes);

}  // namespace ternfab
