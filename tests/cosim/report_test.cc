// SPDX-License-Identifier: Apache-2.0
// What runs report: the cause of every cycle, bytes by class, timelines.
#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "codegen/memory_kinds.h"
#include "sim/report/model_limits.h"
#include "sim/report/timeline.h"
#include "sim/report/traffic.h"
#include "tests/codegen/test_models.h"
#include "tests/cosim/designs.h"
#include "tests/cosim/random_design.h"
#include "tests/cosim/timing_compare.h"

namespace ternfab {
namespace {

using timing::DesignModel;

constexpr uint64_t kBusAddress = 0x4000'0000;  // of VerilatedDevice

const InstructionList& ListOf(const Program& program, const RunArguments& run) {
  return run.count == 1 ? program.decode : program.prefill;
}

std::string Words(const CauseCycles& cycles) {
  std::string text;
  for (int c = 0; c < kCauses; ++c) {
    text += fmt::format(" {} {}", CauseName(Cause(c)), cycles[size_t(c)]);
  }
  return text;
}

/// Bytes that the strobes of writes to main memory enable.
class StrobeCounter : public rtl::CycleObserver {
 public:
  explicit StrobeCounter(int wide_bytes) : strobe_bytes_((wide_bytes + 7) / 8) {}
  void OnCycle(const rtl::TracePins& trace, uint64_t) override {
    if (!*trace.memory.enable) return;
    for (int i = 0; i < strobe_bytes_; ++i) bytes_ += std::popcount(trace.memory.strobe[i]);
  }
  bool stop() const override { return false; }
  uint64_t Take() { return std::exchange(bytes_, 0); }

 private:
  int strobe_bytes_;
  uint64_t bytes_ = 0;
};

/// Cause tables of the same run by the cycle model, with and without skipping, next to the RTL's.
class Accountants {
 public:
  Accountants(const HardwareSpec& spec, const Program& program, const MemoryConfig& memory)
      : program_(program) {
    for (const bool skip : {true, false}) {
      DesignModel::Options options;
      options.skip = skip;
      models_.emplace_back(spec, memory, timing::PortBases(program, kBusAddress), options);
    }
  }

  void ExpectEqual(const RunRecord& record, uint64_t first_cycle) {
    const InstructionList& list = ListOf(program_, record.arguments);
    for (DesignModel& model : models_) {
      CycleAccountant accountant;
      ModelLimits sink(accountant);
      accountant.Begin(list, program_.design, record.arguments);
      model.set_sink(&sink);
      model.Idle(record.start_cycle - first_cycle - model.memory_cycle());
      model.Start(list, record.arguments);
      ASSERT_TRUE(model.Run());
      model.set_sink(nullptr);
      EXPECT_TRUE(record.limits == accountant.table())
          << "RTL" << Words(record.limits.ByCause()) << "\nmodel"
          << Words(accountant.table().ByCause());
      EXPECT_EQ(record.first_beats, accountant.first_beats());
      EXPECT_EQ(record.weight_beats, accountant.weight_beats());
      EXPECT_EQ(record.weight_cycles, accountant.weight_cycles());
    }
  }

 private:
  const Program& program_;
  std::vector<DesignModel> models_;
};

void ExpectCounters(const RunRecord& record, const Program& program, uint64_t written) {
  EXPECT_EQ(record.limits.total(), record.cycles);
  EXPECT_EQ(record.limits.ByCause()[size_t(Cause::kWeights)], record.Counter("WBeats"));
  EXPECT_EQ(record.weight_beats, record.Counter("WBeats"));
  EXPECT_LE(record.weight_cycles, record.cycles);
  const InstructionList& list = ListOf(program, record.arguments);
  const Traffic traffic = TrafficOf(list, program.design, record.arguments);
  const uint64_t wide = uint64_t(program.design.wide_bytes());
  EXPECT_EQ(traffic.total_read(), record.Counter("ReadBeats") * wide);
  EXPECT_EQ(traffic.read[size_t(TrafficClass::kWeights)], record.Counter("WBeats") * wide);
  EXPECT_EQ(traffic.total_written(), written);
  EXPECT_EQ(traffic.read[size_t(TrafficClass::kOther)], 0u);
}

class Report : public testing::TestWithParam<std::string> {};

TEST_P(Report, CausesAddUpAndAreTheCycleModels) {
  const HardwareSpec spec = FindDesign(GetParam());
  const DesignLimits limits = GetParam() == "nano" ? spec.limits : CommonLimits();
  const std::vector<std::string_view> kinds = MemoryKinds();
  for (uint64_t seed = 0; seed < 2; ++seed) {
    SCOPED_TRACE(fmt::format("{}, seed {}", GetParam(), seed));
    const ModelConfig config = RandomConfig(seed, limits);
    const Model model = RandomModel(config, seed);
    const Program program = Plan(model, spec);
    const MemoryConfig memory = MemoryOf(spec, std::string(kinds[seed % kinds.size()]));
    const auto rtl = Simulate(spec, program, {});
    rtl->device().SetMemory(memory);
    StrobeCounter strobes(program.design.wide_bytes());
    rtl->device().AddObserver(&strobes);
    const uint64_t first_cycle = rtl->device().cycles();
    Accountants models(spec, program, memory);
    for (const RunArguments& run : TimingRuns(config, spec.engine.batch, seed)) {
      ASSERT_TRUE(rtl->Start(run));
      const RunRecord& record = rtl->runs().back();
      ExpectCounters(record, program, strobes.Take());
      models.ExpectEqual(record, first_cycle);
    }
  }
}

TEST(ReportDifference, SeesACycleOfLatency) {
  const HardwareSpec spec = FindDesign("nano");
  const Program program = Plan(RandomModel(SmallConfig(), 1), spec);
  const MemoryConfig memory = MemoryOf(spec, "fixed");
  MemoryConfig slower = memory;
  ++slower.latency_cycles;
  const RunArguments run{3, 1, {7}};
  LimitTable tables[2];
  for (const MemoryConfig* config : {&memory, &std::as_const(slower)}) {
    DesignModel model(spec, *config, timing::PortBases(program, kBusAddress), {});
    CycleAccountant accountant;
    ModelLimits sink(accountant);
    accountant.Begin(program.decode, program.design, run);
    model.set_sink(&sink);
    model.Start(program.decode, run);
    ASSERT_TRUE(model.Run());
    tables[config == &slower] = accountant.table();
    EXPECT_EQ(accountant.table().total(), model.cycles());
  }
  EXPECT_FALSE(tables[0] == tables[1]);
}

INSTANTIATE_TEST_SUITE_P(Designs, Report, testing::ValuesIn(DesignNames()), [](const auto& info) {
  std::string name = info.param;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

struct Span {
  int64_t begin = 0;
  int64_t end = 0;
};

int64_t Nanoseconds(const nlohmann::json& microseconds) {
  return std::llround(microseconds.get<double>() * 1e3);
}

/// Events of each row in order, which do not overlap, neither in cycles nor in nanoseconds.
void ExpectNoOverlap(const nlohmann::json& events) {
  std::map<int, std::map<int64_t, Span>> rows;
  for (const auto& event : events) {
    if (event["ph"] != "X") continue;
    const int64_t cycle = event["args"]["cycle"], begin = Nanoseconds(event["ts"]);
    const Span span{begin, begin + Nanoseconds(event["dur"])};
    ASSERT_TRUE(rows[event["tid"]].emplace(cycle, span).second) << event;
    rows[event["tid"]][cycle + event["args"]["cycles"].get<int64_t>() - 1];  // its last cycle
  }
  for (auto& [row, spans] : rows) {
    int64_t end = 0;
    for (const auto& [cycle, span] : spans) {
      if (span.begin == 0 && span.end == 0) continue;  // a last cycle
      EXPECT_GE(span.begin, end) << "row " << row << " cycle " << cycle;
      end = span.end;
    }
  }
}

TEST(Timeline, AgreesWithTheRecord) {
  const HardwareSpec spec = FindDesign("nano");
  const Program program = Plan(RandomModel(SmallConfig(), 1), spec);
  std::ostringstream out;
  TimelineWriter writer(out, spec.name, 137, program.design.ports);
  rtl::SimulationOptions options;
  options.times = true;
  options.timeline = &writer;
  const auto rtl = Simulate(spec, program, options);
  ASSERT_TRUE(rtl->Append(std::vector<int>{5, 6, 7, 8, 9}));
  writer.Finish();
  const auto json = nlohmann::json::parse(out.str());
  ExpectNoOverlap(json["traceEvents"]);
  size_t instructions = 0;
  std::map<std::string, int> tids;
  for (const auto& event : json["traceEvents"]) {
    if (event["name"] == "thread_name") tids[event["args"]["name"]] = event["tid"];
  }
  const char* const kRows[] = {"ternary unit", "int8 unit", "vector unit"};
  for (const RunRecord& run : rtl->runs()) {
    const InstructionList& list = ListOf(program, run.arguments);
    ASSERT_EQ(run.times.size() + 1, list.instructions.size());
    std::map<int, nlohmann::json> events;
    for (const auto& event : json["traceEvents"]) {
      const auto& args = event["args"];
      if (!args.contains("index")) continue;
      if (args["cycle"] < run.start_cycle || args["cycle"] >= run.start_cycle + run.cycles)
        continue;
      ASSERT_TRUE(events.emplace(args["index"], event).second);
    }
    ASSERT_EQ(events.size(), run.times.size());
    instructions += events.size();
    for (const auto& [i, event] : events) {
      const InstructionTime& time = run.times[size_t(i)];
      EXPECT_EQ(event["args"]["cycle"], run.start_cycle + time.issue);
      EXPECT_EQ(event["args"]["cycles"], time.retire - time.issue + 1);
      EXPECT_EQ(event["tid"], tids[kRows[int(time.unit)]]);
      EXPECT_EQ(event["name"], list.notes[size_t(i)].text);
      EXPECT_NEAR(event["ts"].get<double>(), double(run.start_cycle + time.issue) / 137, 1e-3);
    }
  }
  EXPECT_GT(instructions, 100u);
  EXPECT_EQ(tids.size(), 4u + size_t(program.design.ports));
}

/// Read bursts in flight, summed over the cycles, counted at the pins by another rule: each beat's
/// burst is open from its address on.
class OpenBursts : public rtl::CycleObserver {
 public:
  explicit OpenBursts(rtl::RtlDesign& design) : design_(design) {}
  void OnCycle(const rtl::TracePins&, uint64_t cycle) override {
    const rtl::PortPins& pins = design_.ports()[0];
    if (*pins.arvalid && *pins.arready) begins_.push_back(cycle);
    if (*pins.rvalid && *pins.rready && *pins.rlast) sum_ += cycle + 1 - begins_[ended_++];
  }
  bool stop() const override { return false; }
  uint64_t sum() const { return sum_; }

 private:
  rtl::RtlDesign& design_;
  std::vector<uint64_t> begins_;
  size_t ended_ = 0;
  uint64_t sum_ = 0;
};

TEST(Timeline, HasAllBursts) {
  const HardwareSpec spec = FindDesign("nano");
  const Program program = Plan(RandomModel(SmallConfig(), 1), spec);
  std::ostringstream out;
  TimelineWriter writer(out, spec.name, 100, program.design.ports);
  rtl::SimulationOptions options;
  options.times = true;
  options.timeline = &writer;
  const auto rtl = Simulate(spec, program, options);
  OpenBursts bursts(rtl->device().design());
  rtl->device().AddObserver(&bursts);
  ASSERT_TRUE(rtl->Append(std::vector<int>{5}));
  writer.Finish();
  uint64_t sum = 0;
  const auto json = nlohmann::json::parse(out.str());
  for (const auto& event : json["traceEvents"]) {
    const auto& args = event["args"];
    if (!args.contains("bursts") || event["tid"] != 10) continue;
    sum += args["bursts"].get<uint64_t>() * args["cycles"].get<uint64_t>();
  }
  EXPECT_GT(sum, 0u);
  EXPECT_EQ(sum, bursts.sum());
}

}  // namespace
}  // namespace ternfab
