// SPDX-License-Identifier: Apache-2.0
// VECTOR in the emulator (whole arrays at a time) against the model with which the vector unit's
// RTL is compared (one element after another): random instructions of every kind, all writes.
#include <gtest/gtest.h>

#include <algorithm>

#include "host/cpu/emulator.h"
#include "models/random.h"
#include "tests/rtl/vector_random.h"

namespace ternfab {
namespace {

constexpr uint64_t kStreamBeat = 64;
constexpr uint32_t kMemBeat = 30000;

/// What an instruction wrote, in the words of the model.
class Collector : public WriteObserver {
 public:
  explicit Collector(size_t wide_bytes) : wide_bytes_(wide_bytes) {}
  void OnWrite(MemoryWrite w) override {
    VectorWrite write{w.bank, uint32_t(w.address), w.bytes, {}};
    switch (w.space) {
      case Space::kVm:
        return writes.vm.push_back(write);
      case Space::kAm:
        return writes.am.push_back(write);
      case Space::kQm:
        return writes.qm.push_back(write);
      case Space::kScalar:
        return writes.scalars.push_back(
            {uint32_t(w.address), uint32_t(w.bytes[0] | w.bytes[1] << 8 | w.bytes[2] << 16) |
                                      uint32_t(w.bytes[3]) << 24});
      case Space::kMemory:
        write.data.assign(wide_bytes_, 0);
        write.strobe.assign(wide_bytes_, false);
        std::copy(w.bytes.begin(), w.bytes.end(), write.data.begin() + w.offset);
        std::fill_n(write.strobe.begin() + w.offset, w.bytes.size(), true);
        return writes.memory.push_back(write);
    }
  }
  VectorWrites Sorted() {
    std::stable_sort(writes.scalars.begin(), writes.scalars.end(),
                     [](const ScalarWrite& a, const ScalarWrite& b) { return a.addr < b.addr; });
    return writes;
  }

  VectorWrites writes;

 private:
  size_t wide_bytes_;
};

class Pair {
 public:
  explicit Pair(const VectorShape& shape) : shape_(shape) {
    DesignParams& d = program_.design;
    d.ports = 1;
    d.width_bits = 8 * shape.wide_bytes;
    d.lanes = shape.engine_lanes;
    d.batch = isa::kMaxBatch;
    d.queries = kBenchQueries;
    d.vector_lanes = shape.lanes;
    d.vm_words = kBenchVmWords;
    d.am_words = kBenchAmWords;
    d.qm_words = kBenchQmWords;
    program_.total_beats = 65536;
    emulator_ = std::make_unique<Emulator>(program_);
    state_.vm.resize(size_t(kBenchVmWords) * size_t(shape.lanes));
  }

  /// Executes the case in both; `where` places its position and its destination in main memory.
  void Expect(VectorCase c, Random& where) {
    isa::Instruction& in = c.instruction;
    in.Set(isa::kOpcode, isa::Opcode::kVector);
    in.Set(isa::kVLength, c.arguments.length);
    in.Set(isa::kStreamAddress, kStreamBeat);
    const uint32_t per_beat = uint32_t(shape_.wide_bytes / 4);
    const uint32_t slot = in.Get(isa::kSlot);
    const uint32_t place = c.arguments.mem_elem + per_beat * (8 + uint32_t(where.Next() % 50));
    const RunArguments arguments{place - slot, isa::kMaxBatch, {}};
    const bool element = in.GetAs<isa::Destination>(isa::kVDst) == isa::Destination::kMemElement;
    in.Set(isa::kVMemAddress, kMemBeat);
    in.Set(isa::kVMemStride, where.Next() % 30);
    c.arguments.mem_addr =
        kMemBeat + (element ? place / per_beat : place * in.Get(isa::kVMemStride));
    std::copy(c.beats.begin(), c.beats.end(),
              emulator_->memory().begin() + long(kStreamBeat) * shape_.wide_bytes);
    Collector collector{size_t(shape_.wide_bytes)};
    emulator_->Execute(in, arguments, &collector);
    const VectorWrites want = ExecuteVector(shape_, in, c.arguments, c.beats, state_);
    ASSERT_EQ(collector.Sorted(), want) << Describe(c);
  }

 private:
  VectorShape shape_;
  Program program_;
  std::unique_ptr<Emulator> emulator_;
  VectorState state_;
};

class EmulatorVector : public testing::TestWithParam<VectorShape> {};

TEST_P(EmulatorVector, WritesWhatTheModelWrites) {
  Pair pair(GetParam());
  VectorCaseSource source(GetParam(), 3);
  Random where(4, 1);
  for (int i = 0; i < 3000; ++i) {
    if (i % 200 == 0) {
      pair.Expect(source.FillVm(kBenchVmWords), where);
      pair.Expect(source.FillScalars(), where);
    }
    pair.Expect(source.Next(), where);
    if (HasFatalFailure()) FAIL() << "case " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Lanes, EmulatorVector,
                         testing::Values(VectorShape{1, 4, 20}, VectorShape{2, 8, 40},
                                         VectorShape{16, 64, 80}),
                         [](const auto& info) { return fmt::format("{}", info.param.lanes); });

}  // namespace
}  // namespace ternfab
