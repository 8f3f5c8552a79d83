// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/control_driver.h"

#include <cstring>

#include "Vunit_bench.h"
#include "codegen/registers.h"
#include "common/check.h"

namespace ternfab {
namespace {

template <class T>
uint8_t* Bytes(T& signal) {
  return reinterpret_cast<uint8_t*>(&signal);
}

AxiBusPins PinsOf(Vunit_bench& b) {
  AxiBusPins p;
  p.arvalid = &b.seq_arvalid;
  p.araddr = Bytes(b.seq_araddr);
  p.arlen = Bytes(b.seq_arlen);
  p.arsize = &b.seq_arsize;
  p.arburst = &b.seq_arburst;
  p.arready = &b.seq_arready;
  p.rvalid = &b.seq_rvalid;
  p.rdata = Bytes(b.seq_rdata);
  p.rresp = &b.seq_rresp;
  p.rlast = &b.seq_rlast;
  p.rready = &b.seq_rready;
  p.awvalid = &b.seq_awvalid;
  p.awaddr = Bytes(b.seq_awaddr);
  p.awlen = Bytes(b.seq_awlen);
  p.awsize = &b.seq_awsize;
  p.awburst = &b.seq_awburst;
  p.awready = &b.seq_awready;
  p.wvalid = &b.seq_wvalid;
  p.wdata = Bytes(b.seq_wdata);
  p.wstrb = Bytes(b.seq_wstrb);
  p.wlast = &b.seq_wlast;
  p.wready = &b.seq_wready;
  p.bvalid = &b.seq_bvalid;
  p.bresp = &b.seq_bresp;
  p.bready = &b.seq_bready;
  return p;
}

bool WritesMemory(const isa::Instruction& instr) {
  const auto dst = instr.GetAs<isa::Destination>(isa::kVDst);
  return dst == isa::Destination::kMemF32 || dst == isa::Destination::kMemI8 ||
         dst == isa::Destination::kMemElement;
}

}  // namespace

ControlDriver::ControlDriver(uint64_t seed)
    : bench_(std::make_unique<Vunit_bench>()),
      memory_(kPorts, SEQ_WIDTH, 16, kBeats),
      random_(seed) {
  memory_.Connect(PinsOf(*bench_));
  for (int u = 0; u < 3; ++u) units_[u].current.unit = Unit(u);
  bench_->rst_ni = 0;
  Steps(4);
  bench_->rst_ni = 1;
  for (int p = 0; p < kPorts; ++p) {
    WriteRegister(0x40 + 8 * p, uint32_t(memory_.base(p)));
    WriteRegister(0x44 + 8 * p, uint32_t(memory_.base(p) >> 32));
  }
}

ControlDriver::~ControlDriver() = default;

void ControlDriver::set_work(int max_cycles, int ready_percent) {
  max_work_ = max_cycles;
  ready_percent_ = ready_percent;
}

bool ControlDriver::StreamValid(Unit unit) const {
  if (unit == Unit::kTernary) return bench_->seq_w_valid;
  return unit == Unit::kInt8 ? bench_->seq_k_valid : bench_->seq_v_valid;
}

/// What the queues show in this cycle; the outputs are those of registers.
void ControlDriver::ReadUnits() {
  Vunit_bench& b = *bench_;
  const std::array<bool, 3> valid = {b.seq_tern_valid != 0, b.seq_int8_valid != 0,
                                     b.seq_vec_valid != 0};
  const std::array<uint8_t*, 3> instr = {Bytes(b.seq_tern_instr), Bytes(b.seq_int8_instr),
                                         Bytes(b.seq_vec_instr)};
  const std::array<uint32_t, 3> index = {b.seq_tern_index, b.seq_int8_index, b.seq_vec_index};
  const std::array<bool, 3> skip = {b.seq_tern_skip != 0, b.seq_int8_skip != 0,
                                    b.seq_vec_skip != 0};
  const std::array<uint32_t, 3> length = {0, b.seq_int8_length, b.seq_vec_length};
  for (int u = 0; u < 3; ++u) {
    UnitState& unit = units_[u];
    unit.valid = valid[u];
    if (unit.working || !unit.valid) continue;
    std::memcpy(unit.current.instr.words.data(), instr[u], 64);
    unit.current.index = index[u];
    unit.current.skip = skip[u];
    unit.current.length = length[u];
    unit.current.mem_addr = u == 2 ? b.seq_vec_mem_addr : 0;
    unit.current.mem_elem = u == 2 ? b.seq_vec_mem_elem : 0;
  }
}

void ControlDriver::Retire(UnitState& unit, uint8_t signal) {
  unit.ready = true;
  unit.put = signal;
  unit.working = false;
  unit.current.retire_cycle = cycle_;
  retired_.push_back(unit.current);
}

void ControlDriver::StartInstruction(UnitState& unit, uint8_t signal) {
  const isa::Instruction& instr = unit.current.instr;
  const Resolved want = Resolve(instr, arguments_, kWideBytes);
  unit.issue = true;
  unit.take = uint8_t(instr.Get(isa::kWait));
  unit.current.issue_cycle = cycle_;
  unit.current.beats.clear();
  if (unit.current.skip) return Retire(unit, signal);
  unit.working = true;
  unit.work_left = int(random_() % (max_work_ + 1));
  unit.beats_left = want.stream ? want.beats : 0;
  unit.write_pending = unit.current.unit == Unit::kVector && WritesMemory(instr);
  unit.go = want.stream && instr.Get(isa::kDependent) != 0;
}

void ControlDriver::PlayUnit(UnitState& unit) {
  unit.ready = unit.issue = unit.stream_ready = unit.go = false;
  unit.take = unit.put = 0;
  if (!bench_->seq_unit_rst_n) {
    unit.working = false;
    return;
  }
  const auto wait = uint8_t(unit.current.instr.Get(isa::kWait));
  const auto signal = uint8_t(unit.current.instr.Get(isa::kSignal));
  if (!unit.working) {
    if (unit.valid && !unit.hold && (wait & ~bench_->seq_tok_avail) == 0) {
      StartInstruction(unit, signal);
    }
  } else if (unit.beats_left > 0) {
    unit.stream_ready = int(random_() % 100) < ready_percent_;
  } else if (unit.work_left > 0) {
    --unit.work_left;
  } else if (!unit.write_pending) {
    Retire(unit, signal);
  }
}

void ControlDriver::DriveWrite() {
  const UnitState& vec = units_[2];
  const bool write = vec.working && vec.write_pending && vec.beats_left == 0 && vec.work_left == 0;
  bench_->seq_wr_valid = write;
  if (!write) return;
  bench_->seq_wr_addr = vec.current.mem_addr;
  std::memset(Bytes(bench_->seq_wr_data), int(vec.current.index & 0xff), kWideBytes);
  std::memset(Bytes(bench_->seq_wr_strb), 0xff, kWideBytes / 8);
}

void ControlDriver::DriveUnits() {
  ReadUnits();
  for (UnitState& unit : units_) PlayUnit(unit);
  Vunit_bench& b = *bench_;
  b.seq_tern_ready = units_[0].ready;
  b.seq_tern_issue = units_[0].issue;
  b.seq_tern_take = units_[0].take;
  b.seq_tern_put = units_[0].put;
  b.seq_int8_ready = units_[1].ready;
  b.seq_int8_issue = units_[1].issue;
  b.seq_int8_take = units_[1].take;
  b.seq_int8_put = units_[1].put;
  b.seq_vec_ready = units_[2].ready;
  b.seq_vec_issue = units_[2].issue;
  b.seq_vec_take = units_[2].take;
  b.seq_vec_put = units_[2].put;
  b.seq_w_ready = units_[0].stream_ready;
  b.seq_k_ready = units_[1].stream_ready;
  b.seq_v_ready = units_[2].stream_ready;
  b.seq_k_go = units_[1].go;
  b.seq_v_go = units_[2].go;
  const bool wants = units_[0].working && !units_[0].issue && units_[0].beats_left > 0;
  b.seq_tern_starved = wants && !b.seq_w_valid;
  b.seq_tern_consumed = b.seq_w_valid && b.seq_w_ready;
  DriveWrite();
}

void ControlDriver::TakeStreams() {
  const std::array<uint8_t*, 3> data = {Bytes(bench_->seq_w_data), Bytes(bench_->seq_k_data),
                                        Bytes(bench_->seq_v_data)};
  for (int u = 0; u < 3; ++u) {
    UnitState& unit = units_[u];
    if (!unit.stream_ready || !StreamValid(Unit(u))) continue;
    unit.current.beats.emplace_back(data[u], data[u] + kWideBytes);
    --unit.beats_left;
  }
  if (bench_->seq_wr_valid && bench_->seq_wr_ready) units_[2].write_pending = false;
}

void ControlDriver::Step() {
  DriveUnits();
  memory_.Drive();
  bench_->clk_i = 0;
  bench_->eval();
  TakeStreams();
  memory_.Sample();
  bench_->clk_i = 1;
  bench_->eval();
  ++cycle_;
}

void ControlDriver::Steps(int count) {
  for (int i = 0; i < count; ++i) Step();
}

void ControlDriver::WriteRegister(int offset, uint32_t value, uint8_t strobe) {
  Vunit_bench& b = *bench_;
  b.seq_axil_awaddr = uint16_t(offset);
  b.seq_axil_wdata = value;
  b.seq_axil_wstrb = strobe;
  // Address and data come in either order.
  const int skew = int(random_() % 5) - 2;
  b.seq_axil_awvalid = skew <= 0;
  b.seq_axil_wvalid = skew >= 0;
  Steps(skew < 0 ? -skew : skew);
  b.seq_axil_awvalid = b.seq_axil_wvalid = 1;
  b.eval();
  while (!b.seq_axil_awready) {
    Step();
    b.eval();
  }
  TF_CHECK(b.seq_axil_wready);
  Step();
  b.seq_axil_awvalid = b.seq_axil_wvalid = 0;
  Steps(int(random_() % 3));
  TF_CHECK(b.seq_axil_bvalid && b.seq_axil_bresp == 0);
  b.seq_axil_bready = 1;
  Step();
  b.seq_axil_bready = 0;
}

uint32_t ControlDriver::ReadRegister(int offset) {
  Vunit_bench& b = *bench_;
  b.seq_axil_araddr = uint16_t(offset);
  b.seq_axil_arvalid = 1;
  b.eval();
  TF_CHECK(b.seq_axil_arready);
  Step();
  b.seq_axil_arvalid = 0;
  b.seq_axil_araddr = 0xfff;
  Steps(int(random_() % 3));
  TF_CHECK(b.seq_axil_rvalid && b.seq_axil_rresp == 0);
  const uint32_t value = b.seq_axil_rdata;
  b.seq_axil_rready = 1;
  Step();
  b.seq_axil_rready = 0;
  return value;
}

uint64_t ControlDriver::ReadCounter(int index) {
  const uint64_t low = ReadRegister(0x220 + 8 * index);
  return low | uint64_t{ReadRegister(0x224 + 8 * index)} << 32;
}

void ControlDriver::LoadHeader(uint32_t beat, uint32_t magic, uint32_t version, uint32_t count) {
  isa::Instruction header;
  header.words[isa::kHeaderMagic] = magic;
  header.words[isa::kHeaderVersion] = version;
  header.words[isa::kHeaderCount] = count;
  std::vector<uint8_t> bytes(kWideBytes > 64 ? kWideBytes : 64);
  std::memcpy(bytes.data(), header.words.data(), 64);
  for (int i = 0; i * kWideBytes < 64; ++i) {
    memory_.SetBeat(beat + i, {bytes.begin() + i * kWideBytes, bytes.end()});
  }
}

void ControlDriver::Load(uint32_t beat, const std::vector<isa::Instruction>& program) {
  LoadHeader(beat, isa::kMagic, isa::kVersion, uint32_t(program.size()));
  constexpr int kInstrBeats = kWideBytes >= 64 ? 1 : 64 / kWideBytes;
  for (size_t i = 0; i < program.size(); ++i) {
    std::vector<uint8_t> bytes(kInstrBeats * kWideBytes, 0xcc);
    std::memcpy(bytes.data(), program[i].words.data(), 64);
    for (int k = 0; k < kInstrBeats; ++k) {
      memory_.SetBeat(beat + (i + 1) * kInstrBeats + k,
                      {bytes.begin() + k * kWideBytes, bytes.end()});
    }
  }
}

void ControlDriver::Start(uint32_t program, const RunArguments& arguments) {
  arguments_ = arguments;
  WriteRegister(0x10, program);
  WriteRegister(0x14, arguments.position);
  WriteRegister(0x18, arguments.count);
  for (int i = 0; i < isa::kMaxBatch; ++i) WriteRegister(0x20 + 4 * i, arguments.tokens[i]);
  WriteRegister(0x00, 1);
}

bool ControlDriver::WaitDone(int limit) {
  const int64_t end = cycle_ + limit;
  while (cycle_ < end) {
    if ((ReadRegister(0x00) & 2) != 0) return true;
    Steps(20);
  }
  return false;
}

bool ControlDriver::Run(uint32_t program, const RunArguments& arguments, int limit) {
  Start(program, arguments);
  return WaitDone(limit);
}

void ControlDriver::SoftReset() {
  WriteRegister(0x200, 1);
  for (int i = 0; i < 100000 && ReadRegister(0x200) != 0; ++i) Step();
}

}  // namespace ternfab
