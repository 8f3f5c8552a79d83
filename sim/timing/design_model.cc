// SPDX-License-Identifier: Apache-2.0
#include "sim/timing/design_model.h"

#include <utility>

#include "codegen/signature.h"
#include "common/check.h"
#include "common/integer.h"
#include "sim/timing/design_core.h"
#include "sim/timing/fixed_memory.h"
#include "sim/timing/shared_memory.h"

namespace ternfab::timing {

namespace internal {

class FixedCore : public DesignCore<FixedMemory> {
 public:
  using DesignCore::DesignCore;
};
class SharedCore : public DesignCore<SharedMemory> {
 public:
  using DesignCore::DesignCore;
};

}  // namespace internal

namespace {

constexpr uint64_t kPageBytes = 4096;

template <class Core>
std::unique_ptr<Core> Copy(const std::unique_ptr<Core>& core) {
  return core ? std::make_unique<Core>(*core) : nullptr;
}

/// FixedMemory never refuses anything.
bool IsFixed(const MemoryConfig& memory) {
  return !memory.dram && memory.max_outstanding >= 64 && memory.write_latency_cycles == 0;
}

}  // namespace

DesignModel::DesignModel(const HardwareSpec& spec, const MemoryConfig& memory,
                         const std::vector<uint64_t>& port_bases, const Options& options) {
  const DesignSignature signature = MakeSignature(spec);
  TF_CHECK(int(port_bases.size()) == signature.params.ports, "{} port bases", port_bases.size());
  if (IsFixed(memory) && !options.general_memory) {
    fixed_ = std::make_unique<internal::FixedCore>(
        signature, FixedMemory(memory.latency_cycles, signature.params.ports), port_bases,
        options.skip);
  } else {
    shared_ = std::make_unique<internal::SharedCore>(signature, SharedMemory(memory), port_bases,
                                                     options.skip);
  }
}

DesignModel::DesignModel(const DesignModel& other)
    : fixed_(Copy(other.fixed_)), shared_(Copy(other.shared_)) {}
DesignModel& DesignModel::operator=(const DesignModel& other) { return *this = DesignModel(other); }
DesignModel::DesignModel(DesignModel&&) noexcept = default;
DesignModel& DesignModel::operator=(DesignModel&&) noexcept = default;
DesignModel::~DesignModel() = default;

void DesignModel::Idle(uint64_t cycles) { fixed_ ? fixed_->Idle(cycles) : shared_->Idle(cycles); }

void DesignModel::Start(const InstructionList& list, const RunArguments& arguments,
                        const StartPoint& from, std::span<const uint32_t> tags) {
  TF_CHECK(tags.size() == CountTags(list), "{} tag indices of {}", tags.size(), CountTags(list));
  fixed_ ? fixed_->Start(list, arguments, from, tags) : shared_->Start(list, arguments, from, tags);
}

Expected<bool> DesignModel::Run(const StopPoint& stop) {
  const bool ended = fixed_ ? fixed_->Run(stop) : shared_->Run(stop);
  const Sequencer& sequencer = fixed_ ? fixed_->sequencer() : shared_->sequencer();
  if (sequencer.deadlock()) {
    return Fail("deadlock in cycle {}, {} instructions dispatched", cycles(), sequencer.next());
  }
  return ended;
}

void DesignModel::set_sink(CycleSink* sink) {
  fixed_ ? fixed_->set_sink(sink) : shared_->set_sink(sink);
}
uint64_t DesignModel::cycles() const { return fixed_ ? fixed_->cycles() : shared_->cycles(); }
uint64_t DesignModel::memory_cycle() const {
  return fixed_ ? fixed_->memory_cycle() : shared_->memory_cycle();
}
const InstructionTimes& DesignModel::times() const {
  return fixed_ ? fixed_->times() : shared_->times();
}
const RunCounters& DesignModel::counters() const {
  return fixed_ ? fixed_->counters() : shared_->counters();
}
const Tokens& DesignModel::tokens() const {
  return (fixed_ ? fixed_->sequencer() : shared_->sequencer()).token_counts();
}
uint64_t DesignModel::Digest() const { return fixed_ ? fixed_->Digest() : shared_->Digest(); }

std::vector<uint64_t> PortBases(const Program& program, uint64_t bus) {
  const uint64_t strip = uint64_t(
      RoundUp(int64_t(program.total_beats * program.design.port_bytes()), int64_t(kPageBytes)));
  std::vector<uint64_t> bases;
  for (int p = 0; p < program.design.ports; ++p) bases.push_back(bus + uint64_t(p) * strip);
  return bases;
}

}  // namespace ternfab::timing
