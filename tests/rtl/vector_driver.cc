// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/vector_driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "Vunit_bench.h"

namespace ternfab {
namespace {

/// A port of any width: Verilator keeps its bits in little-endian words.
class Port {
 public:
  Port() = default;
  template <class T>
  explicit Port(T& signal) : data_(&signal), bytes_(sizeof(T)) {}

  uint64_t Get() const {
    uint64_t value = 0;
    std::memcpy(&value, data_, std::min<size_t>(bytes_, 8));
    return value;
  }
  std::vector<uint8_t> Bytes(int count) const {
    std::vector<uint8_t> bytes(static_cast<size_t>(count));
    std::memcpy(bytes.data(), data_, bytes.size());
    return bytes;
  }
  void Set(uint64_t value) { Write(&value, std::min<size_t>(bytes_, 8)); }
  void Write(const void* bytes, size_t count) { std::memcpy(data_, bytes, count); }

 private:
  void* data_ = nullptr;
  size_t bytes_ = 0;
};

[[noreturn]] void Violation(const std::string& what) { throw std::runtime_error(what); }

}  // namespace

/// The ports of tf_vector_unit, by their names there.
struct VectorDriver::Ports {
  Port instr_valid, instr_ready, instr, skip, length, mem_addr, mem_elem, issue, tok_avail,
      tok_take, tok_put, go, stream_valid, stream_ready, stream_data, tern_valid, tern_ready,
      tern_addr, tern_data, int8_valid, int8_ready, int8_addr, int8_data, am_we, am_slot, am_addr,
      am_data, qm_we, qm_bank, qm_addr, qm_data, wr_valid, wr_ready, wr_addr, wr_data, wr_strb,
      s_we, s_addr, s_data, vm_we, vm_addr, vm_data, fault_add, fault_mul;
};

// Ports have names, not indices: a macro writes each name once for the three units.
#define TF_VECTOR_PORTS(m, n)                                                                    \
  Ports {                                                                                        \
    Port(m.vec_##n##_instr_valid_i), Port(m.vec_##n##_instr_ready_o), Port(m.vec_##n##_instr_i), \
        Port(m.vec_##n##_instr_skip_i), Port(m.vec_##n##_instr_length_i),                        \
        Port(m.vec_##n##_instr_mem_addr_i), Port(m.vec_##n##_instr_mem_elem_i),                  \
        Port(m.vec_##n##_issue_o), Port(m.vec_##n##_tok_avail_i), Port(m.vec_##n##_tok_take_o),  \
        Port(m.vec_##n##_tok_put_o), Port(m.vec_##n##_go_o), Port(m.vec_##n##_stream_valid_i),   \
        Port(m.vec_##n##_stream_ready_o), Port(m.vec_##n##_stream_data_i),                       \
        Port(m.vec_##n##_tern_vm_valid_i), Port(m.vec_##n##_tern_vm_ready_o),                    \
        Port(m.vec_##n##_tern_vm_addr_i), Port(m.vec_##n##_tern_vm_data_i),                      \
        Port(m.vec_##n##_int8_vm_valid_i), Port(m.vec_##n##_int8_vm_ready_o),                    \
        Port(m.vec_##n##_int8_vm_addr_i), Port(m.vec_##n##_int8_vm_data_i),                      \
        Port(m.vec_##n##_am_we_o), Port(m.vec_##n##_am_slot_o), Port(m.vec_##n##_am_addr_o),     \
        Port(m.vec_##n##_am_data_o), Port(m.vec_##n##_qm_we_o), Port(m.vec_##n##_qm_bank_o),     \
        Port(m.vec_##n##_qm_addr_o), Port(m.vec_##n##_qm_data_o), Port(m.vec_##n##_wr_valid_o),  \
        Port(m.vec_##n##_wr_ready_i), Port(m.vec_##n##_wr_addr_o), Port(m.vec_##n##_wr_data_o),  \
        Port(m.vec_##n##_wr_strb_o), Port(m.vec_##n##_trace_s_we_o),                             \
        Port(m.vec_##n##_trace_s_addr_o), Port(m.vec_##n##_trace_s_data_o),                      \
        Port(m.vec_##n##_trace_vm_we_o), Port(m.vec_##n##_trace_vm_addr_o),                      \
        Port(m.vec_##n##_trace_vm_data_o), Port(m.vec_##n##_fault_add_i),                        \
        Port(m.vec_##n##_fault_mul_i)                                                            \
  }

VectorDriver::VectorDriver(VectorBench bench, uint64_t seed, VectorPressure pressure)
    : model_(std::make_unique<Vunit_bench>()), random_(seed), pressure_(pressure) {
  Vunit_bench& m = *model_;
  switch (bench) {
    case VectorBench::kOneLane:
      shape_ = {.lanes = 1, .wide_bytes = 4, .engine_lanes = 5};
      ports_ = std::make_unique<Ports>(TF_VECTOR_PORTS(m, v1));
      break;
    case VectorBench::kTwoLanes:
      shape_ = {.lanes = 2, .wide_bytes = 16, .engine_lanes = 20};
      ports_ = std::make_unique<Ports>(TF_VECTOR_PORTS(m, v2));
      break;
    case VectorBench::kSixteenLanes:
      shape_ = {.lanes = 16, .wide_bytes = 64, .engine_lanes = 80};
      ports_ = std::make_unique<Ports>(TF_VECTOR_PORTS(m, v16));
      break;
  }
  foreign_vm_.assign(size_t(kBenchVmWords) * size_t(shape_.lanes), 0);
  Reset();
}

void VectorDriver::Reset() {
  model_->rst_ni = 0;
  ports_->instr_valid.Set(0);
  ports_->stream_valid.Set(0);
  ports_->tern_valid.Set(0);
  ports_->int8_valid.Set(0);
  for (int i = 0; i < 2; ++i) Clock();
  model_->rst_ni = 1;
  beat_offered_ = false;
  stalled_write_.reset();
}

VectorDriver::~VectorDriver() { model_->final(); }

void VectorDriver::InjectFault(bool add, bool mul) {
  ports_->fault_add.Set(add);
  ports_->fault_mul.Set(mul);
}

void VectorDriver::Clock() {
  model_->clk_i = 1;
  model_->eval();
  model_->clk_i = 0;
  model_->eval();
}

bool VectorDriver::Chance(int of_256) { return int(random_() % 256) < of_256; }

/// Offers the next beat, and goes on offering it until it is taken; else noise.
void VectorDriver::DriveStream() {
  Ports& p = *ports_;
  const size_t wide = size_t(shape_.wide_bytes);
  beat_offered_ = stream_at_ < stream_.size() && (beat_offered_ || !Chance(pressure_.stream_gap));
  p.stream_valid.Set(beat_offered_);
  if (beat_offered_) {
    p.stream_data.Write(&stream_.at(stream_at_), wide);
  } else {
    std::vector<uint64_t> noise((wide + 7) / 8);
    for (uint64_t& word : noise) word = random_();
    p.stream_data.Write(noise.data(), wide);
  }
}

/// Writes of the other units; one that was not taken is offered again (int8).
void VectorDriver::DriveForeignWrites() {
  Ports& p = *ports_;
  const auto offer = [&](Port& valid, Port& addr, Port& data) {
    std::vector<uint32_t> word(static_cast<size_t>(shape_.lanes));
    for (uint32_t& element : word) element = uint32_t(random_());
    valid.Set(1);
    addr.Set(kBenchForeignVm + random_() % (kBenchVmWords - kBenchForeignVm));
    data.Write(word.data(), 4 * word.size());
  };
  p.tern_valid.Set(0);
  if (Chance(pressure_.ternary_write)) offer(p.tern_valid, p.tern_addr, p.tern_data);
  if (p.int8_valid.Get() == 0 && Chance(pressure_.int8_write)) {
    offer(p.int8_valid, p.int8_addr, p.int8_data);
  }
}

void VectorDriver::DriveTokens(uint32_t wait) {
  const uint32_t gap = Chance(pressure_.token_gap) ? uint32_t(random_()) & wait : 0;
  ports_->tok_avail.Set((wait | uint32_t(random_())) & ~gap & 0xf);
}

void VectorDriver::CheckStart(const isa::Instruction& instruction, bool skip, bool started) {
  Ports& p = *ports_;
  const uint64_t wait = instruction.Get(isa::kWait);
  const bool available = (wait & ~p.tok_avail.Get()) == 0;
  const bool streamed = VectorStreamBeats(shape_, instruction, 1) != 0;
  const bool go = started && !skip && streamed && instruction.Get(isa::kDependent) != 0;
  if (started && started_) Violation("issue_o twice");
  if (started && !available) Violation("start without tokens");
  if (!started && !started_ && available) Violation("no start although tokens are there");
  if (p.tok_take.Get() != (started ? wait : 0)) Violation("tok_take_o");
  if ((p.go.Get() != 0) != go) Violation("go_o");
  started_ = started_ || started;
}

void VectorDriver::Collect(VectorRun& run) {
  Ports& p = *ports_;
  const int wide = shape_.wide_bytes;
  if (p.am_we.Get() != 0) {
    run.writes.am.push_back({uint32_t(p.am_slot.Get()),
                             uint32_t(p.am_addr.Get()),
                             p.am_data.Bytes(shape_.engine_lanes),
                             {}});
  }
  if (p.qm_we.Get() != 0) {
    run.writes.qm.push_back(
        {uint32_t(p.qm_bank.Get()), uint32_t(p.qm_addr.Get()), p.qm_data.Bytes(wide), {}});
  }
  if (p.s_we.Get() != 0) {
    run.writes.scalars.push_back({uint32_t(p.s_addr.Get()), uint32_t(p.s_data.Get())});
  }
  if (p.vm_we.Get() != 0) {
    run.writes.vm.push_back({0, uint32_t(p.vm_addr.Get()), p.vm_data.Bytes(4 * shape_.lanes), {}});
  }
  if (p.wr_valid.Get() == 0) {
    if (stalled_write_) Violation("wr_valid_o fell before wr_ready_i");
    return;
  }
  VectorWrite w{0, uint32_t(p.wr_addr.Get()), p.wr_data.Bytes(wide), {}};
  const uint64_t strobe = p.wr_strb.Get();
  for (int k = 0; k < wide; ++k) {
    w.strobe.push_back((strobe >> k & 1) != 0);
    if (!w.strobe.back()) w.data[size_t(k)] = 0;
  }
  if (stalled_write_ && !(*stalled_write_ == w)) Violation("a stalled main-memory write changed");
  stalled_write_.reset();
  if (p.wr_ready.Get() != 0) {
    run.writes.memory.push_back(std::move(w));
  } else {
    stalled_write_ = std::move(w);
  }
}

/// One cycle with the instruction at the port; true if it retires.
bool VectorDriver::Step(const isa::Instruction& instruction, bool skip, VectorRun& run) {
  Ports& p = *ports_;
  DriveStream();
  DriveForeignWrites();
  DriveTokens(instruction.Get(isa::kWait));
  p.wr_ready.Set(!Chance(pressure_.write_stall));
  model_->eval();
  CheckStart(instruction, skip, p.issue.Get() != 0);
  Collect(run);
  if (started_) ++run.cycles;
  const bool retired = p.instr_ready.Get() != 0;
  if (p.tok_put.Get() != (retired ? instruction.Get(isa::kSignal) : 0)) Violation("tok_put_o");
  const auto foreign = [&](Port& addr, Port& data) {
    const std::vector<uint8_t> bytes = data.Bytes(4 * shape_.lanes);
    std::memcpy(&foreign_vm_.at(addr.Get() * size_t(shape_.lanes)), bytes.data(), bytes.size());
  };
  const bool int8_taken = p.int8_valid.Get() != 0 && p.int8_ready.Get() != 0;
  if (p.tern_valid.Get() != 0 && p.tern_ready.Get() == 0) Violation("tern_vm_ready_o");
  if (p.tern_valid.Get() != 0) foreign(p.tern_addr, p.tern_data);
  if (int8_taken) foreign(p.int8_addr, p.int8_data);
  const bool beat_taken = beat_offered_ && p.stream_ready.Get() != 0;
  Clock();
  if (int8_taken) p.int8_valid.Set(0);
  if (beat_taken) {
    stream_at_ += size_t(shape_.wide_bytes);
    beat_offered_ = false;
  }
  return retired;
}

void VectorDriver::Offer(const isa::Instruction& instruction, const VectorArguments& arguments,
                         const std::vector<uint8_t>& beats, bool skip) {
  Ports& p = *ports_;
  p.instr.Write(instruction.words.data(), isa::kInstructionBytes);
  p.instr_valid.Set(1);
  p.skip.Set(skip);
  p.length.Set(arguments.length);
  p.mem_addr.Set(arguments.mem_addr);
  p.mem_elem.Set(arguments.mem_elem);
  stream_ = beats;
  stream_at_ = 0;
  started_ = false;
}

VectorRun VectorDriver::Run(const isa::Instruction& instruction, const VectorArguments& arguments,
                            const std::vector<uint8_t>& beats, bool skip) {
  constexpr int kLimit = 200'000;
  Offer(instruction, arguments, beats, skip);
  VectorRun run;
  while (!Step(instruction, skip, run)) {
    if (run.cycles > kLimit) Violation(fmt::format("no retire within {} cycles", kLimit));
  }
  ports_->instr_valid.Set(0);
  if (stream_at_ != stream_.size()) Violation("beats of the stream are left");
  std::stable_sort(run.writes.scalars.begin(), run.writes.scalars.end(),
                   [](const ScalarWrite& a, const ScalarWrite& b) { return a.addr < b.addr; });
  return run;
}

void VectorDriver::StepThenReset(const isa::Instruction& instruction,
                                 const VectorArguments& arguments,
                                 const std::vector<uint8_t>& beats, int cycles) {
  Offer(instruction, arguments, beats, false);
  VectorRun run;
  for (int n = 0; n < cycles && !Step(instruction, false, run); ++n) {
  }
  Reset();
}

}  // namespace ternfab
