// SPDX-License-Identifier: Apache-2.0
#include "codegen/engine_writer.h"

#include "codegen/adder_tree.h"
#include "codegen/sv_writer.h"
#include "codegen/top_writer.h"
#include "common/check.h"

namespace ternfab {
namespace {

constexpr int kRowBits = 32;  ///< of the accumulators

std::string Decoder(WeightCode code) {
  return code == WeightCode::kBase3 ? "tf_decode_base3" : "tf_decode_two_bit";
}

void WriteHeader(SvWriter& out, const EngineShape& s) {
  const int latency = EngineLatency(s);
  out.Raw("//");
  out.Comment(fmt::format("Ternary engine: {} lanes, {} batch {}.", s.lanes, s.batch,
                          s.batch == 1 ? "slice" : "slices"));
  out.Raw("//");
  out.Comment("  beat_i -> decoder -> masks -+-> tree -> accumulator   slice 0");
  out.Comment("  act_i ------> register -----+                         ... the other slices");
  out.Raw("//");
  out.Comment(
      "Every cycle takes a beat of weights with its activations; the beats from first_i to");
  out.Comment(fmt::format(
      "last_i are one row. Latency {0}: the row whose last beat is in cycle c is in", latency));
  out.Comment(fmt::format(
      "row_o, one int32 a slice, with row_valid_o in cycle c + {}, for one cycle.", latency));
  out.Comment(
      "A slice without slice_en_i does not toggle; its row_o has no meaning. slice_en_i must");
  out.Comment(
      "not change within a row. invalid_o: the beat of the cycle before had an invalid code.");
  const int bits = 8 * s.lanes;
  const std::string per_beat = "of this beat";
  out.BeginModule(
      EngineModule(s),
      {{false, "logic", "clk_i", "", false},
       {false, "logic", "rst_ni", "", false},
       {false, "logic", "beat_valid_i", "", false},
       {false, SvLogic(s.beat_bits()), "beat_i", "weights", false},
       {false, SvLogic(s.batch * bits), "act_i",
        fmt::format("slice b, lane j: int8 at [{}*b + 8*j +: 8]", bits), false},
       {false, "logic", "first_i", "first beat of its row", false},
       {false, "logic", "last_i", "last beat of its row", false},
       {false, SvLogic(s.batch), "slice_en_i", "", false},
       {true, "logic", "row_valid_o", "", false},
       {true, SvLogic(s.batch * kRowBits), "row_o", "slice b: int32 at [32*b +: 32]", false},
       {true, "logic", "invalid_o", "", false},
       {false, "logic [1:0]", "fault_i", "tests: 0 flips a bit of a sum, 1 zeroes lane 0", true}});
}

void WriteDecoder(SvWriter& out, const EngineShape& s) {
  const int bits = 8 * s.lanes;
  out.Heading("Decode: the beat's masks, one cycle later");
  out.Declare(SvLogic(bits), "pass");
  out.Declare(SvLogic(bits), "neg");
  out.Instance(Decoder(s.code), fmt::format(".Bytes({})", s.beat_bits() / 8), "u_decode",
               {{"clk_i", "clk_i"},
                {"en_i", "beat_valid_i"},
                {"beat_i", "beat_i"},
                {"pass_o", "pass"},
                {"neg_o", "neg"},
                {"invalid_o", "invalid_o"}},
               {{"fault_i", "fault_i[1]"}});
}

void WriteTrack(SvWriter& out, const EngineShape& s, int tree) {
  out.Heading("What goes along with a beat: bit 0 beside its masks, the last bit beside its sum");
  out.Declare(SvLogic(tree + 1), "valid_q");
  out.Declare(SvLogic(tree + 1), "first_q");
  out.Declare(SvLogic(tree + 1), "last_q");
  out.Declare(SvLogic(s.batch), "slice_q");
  out.BeginAlwaysFf();
  out.BeginIf("!rst_ni");
  out.Next("valid_q", "'0");
  out.Next("row_valid_o", "1'b0");
  out.Else();
  out.Next("valid_q", fmt::format("{{valid_q[{}:0], beat_valid_i}}", tree - 1));
  out.Next("row_valid_o", fmt::format("valid_q[{0}] && last_q[{0}]", tree));
  out.End();
  out.Next("first_q", fmt::format("{{first_q[{}:0], first_i}}", tree - 1));
  out.Next("last_q", fmt::format("{{last_q[{}:0], last_i}}", tree - 1));
  out.BeginIf("beat_valid_i");
  out.Next("slice_q", "slice_en_i");
  out.End();
  out.End();
}

void WriteAccumulator(SvWriter& out, const std::string& b, const std::string& sum, int bits,
                      int tree) {
  const std::string row = fmt::format("row{}_q", b);
  out.Declare(SvLogic(kRowBits), row);
  out.BeginAlwaysFf();
  out.BeginIf(fmt::format("sum{}_valid", b));
  out.Next(row, fmt::format("(first_q[{}] ? 32'd0 : {}) + {{{{{}{{{}[{}]}}}}, {}}}", tree, row,
                            kRowBits - bits, sum, bits - 1, sum));
  out.End();
  out.End();
}

void WriteSlice(SvWriter& out, const EngineShape& s, int slice) {
  const int bits = 8 * s.lanes;
  const int sum_bits = AdderTreeSumBits(s.lanes);
  const std::string b = std::to_string(slice);
  const std::string enable = s.batch == 1 ? "slice_en_i" : fmt::format("slice_en_i[{}]", b);
  const std::string enabled = s.batch == 1 ? "slice_q" : fmt::format("slice_q[{}]", b);
  out.Heading("Slice " + b);
  out.Declare(SvLogic(bits), fmt::format("act{}_q", b));
  out.BeginAlwaysFf();
  out.BeginIf("beat_valid_i && " + enable);
  out.Next(fmt::format("act{}_q", b), SvSlice("act_i", slice * bits, bits));
  out.End();
  out.End();
  out.Declare("logic", fmt::format("sum{}_valid", b));
  out.Declare(SvLogic(sum_bits, true), "sum" + b,
              fmt::format("[{}, {}]", -128 * s.lanes, 128 * s.lanes));
  out.Instance(AdderTreeModule(s.lanes, s.kind), "", "u_tree" + b,
               {{"clk_i", "clk_i"},
                {"en_i", "valid_q[0] && " + enabled},
                {"pass_i", "pass"},
                {"neg_i", "neg"},
                {"act_i", fmt::format("act{}_q", b)},
                {"sum_o", "sum" + b},
                {"valid_o", fmt::format("sum{}_valid", b)}});
  std::string sum = "sum" + b;
  if (slice == 0) {
    sum = "addend0";
    out.Declare(SvLogic(sum_bits), sum);
    out.Edge("`ifndef SYNTHESIS");
    out.Assign(sum, fmt::format("sum0 ^ {}'(fault_i[0])", sum_bits));
    out.Edge("`else");
    out.Assign(sum, "sum0");
    out.Edge("`endif");
  }
  WriteAccumulator(out, b, sum, sum_bits, AdderTreeLatency(s.lanes, s.pipeline));
}

}  // namespace

int EngineLatency(const EngineShape& shape) {
  return 2 + AdderTreeLatency(shape.lanes, shape.pipeline);
}

EngineShape EngineShapeOf(const DesignSignature& signature) {
  const DesignParams& d = signature.params;
  return {d.lanes, d.batch, signature.pipeline, d.weight_code, signature.kind};
}

std::string EngineModule(const EngineShape& shape) {
  const char* kind = shape.kind == EngineKind::kAdderTreeLut6 ? "lut6_" : "";
  return fmt::format("tf_engine_{}l{}_b{}", kind, shape.lanes, shape.batch);
}

std::string EmitEngineModule(const EngineShape& shape, const std::string& banner) {
  TF_CHECK(shape.lanes >= 1 && shape.lanes <= kMaxTreeLanes && shape.batch >= 1, "{} x {}",
           shape.lanes, shape.batch);
  TF_CHECK(shape.lanes % TritsPerByte(shape.code) == 0, "{} lanes", shape.lanes);
  SvWriter out;
  WriteHeader(out, shape);
  WriteDecoder(out, shape);
  WriteTrack(out, shape, AdderTreeLatency(shape.lanes, shape.pipeline));
  std::string rows;
  for (int b = 0; b < shape.batch; ++b) {
    WriteSlice(out, shape, b);
    rows = fmt::format("row{}_q{}{}", b, b == 0 ? "" : ", ", rows);
  }
  out.Heading("Rows");
  out.Assign("row_o", fmt::format("{{{}}}", rows));
  out.EndModule();
  return banner + out.text();
}

std::vector<RtlFile> EmitEngine(const HardwareSpec& spec) {
  const DesignSignature signature = MakeSignature(spec);
  const EngineShape shape = EngineShapeOf(signature);
  const auto banner = [&signature](const char* what) {
    return GeneratedBanner(signature, "//", what);
  };
  return {{AdderTreeModule(shape.lanes, shape.kind),
           EmitAdderTree(shape.lanes, shape.pipeline, banner("Ternary adder tree."), shape.kind)},
          {EngineModule(shape), EmitEngineModule(shape, banner("Ternary engine."))}};
}

}  // namespace ternfab
