// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/timing/unit_lockstep.h"

#include <fmt/format.h>

#include <memory>
#include <vector>

#include "Vunit_bench.h"
#include "sim/timing/int8_timing.h"
#include "sim/timing/ternary_timing.h"
#include "sim/timing/vector_timing.h"
#include "tests/rtl/int8_port.h"
#include "tests/rtl/ternary_port.h"
#include "tests/sim/timing/unit_random.h"

namespace ternfab::timing {
namespace {

std::string Words(const UnitOut& o) {
  return fmt::format(
      "issue {} retire {} pop {} ready {} go {} vm {} read {} wr {} take {} put {} wr_addr {} "
      "ports {:b}",
      o.issue, o.retire, o.stream_pop, o.stream_ready, o.go, o.vm_valid, o.vm_read, o.wr_valid,
      o.take, o.put, o.wr_addr, o.wr_ports);
}

/// A unit of the bench and its model, with their instructions.
template <class Model>
struct Pair {
  explicit Pair(const Model& m) : model(m) {}
  void Draw(Random& random) { in = surroundings.Draw(random, weather, next.decoded); }
  bool Settle(const UnitOut& rtl) {
    retired += rtl.retire;
    return surroundings.Settle(rtl);
  }

  Model model;
  UnitSurroundings surroundings;
  UnitWeather weather;
  DrawnInstruction next;
  UnitIn in;
  UnitOut expected;
  int64_t retired = 0;
};

/// A vector unit of the bench: how its ports are driven and read.
struct VectorParty {
  explicit VectorParty(const VectorTiming::Shape& shape, bool wrong, uint64_t seed)
      : pair(VectorTiming({wrong && shape.lanes > 1 ? shape.lanes / 2 : shape.lanes,
                           shape.wide_bytes, shape.port_bytes, shape.engine_lanes})),
        source({shape.lanes, shape.wide_bytes, shape.engine_lanes}, seed),
        port_bytes(shape.port_bytes) {}

  Pair<VectorTiming> pair;
  VectorCaseSource source;
  int port_bytes;
  bool ternary_writes = false, int8_writes = false;
};

uint32_t PortsOf(uint64_t strobe, int port_bytes) {
  uint32_t ports = 0;
  for (int k = 0; k < 64; ++k) ports |= uint32_t(strobe >> k & 1) << (k / port_bytes);
  return ports;
}

template <class Wide>
void SetWords(Wide& port, const isa::Instruction& instruction) {
  for (int w = 0; w < isa::kInstructionWords; ++w) port[w] = instruction.words[size_t(w)];
}

// Ports have names, not indices: the macros write each name once for the three vector units.
#define TF_DRIVE_VECTOR(n, p)                                          \
  bench_->vec_##n##_instr_valid_i = (p).pair.in.head != nullptr;       \
  SetWords(bench_->vec_##n##_instr_i, (p).pair.next.words);            \
  bench_->vec_##n##_instr_skip_i = (p).pair.next.decoded.skip;         \
  bench_->vec_##n##_instr_length_i = (p).pair.next.decoded.length;     \
  bench_->vec_##n##_instr_mem_addr_i = (p).pair.next.decoded.mem_addr; \
  bench_->vec_##n##_instr_mem_elem_i = (p).pair.next.decoded.mem_elem; \
  bench_->vec_##n##_tok_avail_i = (p).pair.in.tokens;                  \
  bench_->vec_##n##_stream_valid_i = (p).pair.in.stream_valid;         \
  bench_->vec_##n##_tern_vm_valid_i = (p).ternary_writes;              \
  bench_->vec_##n##_int8_vm_valid_i = (p).int8_writes;                 \
  bench_->vec_##n##_wr_ready_i = (p).pair.in.wr_ready

#define TF_READ_VECTOR(n, p, out)                                                    \
  (out).issue = bench_->vec_##n##_issue_o;                                           \
  (out).retire = bench_->vec_##n##_instr_ready_o && bench_->vec_##n##_instr_valid_i; \
  (out).stream_ready = bench_->vec_##n##_stream_ready_o;                             \
  (out).stream_pop = (out).stream_ready && (p).pair.in.stream_valid;                 \
  (out).go = bench_->vec_##n##_go_o;                                                 \
  (out).vm_valid = bench_->vec_##n##_trace_vm_we_o;                                  \
  (out).vm_read = !bench_->vec_##n##_tag_ready_o;                                    \
  (out).wr_valid = bench_->vec_##n##_wr_valid_o;                                     \
  (out).take = bench_->vec_##n##_tok_take_o;                                         \
  (out).put = bench_->vec_##n##_tok_put_o;                                           \
  (out).wr_addr = (out).wr_valid ? bench_->vec_##n##_wr_addr_o : 0;                  \
  (out).wr_ports = (out).wr_valid ? PortsOf(bench_->vec_##n##_wr_strb_o, (p).port_bytes) : 0

class Lockstep {
 public:
  explicit Lockstep(const LockstepOptions& o)
      : options_(o),
        random_(o.seed),
        bench_(std::make_unique<Vunit_bench>()),
        ternary_(TernaryTiming(
            {Ternary().engines, Ternary().vector_lanes, o.engine_latency + o.wrong_latency})),
        int8_(Int8Timing(
            {o.wrong_int8_lanes ? 4 * Int8().lanes : Int8().lanes, Int8().vector_lanes})),
        rows_(size_t(o.engine_latency)) {
    vector_.emplace_back(VectorTiming::Shape{1, 4, 4, 5}, o.wrong_vector_lanes, random_());
    vector_.emplace_back(VectorTiming::Shape{2, 16, 8, 20}, o.wrong_vector_lanes, random_());
    vector_.emplace_back(VectorTiming::Shape{16, 64, 16, 80}, o.wrong_vector_lanes, random_());
    ternary_.model.SetCount(o.count);
    Reset();
  }
  ~Lockstep() { bench_->final(); }

  LockstepResult Run() {
    for (cycle_ = 0; cycle_ < options_.cycles && result_.difference.empty(); ++cycle_) {
      if (cycle_ % 1500 == 0) ChangeWeather();
      Cycle();
    }
    result_.ternary = ternary_.retired;
    result_.int8 = int8_.retired;
    for (const VectorParty& v : vector_) result_.vector += v.pair.retired;
    return result_;
  }

 private:
  const TernaryShape& Ternary() const {
    return options_.ternary_shape == 0   ? kTernaryLarge
           : options_.ternary_shape == 1 ? kTernarySmall
                                         : kTernarySingle;
  }
  const Int8Shape& Int8() const { return options_.int8_shape == 0 ? kInt8Large : kInt8Small; }

  void Reset() {
    bench_->rst_ni = 0;
    bench_->tern_select_i = uint8_t(options_.ternary_shape);
    bench_->tern_count_i = uint8_t(options_.count);
    bench_->int8_select_i = uint8_t(options_.int8_shape);
    for (int i = 0; i < 2; ++i) Clock();
    bench_->rst_ni = 1;
    DrawTernary();
    DrawInt8();
    for (VectorParty& v : vector_) v.pair.next = InstructionSource::Vector(random_, v.source);
  }

  void DrawTernary() { ternary_.next = InstructionSource::Matvec(random_); }
  void DrawInt8() {
    int8_.next =
        InstructionSource::Int8(random_, Int8().lanes, Int8().queries, Int8().vector_lanes);
  }

  void ChangeWeather() {
    ternary_.weather = UnitWeather::Draw(random_);
    ternary_.weather.vm_stall = 0;  // nobody comes before the ternary unit
    int8_.weather = UnitWeather::Draw(random_);
    for (VectorParty& v : vector_) v.pair.weather = UnitWeather::Draw(random_);
  }

  void Clock() {
    bench_->clk_i = 1;
    bench_->eval();
    bench_->clk_i = 0;
    bench_->eval();
  }

  void Cycle() {
    DriveTernary();
    DriveInt8();
    for (VectorParty& v : vector_) DrawVector(v);
    TF_DRIVE_VECTOR(v1, vector_[0]);
    TF_DRIVE_VECTOR(v2, vector_[1]);
    TF_DRIVE_VECTOR(v16, vector_[2]);
    bench_->eval();
    rows_[size_t(cycle_ % options_.engine_latency)] =
        bench_->tern_beat_valid_o && bench_->tern_last_o;
    if (Compare("ternary", ternary_, ReadTernary())) DrawTernary();
    if (Compare("int8", int8_, ReadInt8())) DrawInt8();
    UnitOut out[3];
    TF_READ_VECTOR(v1, vector_[0], out[0]);
    TF_READ_VECTOR(v2, vector_[1], out[1]);
    TF_READ_VECTOR(v16, vector_[2], out[2]);
    Clock();
    for (int k = 0; k < 3; ++k) CompareVector(k, out[k]);
  }

  void DriveTernary() {
    ternary_.Draw(random_);
    bench_->tern_instr_valid_i = ternary_.in.head != nullptr;
    SetWords(bench_->tern_instr_i, ternary_.next.words);
    bench_->tern_skip_i = ternary_.next.decoded.skip;
    bench_->tern_tok_avail_i = ternary_.in.tokens;
    bench_->tern_stream_valid_i = ternary_.in.stream_valid;
    bench_->tern_vm_ready_i = ternary_.in.vm_ready;
    bench_->tern_row_valid_i = rows_[size_t(cycle_ % options_.engine_latency)];
    ternary_.expected = ternary_.model.Step(ternary_.in);
  }

  UnitOut ReadTernary() const {
    UnitOut out;
    out.issue = bench_->tern_issue_o;
    out.retire = bench_->tern_instr_ready_o && bench_->tern_instr_valid_i;
    out.stream_ready = bench_->tern_stream_ready_o;
    out.stream_pop = bench_->tern_consumed_o;
    out.vm_valid = bench_->tern_vm_valid_o;
    out.take = bench_->tern_tok_take_o;
    out.put = bench_->tern_tok_put_o;
    return out;
  }

  void DriveInt8() {
    int8_.Draw(random_);
    bench_->int8_instr_valid_i = int8_.in.head != nullptr;
    SetWords(bench_->int8_instr_i, int8_.next.words);
    bench_->int8_skip_i = int8_.next.decoded.skip;
    bench_->int8_length_i = int8_.next.decoded.length;
    bench_->int8_tok_avail_i = int8_.in.tokens;
    bench_->int8_stream_valid_i = int8_.in.stream_valid;
    bench_->int8_vm_ready_i = int8_.in.vm_ready;
    int8_.expected = int8_.model.Step(int8_.in);
  }

  UnitOut ReadInt8() const {
    UnitOut out;
    out.issue = bench_->int8_issue_o;
    out.retire = bench_->int8_instr_ready_o && bench_->int8_instr_valid_i;
    out.stream_ready = bench_->int8_stream_ready_o;
    out.stream_pop = out.stream_ready && int8_.in.stream_valid;
    out.go = bench_->int8_go_o;
    out.vm_valid = bench_->int8_vm_valid_o;
    out.take = bench_->int8_tok_take_o;
    out.put = bench_->int8_tok_put_o;
    return out;
  }

  void DrawVector(VectorParty& v) {
    v.pair.Draw(random_);
    const uint32_t writer = v.pair.in.vm_ready ? 0 : 1 + Below(random_, 3);
    v.ternary_writes = (writer & 1) != 0;
    v.int8_writes = (writer & 2) != 0;
    v.pair.expected = v.pair.model.Step(v.pair.in);
    v.pair.expected.vm_valid &= v.pair.in.vm_ready;  // the bench shows the writes alone
  }

  void CompareVector(int k, const UnitOut& rtl) {
    VectorParty& v = vector_[size_t(k)];
    const std::string name = fmt::format("vector {}: {}", k, Describe({v.pair.next.words, {}, {}}));
    if (Compare(name, v.pair, rtl)) v.pair.next = InstructionSource::Vector(random_, v.source);
  }

  template <class Model>
  bool Compare(const std::string& name, Pair<Model>& pair, const UnitOut& rtl) {
    if (!(rtl == pair.expected) && result_.difference.empty()) {
      result_.difference =
          fmt::format("cycle {}, {}, instruction {}:\n  rtl   {}\n  model {}", cycle_, name,
                      pair.retired, Words(rtl), Words(pair.expected));
    }
    return pair.Settle(rtl);
  }

  LockstepOptions options_;
  Random random_;
  std::unique_ptr<Vunit_bench> bench_;
  Pair<TernaryTiming> ternary_;
  Pair<Int8Timing> int8_;
  std::vector<VectorParty> vector_;
  std::vector<bool> rows_;  ///< a row's last beat entered the engines so many cycles ago
  int64_t cycle_ = 0;
  LockstepResult result_;
};

}  // namespace

LockstepResult RunLockstep(const LockstepOptions& options) { return Lockstep(options).Run(); }

}  // namespace ternfab::timing
