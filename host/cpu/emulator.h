// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "host/cpu/context_fill.h"
#include "host/cpu/kernels.h"
#include "host/cpu/thread_pool.h"

namespace ternfab {

/// A memory that instructions write.
enum class Space : uint8_t { kVm, kScalar, kAm, kQm, kMemory };

/// One write of an instruction in the unit of its memory: a VM word, a scalar register, an AM or QM
/// word, a wide beat of main memory or (element writes) four bytes of one.
struct MemoryWrite {
  Space space;
  uint32_t bank = 0;     ///< slot of AM, bank of QM
  uint64_t address = 0;  ///< word, register or wide beat
  uint32_t offset = 0;   ///< first byte within the wide beat
  std::vector<uint8_t> bytes;
};

/// The partial sums of squares of a norm, for each slot (docs/isa.md); no instruction writes them
/// to a memory.
using NormSums = std::array<std::array<uint32_t, isa::kPartialSums>, isa::kMaxBatch>;

/// Receives what each instruction writes, in the order of the program.
class WriteObserver {
 public:
  virtual ~WriteObserver() = default;
  virtual void OnWrite(MemoryWrite write) = 0;
};

/// How an emulator works; what it computes does not depend on it.
struct EmulatorOptions {
  int threads = 1;
  const Kernels* kernels = nullptr;  ///< null: the fastest
};

/// Executes a Program on the CPU: the definition of what each instruction computes (docs/isa.md).
/// Contract:
/// - the Program outlives the emulator and does not change;
/// - weights are multiplied as they lie in main memory: there is no copy of them;
/// - state (main memory, VM, S, AM, QM) persists between runs, as it does in a device.
class Emulator {
 public:
  explicit Emulator(const Program& program, const EmulatorOptions& options = {});

  /// Executes all instructions of `list` (program.decode or program.prefill).
  void Run(const InstructionList& list, const RunArguments& arguments);

  /// Executes one instruction. With an observer, reports every write.
  void Execute(const isa::Instruction& instruction, const RunArguments& arguments,
               WriteObserver* observer);

  /// What the tag indices of the last Run were, one for each instruction with Index::kTag.
  std::span<const uint32_t> tag_indices() const { return tag_indices_; }

  /// The partial sums of norms.
  const NormSums& norm_sums() const { return norm_sums_; }

  /// Main memory, wide beat after wide beat.
  std::span<uint8_t> memory() { return memory_; }
  std::span<const uint8_t> memory() const { return memory_; }

  /// Writes to main memory between runs.
  void Write(const MemoryPatch& patch);

  /// fp32 [vocab] of the last run; empty when the Program has no head.
  std::vector<float> Logits() const;

 private:
  struct VectorContext;

  void ExecuteMatvec(const isa::Instruction& in, const RunArguments& args, WriteObserver* observer);
  void ExecuteInt8(const isa::Instruction& in, const RunArguments& args, WriteObserver* observer);
  void ExecuteVector(const isa::Instruction& in, const RunArguments& args, WriteObserver* observer);
  void LoadA(const VectorContext& v, int segment);
  void LoadB(const VectorContext& v, int segment);
  void LoadC(const VectorContext& v, int segment);
  void LoadStream(const VectorContext& v, int segment, uint32_t* to);
  void WeightSegment(const VectorContext& v, int segment);
  void ReduceSegment(VectorContext& v, int segment);
  void StoreSegment(const VectorContext& v, int segment);
  void StoreBytes(const VectorContext& v, int segment);
  void StoreScalar(uint64_t at, uint32_t value, WriteObserver* observer);
  void StoreVm(uint64_t word, std::span<const uint32_t> values, WriteObserver* observer);
  /// input_ = `count` vectors of AM from word `word`, as long as a row of `shape`.
  void SetInput(const TernaryShape& shape, uint32_t word, uint32_t count);
  const uint8_t* Weights(uint64_t beat, const TernaryShape& shape, uint32_t groups);
  /// What StreamStride is multiplied with.
  uint32_t StreamIndex(const isa::Instruction& in, const RunArguments& args);
  void CheckMemory(uint64_t beat, uint64_t beats) const;

  const Program& program_;
  const DesignParams& design_;
  const Kernels& kernels_;
  ThreadPool pool_;
  std::vector<uint8_t> memory_;
  std::vector<uint32_t> vm_;
  std::array<uint32_t, isa::kScalarRegisters> scalars_{};
  NormSums norm_sums_{};
  std::vector<uint32_t> tag_indices_;
  std::vector<std::vector<int8_t>> am_;  ///< [slot]
  std::vector<std::vector<int8_t>> qm_;  ///< [bank]
  uint64_t am_writes_ = 0;               ///< instructions that wrote to AM
  TernaryInput input_;
  std::array<uint64_t, 4> input_key_{};                      ///< what input_ was made from
  std::vector<int32_t> results_;                             ///< of MATVEC, DOT, ACCUMULATE
  std::set<std::pair<uint64_t, uint64_t>> checked_weights_;  ///< first wide beat, beats
  std::vector<uint32_t> a_, b_, c_;                          ///< operands of one segment
};

}  // namespace ternfab
