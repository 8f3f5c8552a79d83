// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

#include "tests/rtl/vector_driver.h"

namespace ternfab {

/// A VECTOR instruction with what it needs.
struct VectorCase {
  isa::Instruction instruction;
  VectorArguments arguments;
  std::vector<uint8_t> beats;
};

/// Seeded VECTOR instructions of every kind that docs/isa.md allows, and operands that are hard:
/// floats of close and of far exponents, integers, zeros, subnormals, infinities, NaN.
class VectorCaseSource {
 public:
  VectorCaseSource(const VectorShape& shape, uint64_t seed) : shape_(shape), random_(seed) {}

  VectorCase Next();

  /// Fills VM words 0 .. words-1 from a stream.
  VectorCase FillVm(uint32_t words);
  /// Fills S, one segment a register.
  VectorCase FillScalars();
  /// Writes VM words from `first` to main memory, bit by bit.
  VectorCase DumpVm(uint32_t first, uint32_t words) const;

  uint32_t RandomElement();

  /// The next norm of each slot begins a sum: what came before has not been executed, or in part.
  void EndSums() { summed_ = {}; }

 private:
  uint32_t Below(uint32_t n) { return uint32_t(random_() % n); }
  bool Half() { return (random_() & 1) != 0; }
  void PickSources(isa::Instruction& i);
  void PickCombine(isa::Instruction& i);
  void PickDestination(isa::Instruction& i);
  void MakeNorm(isa::Instruction& i);
  void PickSum(isa::Instruction& i);
  void PickSize(VectorCase& c);
  void PickAddresses(VectorCase& c);
  void PickTargets(VectorCase& c, uint32_t words);
  std::vector<uint8_t> RandomBeats(uint32_t beats);

  VectorShape shape_;
  std::mt19937_64 random_;
  std::array<uint32_t, isa::kMaxBatch> summed_{};  ///< elements of each slot's sum so far
};

/// In words: the kind of an instruction, for messages.
std::string Describe(const VectorCase& c);

}  // namespace ternfab
