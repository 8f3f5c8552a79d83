// SPDX-License-Identifier: Apache-2.0
#include "host/cli/matvec.h"

#include <fmt/format.h>

#include <cstring>

#include "codegen/plan/planner.h"
#include "common/integer.h"
#include "host/cli/arguments.h"
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
  const auto n = ParseInts(text, "x");
  if (!n || n->size() < 2 || n->size() > 3 || (*n)[0] < 1 || (*n)[1] < 1 || n->back() < 1 ||
      (n->size() == 3 && (*n)[2] > max_batch)) {
    return Fail("--matvec {}: must be RxK or RxKxB with R, K >= 1 and B in 1..{}", text, max_batch);
  }
  return Shape{(*n)[0], (*n)[1], n->size() == 3 ? (*n)[2] : 1};
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

Expected<int> SimulateMatvec(const HardwareSpec& spec, const MatvecOptions& o) {
  Stopwatch watch;
  TF_ASSIGN_OR_RETURN(const Shape s, ParseShape(o.shape, spec.engine.batch));
  TF_ASSIGN_OR_RETURN(const Program program,
                      BuildMatvecProgram(s.rows, s.cols, kSeed, Derive(spec), DesignHash(spec)));
  rtl::SimulationOptions options;
  options.check = o.check;
  options.waves = o.fst;
  TF_ASSIGN_OR_RETURN(const auto simulation, rtl::RtlSimulation::Create(spec, program, options));
  RunArguments arguments;
  arguments.count = uint32_t(s.batch);
  const Expected<void> run = simulation->Start(arguments);
  std::string wrong = simulation->mismatch().value_or("");
  if (!run && wrong.empty()) return tl::unexpected<Error>(run.error());
  int64_t cycles = 0, matvecs = 0;
  if (run) {
    const MemoryRegion* result = program.Find(kMatvecResultRegion);
    std::vector<uint8_t> bytes(result->beats * program.design.wide_bytes());
    TF_RETURN_IF_ERROR(simulation->driver().Read(result->beat, bytes));
    wrong = FirstWrong(s, program, bytes, *result);
    cycles = int64_t(simulation->runs().back().matvec_cycles);
    matvecs = int64_t(simulation->runs().back().matvecs);
  }
  const int64_t beats = CeilDiv(s.rows, spec.engine.count) * CeilDiv(s.cols, spec.engine.lanes);
  const double constant = matvecs > 0 ? double(cycles - beats) / double(matvecs) : 0;
  Json json;
  json["command"] = "simulate";
  json["model"] = nullptr;
  json["hw"] = o.hw;
  json["version"] = TERNFAB_VERSION;
  json["wall_seconds"] = watch.seconds();
  json["matvec"] = {{"rows", Figure(int64_t(s.rows), "1", "given")},
                    {"columns", Figure(int64_t(s.cols), "1", "given")},
                    {"batch", Figure(int64_t(s.batch), "1", "given")},
                    {"instructions", Figure(matvecs, "1", kSimulated)},
                    {"cycles", Figure(cycles, "cycles", kSimulated)},
                    {"beats", Figure(beats, "cycles", kModelled)},
                    {"constant", Figure(constant, "cycles", kSimulated)}};
  json["check"] = {{"instructions", simulation->checked_instructions()},
                   {"mismatches", wrong.empty() ? 0 : 1}};
  TF_RETURN_IF_ERROR(WriteJson(o.json, json));
  if (!wrong.empty()) {
    fmt::print(stderr, "ternfab: {}\n", wrong);
    return 1;
  }
  fmt::print(
      "{} x {} times {} vectors on {}: {} cycles (simulated RTL) = {} beats of each engine + "
      "{} x {:.4g}; all {} results exact\n",
      s.rows, s.cols, s.batch, spec.name, cycles, beats, matvecs, constant,
      int64_t(s.rows) * s.batch);
  return 0;
}

}  // namespace ternfab::cli
