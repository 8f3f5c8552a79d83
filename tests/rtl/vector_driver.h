// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/rtl/vector_model.h"

class Vunit_bench;

namespace ternfab {

inline constexpr int kBenchVmWords = 4096;
inline constexpr int kBenchQueries = 8;
/// Words of AM and of a bank of QM.
inline constexpr int kBenchAmWords = 128;
inline constexpr int kBenchQmWords = 128;
/// The other units write VM only from here on.
inline constexpr uint32_t kBenchForeignVm = 3500;

/// The vector units of the bench.
enum class VectorBench { kOneLane, kTwoLanes, kSixteenLanes };

/// How often, in 1/256 of the cycles, something holds the unit up.
struct VectorPressure {
  int stream_gap = 0;     ///< no beat is offered
  int write_stall = 0;    ///< main memory takes no write
  int ternary_write = 0;  ///< the ternary unit writes VM
  int int8_write = 0;     ///< the int8 unit writes VM
  int token_gap = 0;      ///< a token that is waited for is not there
};

/// What one instruction did.
struct VectorRun {
  VectorWrites writes;
  int cycles = 0;  ///< from the start to the retire cycle, both included
};

/// Drives one vector unit through its ports and checks the handshakes: each violation throws
/// std::runtime_error.
class VectorDriver {
 public:
  VectorDriver(VectorBench bench, uint64_t seed, VectorPressure pressure = {});
  ~VectorDriver();

  const VectorShape& shape() const { return shape_; }

  /// Executes `instruction`; `beats` is its stream.
  VectorRun Run(const isa::Instruction& instruction, const VectorArguments& arguments,
                const std::vector<uint8_t>& beats, bool skip = false);

  /// Drives `instruction` for some cycles, then resets the unit.
  void StepThenReset(const isa::Instruction& instruction, const VectorArguments& arguments,
                     const std::vector<uint8_t>& beats, int cycles);

  void set_pressure(VectorPressure pressure) { pressure_ = pressure; }

  /// VM as the other units wrote it, above kBenchForeignVm (by element).
  const std::vector<uint32_t>& foreign_vm() const { return foreign_vm_; }

  /// Flips bit 0 of lane 0's adder or multiplier.
  void InjectFault(bool add, bool mul);

 private:
  struct Ports;

  void Offer(const isa::Instruction& instruction, const VectorArguments& arguments,
             const std::vector<uint8_t>& beats, bool skip);
  void Reset();
  bool Chance(int of_256);
  void DriveStream();
  void DriveForeignWrites();
  void DriveTokens(uint32_t wait);
  void CheckStart(const isa::Instruction& instruction, bool skip, bool started);
  void Collect(VectorRun& run);
  bool Step(const isa::Instruction& instruction, bool skip, VectorRun& run);
  void Clock();

  std::unique_ptr<Vunit_bench> model_;
  std::unique_ptr<Ports> ports_;
  VectorShape shape_;
  std::mt19937_64 random_;
  VectorPressure pressure_;
  std::vector<uint8_t> stream_;  ///< bytes that have not been taken
  size_t stream_at_ = 0;
  bool beat_offered_ = false;
  bool started_ = false;
  std::optional<VectorWrite> stalled_write_;
  std::vector<uint32_t> foreign_vm_;
};

}  // namespace ternfab
