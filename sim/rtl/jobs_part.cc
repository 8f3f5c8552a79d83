// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/jobs_part.h"

#include <chrono>
#include <cstring>

#include "common/check.h"
#include "sim/memory/digest.h"
#include "sim/rtl/design_library.h"

namespace ternfab::rtl {
namespace {

// The design finds its own deadlocks; this only ends a simulation that is stuck for a day.
constexpr std::chrono::hours kTimeout{24};
constexpr uint32_t kStart = 1;
constexpr int kCyclesPerCancelCheck = 1024;

/// Writes one write of an emulator to the ports' strips.
Expected<void> WriteMemory(VerilatedDevice& device, const PartInput& in, const MemoryWrite& w) {
  const std::vector<uint64_t> bases = timing::PortBases(*in.program, 0);
  const size_t port_bytes = size_t(in.program->design.port_bytes());
  for (size_t done = 0; done < w.bytes.size();) {
    const size_t at = w.offset + done;
    const size_t n = std::min(w.bytes.size() - done, port_bytes - at % port_bytes);
    const uint64_t offset = bases[at / port_bytes] + w.address * port_bytes + at % port_bytes;
    TF_RETURN_IF_ERROR(device.CopyIn(offset, {&w.bytes[done], n}));
    done += n;
  }
  return {};
}

/// The program from range.first on, for observers.
InstructionList ListFrom(const PartInput& in) {
  const auto first = std::ptrdiff_t(in.range.first);
  InstructionList list;
  list.instructions.assign(in.list->instructions.begin() + first, in.list->instructions.end());
  list.notes.assign(in.list->notes.begin() + first, in.list->notes.end());
  return list;
}

}  // namespace

MemoryTiming MemoryAt(MemoryTiming memory, uint64_t cycle) {
  while (memory.cycle() < cycle) memory.TickSteady(cycle - memory.cycle());
  return memory;
}

namespace {

class PartObserver : public CycleObserver {
 public:
  PartObserver(const PartInput& in, VerilatedDevice& device, const std::atomic<bool>& cancel)
      : in_(in),
        device_(device),
        cancel_(cancel),
        list_(ListFrom(in)),
        memory_(MemoryAt(in.memory, in.memory_cycle)),
        probe_(device.design(), in.range.first) {
    run_.Begin(list_, in.program->design, in.arguments, [](uint64_t) {});
    result_.names = probe_.names();
    result_.names.push_back("memory");
    result_.names.push_back("memory configuration");
  }

  void OnCycle(const TracePins& trace, uint64_t cycle) override {
    if (!*trace.run) return;
    if (run_.cycles() == 0) Begin(cycle);
    for (int u = 0; u < kUnits; ++u) {
      if (*trace.units[u].issue) OnIssue(*trace.units[u].index + in_.range.first);
    }
    if (counting_ && *trace.memory.enable) NoteWrite(trace.memory);
    run_.OnCycle(trace, cycle);
    stop_ = stop_ || (run_.cycles() % kCyclesPerCancelCheck == 0 && cancel_);
  }

  bool stop() const override { return stop_; }

  /// After the run, whose program has ended unless it was stopped at `to`.
  PartResult Take() {
    if (result_.to.state.values.empty()) {
      result_.to = {run_.cycles(), {}, probe_.Counters(), run_};
      result_.memory = device_.memory();
    }
    return std::move(result_);
  }
  /// No instruction has issued.
  bool quiet() const { return run_.times().empty(); }
  bool complete() const {
    return counting_ && (in_.range.to == timing::kNoIndex || !result_.to.state.values.empty());
  }

 private:
  void Begin(uint64_t cycle) {
    result_.start_cycle = cycle;
    device_.SetMemory(memory_);
    if (in_.range.from == timing::kNoIndex) {
      counting_ = true;
      result_.from.counters.resize(probe_.Counters().size());
      result_.from.observer = run_;
    }
  }

  void OnIssue(uint32_t index) {
    if (index == in_.range.from) {
      result_.from = Cut();
      counting_ = true;
    }
    if (index == in_.range.to) {
      result_.to = Cut();
      stop_ = true;
    }
  }

  Seam Cut() {
    Seam seam{run_.cycles(), probe_.Capture(), probe_.Counters(), run_};
    seam.state.values.push_back(device_.memory().Digest());
    seam.state.values.push_back(ConfigurationDigest());
    return seam;
  }

  /// A memory's state says nothing of what it does not have to do at present.
  uint64_t ConfigurationDigest() const {
    const MemoryConfig& config = device_.memory().config();
    Digester digest;
    digest.Add(uint64_t(config.latency_cycles));
    digest.Add(uint64_t(config.write_latency_cycles));
    digest.Add(uint64_t(config.max_outstanding));
    digest.Add(config.dram.has_value());
    return digest.value();
  }

  void NoteWrite(const WriteTrace& port) {
    uint64_t address = 0;
    std::memcpy(&address, port.address, size_t(port.address_bytes));
    const auto strobe = [&](int i) { return (port.strobe[i / 8] >> (i % 8)) & 1; };
    for (int i = 0; i < port.data_bytes;) {
      int end = i;
      while (end < port.data_bytes && strobe(end)) ++end;
      if (end > i) {
        result_.writes.push_back(
            {Space::kMemory, 0, address, uint32_t(i), {port.data + i, port.data + end}});
      }
      i = end + 1;
    }
  }

  const PartInput& in_;
  VerilatedDevice& device_;
  const std::atomic<bool>& cancel_;
  InstructionList list_;
  MemoryTiming memory_;  ///< in cycle 0 of the part
  StateProbe probe_;
  RunObserver run_{true};
  PartResult result_;
  bool counting_ = false;
  bool stop_ = false;
};

/// Puts the header just before the first instruction; later instructions keep their places.
Expected<uint32_t> WriteHeader(VerilatedDevice& device, const PartInput& in) {
  if (in.range.first == 0) return uint32_t(in.list->beat);
  const DesignParams& design = in.program->design;
  const uint32_t beats = uint32_t(CeilDiv(isa::kInstructionBytes, design.wide_bytes()));
  std::array<uint32_t, isa::kInstructionWords> header{};
  header[isa::kHeaderMagic] = isa::kMagic;
  header[isa::kHeaderVersion] = isa::kVersion;
  header[isa::kHeaderCount] = uint32_t(in.list->instructions.size()) - in.range.first;
  std::vector<uint8_t> bytes(size_t(beats) * size_t(design.wide_bytes()));
  std::memcpy(bytes.data(), header.data(), sizeof header);
  const uint32_t beat = uint32_t(in.list->beat) + in.range.first * beats;
  for (uint32_t b = 0; b < beats; ++b) {
    const auto begin = bytes.begin() + std::ptrdiff_t(b) * design.wide_bytes();
    TF_RETURN_IF_ERROR(WriteMemory(
        device, in, {Space::kMemory, 0, beat + b, 0, {begin, begin + design.wide_bytes()}}));
  }
  return beat;
}

/// As the driver does it.
Expected<void> StartRun(VerilatedDevice& device, const PartInput& in, uint32_t program) {
  const driver::RegisterOffsets& at = device.design().info().offsets;
  const std::vector<uint64_t> bases = timing::PortBases(*in.program, device.bus_address());
  for (uint32_t p = 0; p < bases.size(); ++p) {
    const uint32_t offset = p * at.port_base_stride;
    TF_RETURN_IF_ERROR(device.WriteRegister(at.port_base_lo + offset, uint32_t(bases[p])));
    TF_RETURN_IF_ERROR(device.WriteRegister(at.port_base_hi + offset, uint32_t(bases[p] >> 32)));
  }
  TF_RETURN_IF_ERROR(device.WriteRegister(at.ier, 1));
  TF_RETURN_IF_ERROR(device.WriteRegister(at.gie, 1));
  TF_RETURN_IF_ERROR(device.WriteRegister(at.program, program));
  TF_RETURN_IF_ERROR(device.WriteRegister(at.position, in.arguments.position));
  TF_RETURN_IF_ERROR(device.WriteRegister(at.count, in.arguments.count));
  for (uint32_t i = 0; i < in.arguments.count; ++i) {
    TF_RETURN_IF_ERROR(device.WriteRegister(at.token + 4 * i, in.arguments.tokens[i]));
  }
  return device.WriteRegister(at.ap_ctrl, kStart);
}

Expected<void> CheckEnd(VerilatedDevice& device, const PartRange& range) {
  const driver::DesignInfo& info = device.design().info();
  TF_ASSIGN_OR_RETURN(const uint32_t cause, device.ReadRegister(info.offsets.error));
  if (cause == 0) return {};
  TF_ASSIGN_OR_RETURN(const uint32_t index, device.ReadRegister(info.offsets.error_index));
  const char* text = "unknown cause";
  for (uint32_t i = 0; i < info.error_count; ++i) {
    if (info.errors[i].cause == cause) text = info.errors[i].text;
  }
  return Fail("device {}: ERROR = {} at instruction {}: {}", info.name, cause, index + range.first,
              text);
}

}  // namespace

Expected<PartResult> RunPart(const PartInput& in, const std::atomic<bool>& cancel) {
  TF_ASSIGN_OR_RETURN(std::unique_ptr<RtlDesign> design, LoadDesign(in.library));
  VerilatedDevice device(std::move(design), in.device);
  for (const MemoryWrite& write : in.writes) {
    TF_RETURN_IF_ERROR(WriteMemory(device, in, write));
  }
  TF_ASSIGN_OR_RETURN(const uint32_t program, WriteHeader(device, in));
  LoadArchitecture(device.design(), in.state);
  device.design().SetFaults(in.faults);
  PartObserver observer(in, device, cancel);
  device.AddObserver(&observer);
  TF_RETURN_IF_ERROR(StartRun(device, in, program));
  TF_CHECK(observer.quiet(), "an instruction has issued before the tokens are there");
  LoadTokens(device.design(), in.tokens);
  const Expected<bool> ended = device.WaitInterrupt(kTimeout);
  if (!ended && !observer.stop()) return tl::unexpected<Error>(ended.error());
  if (ended) TF_RETURN_IF_ERROR(CheckEnd(device, in.range));
  for (size_t p = 0; p < device.design().ports().size(); ++p) {
    const auto& violations = device.port(int(p)).violations();
    if (!violations.empty()) return Fail("memory port {}: {}", p, violations.front());
  }
  if (!observer.complete()) return Fail("{}", kPartStopped);
  return observer.Take();
}

}  // namespace ternfab::rtl
