// SPDX-License-Identifier: Apache-2.0
#include "host/cli/matvec.h"

#include <fmt/format.h>

#include <cstring>

#include "codegen/plan/planner.h"
#include "common/integer.h"
#include "host/cli/output.h"
#include "sim/rtl/rtl_simulation.h"

namespace ternfab::cli {
namespace {

constexpr uint64_t kSeed = 1;

struct Shape {
  int rows = 0;
  int cols = 0;
  int batch = 1;
};

Expected<Shape> ParseShape(const std::string& text, int max_batch) {
  Shape s;
  int used = 0;
  const char* c = text.c_str();
  const bool two =
      std::sscanf(c, "%dx%d%n", &s.rows, &s.cols, &used) == 2 && used == int(text.size());
  const bool three = !two && std::sscanf(c, "%dx%dx%d%n", &s.rows, &s.cols, &s.batch, &used) == 3 &&
                     used == int(text.size());
  if ((!two && !three) || s.rows < 1 || s.cols < 1 || s.batch < 1 || s.batch > max_batch) {
    return Fail("--matvec {}: must be RxK or RxKxB with R, K >= 1 and B in 1..{}", text, max_batch);
  }
  return s;
}

const MemoryRegion* FindRegion(const Program& program, std::string_view name) {
  for (const MemoryRegion& region : program.regions) {
    if (region.name == name) return &region;
  }
  return nullptr;
}

/// The first wrong element in words, or "".
std::string FirstWrong(const Shape& s, const Program& program, const std::vector<uint8_t>& bytes,
                       const MemoryRegion& region) {
  for (int b = 0; b < s.batch; ++b) {
    for (int r = 0; r < s.rows; ++r) {
      int64_t expected = 0;
      for (int c = 0; c < s.cols; ++c) {
        expected += MatvecTrit(kSeed, s.cols, r, c) * MatvecActivation(kSeed, b, c);
      }
      const uint64_t at = SlotByte(program.design, region.beat, b, uint64_t(s.rows), uint64_t(r)) -
                          program.ByteOf(region.beat);
      int32_t got = 0;
      std::memcpy(&got, &bytes[at], 4);
      if (got != expected) {
        return fmt::format("vector {} row {}: expected {}, got {}", b, r, expected, got);
      }
    }
  }
  return "";
}

}  // namespace

Expected<int> SimulateMatvec(const HardwareSpec& spec, const std::string& hw,
                             const std::string& shape, bool check, const std::string& json_path) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const Shape s, ParseShape(shape, spec.engine.batch));
  TF_ASSIGN_OR_RETURN(const Program program,
                      BuildMatvecProgram(s.rows, s.cols, kSeed, Derive(spec), DesignHash(spec)));
  rtl::SimulationOptions options;
  options.check = check;
  TF_ASSIGN_OR_RETURN(const auto simulation, rtl::RtlSimulation::Create(spec, program, options));
  RunArguments arguments;
  arguments.count = uint32_t(s.batch);
  const Expected<void> run = simulation->Start(arguments);
  if (simulation->mismatch()) {
    fmt::print(stderr, "ternfab: {}\n", *simulation->mismatch());
    return 1;
  }
  TF_RETURN_IF_ERROR(run);
  const MemoryRegion* result = FindRegion(program, kMatvecResultRegion);
  std::vector<uint8_t> bytes(result->beats * program.design.wide_bytes());
  TF_RETURN_IF_ERROR(simulation->driver().Read(result->beat, bytes));
  const std::string wrong = FirstWrong(s, program, bytes, *result);
  const auto cycles = int64_t(simulation->runs().back().ternary_instruction_cycles);
  const int64_t beats = CeilDiv(s.rows, spec.engine.count) * CeilDiv(s.cols, spec.engine.lanes);
  Json json;
  json["command"] = "simulate";
  json["model"] = nullptr;
  json["hw"] = hw;
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = watch.seconds();
  json["matvec"] = {{"rows", Figure(int64_t(s.rows), "1", "given")},
                    {"columns", Figure(int64_t(s.cols), "1", "given")},
                    {"batch", Figure(int64_t(s.batch), "1", "given")},
                    {"cycles", Figure(cycles, "cycles", kSimulated)},
                    {"beats", Figure(beats, "cycles", kModelled)},
                    {"constant", Figure(cycles - beats, "cycles", kSimulated)}};
  json["check"] = {{"instructions", simulation->checked_instructions()},
                   {"mismatches", wrong.empty() ? 0 : 1}};
  TF_RETURN_IF_ERROR(WriteJson(json_path, json));
  if (!wrong.empty()) {
    fmt::print(stderr, "ternfab: {}\n", wrong);
    return 1;
  }
  fmt::print(
      "{} x {} times {} vectors on {}: {} cycles (simulated RTL) = {} beats of each engine + "
      "{}; all {} results exact\n",
      s.rows, s.cols, s.batch, spec.name, cycles, beats, cycles - beats, s.rows * s.batch);
  return 0;
}

}  // namespace ternfab::cli
