// SPDX-License-Identifier: Apache-2.0
#include "codegen/engine_writer.h"

#include "codegen/adder_tree.h"
#include "codegen/sv_writer.h"
#include "codegen/table_tree.h"
#include "codegen/top_writer.h"
#include "common/check.h"
#include "common/integer.h"

namespace ternfab {
namespace {

constexpr int kRowBits = 32;  ///< of the accumulators

bool IsTable(const EngineShape& s) { return s.kind == EngineKind::kTable; }
bool IsMac(const EngineShape& s) { return s.kind == EngineKind::kInt8Mac; }

std::string Decoder(WeightCode code) { return fmt::format("tf_decode_{}", WeightCodeName(code)); }

std::string TreeModule(const EngineShape& s) {
  return IsTable(s) ? TableTreeModule(s.lanes) : AdderTreeModule(s.lanes, s.kind);
}

/// Cycles from a beat's decoded weights to the sum of its products.
int SumLatency(const EngineShape& s) {
  if (IsMac(s)) return 1 + (BitsFor(s.lanes) + 1) / 2;               // rtl/tf_int8_mac.sv
  if (IsTable(s)) return 1 + TableTreeLatency(s.lanes, s.pipeline);  // 1: rtl/tf_triple_index.sv
  return AdderTreeLatency(s.lanes, s.pipeline);
}

int SumBits(const EngineShape& s) {
  return IsMac(s) ? 16 + BitsFor(s.lanes) : AdderTreeSumBits(s.lanes);
}

/// Greatest magnitude of a product.
int ProductMax(const EngineShape& s) { return IsMac(s) ? 128 * 128 : 128; }

/// The activations of all slices, or their tables.
SvPort OperandPort(const EngineShape& s) {
  if (IsTable(s)) {
    const int bits = TripleTableBits(s.lanes);
    return {false, SvLogic(s.batch * bits), "tables_i",
            fmt::format("slice b at [{0}*b +: {0}], 2 cycles after its beat", bits), false};
  }
  const int bits = 8 * s.lanes;
  return {false, SvLogic(s.batch * bits), "act_i",
          fmt::format("slice b, lane j: int8 at [{}*b + 8*j +: 8]", bits), false};
}

void WriteHeader(SvWriter& out, const EngineShape& s) {
  const int latency = EngineLatency(s);
  out.Raw("//");
  out.Comment(fmt::format("{} engine: {} lanes, {} batch {}.", IsMac(s) ? "int8" : "Ternary",
                          s.lanes, s.batch, s.batch == 1 ? "slice" : "slices"));
  out.Raw("//");
  if (IsMac(s)) {
    out.Comment("  beat_i -> register -+-> multipliers -> tree -> accumulator   slice 0");
    out.Comment("  act_i --> register -+                                        ... the others");
  } else if (IsTable(s)) {
    out.Comment("  beat_i -> decoder -> masks -> entries -+-> look-up -> tree -> accumulator");
    out.Comment("  tables_i, of tf_triple_tables ---------+        in each slice");
  } else {
    out.Comment("  beat_i -> decoder -> masks -+-> tree -> accumulator   slice 0");
    out.Comment("  act_i ------> register -----+                         ... the other slices");
  }
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
  out.BeginModule(
      EngineModule(s),
      {{false, "logic", "clk_i", "", false},
       {false, "logic", "rst_ni", "", false},
       {false, "logic", "beat_valid_i", "", false},
       {false, SvLogic(s.beat_bits()), "beat_i", "weights", false},
       OperandPort(s),
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
  std::vector<SvWriter::Pin> pins = {
      {"clk_i", "clk_i"}, {"en_i", "beat_valid_i"}, {"beat_i", "beat_i"}};
  if (IsMac(s)) {
    out.Heading("The beat's weights, one cycle later");
    out.Declare(SvLogic(bits), "weight");
    pins.push_back({"weight_o", "weight"});
  } else {
    out.Heading("Decode: the beat's masks, one cycle later");
    for (const std::string mask : {"pass", "neg"}) {
      out.Declare(SvLogic(bits), mask);
      pins.push_back({mask + "_o", mask});
    }
  }
  pins.push_back({"invalid_o", "invalid_o"});
  out.Instance(Decoder(s.code), fmt::format(".Bytes({})", s.beat_bits() / 8), "u_decode", pins,
               {{"fault_i", "fault_i[1]"}});
}

/// What the look-ups of all slices need of a beat's masks, one cycle after them.
void WriteEntries(SvWriter& out, const EngineShape& s) {
  const int groups = TripleGroups(s.lanes);
  out.Heading("Entries: which sum of its activations each group of 3 lanes takes, and its sign");
  out.Declare(SvLogic(4 * groups), "entry");
  out.Declare(SvLogic(groups), "minus");
  out.Instance("tf_triple_index", fmt::format(".Lanes({})", s.lanes), "u_index",
               {{"clk_i", "clk_i"},
                {"en_i", "valid_q[0]"},
                {"pass_i", "pass"},
                {"neg_i", "neg"},
                {"index_o", "entry"},
                {"minus_o", "minus"}});
  out.Declare(SvLogic(s.batch), "entry_slice_q");
  out.BeginAlwaysFf();
  out.BeginIf("valid_q[0]");
  out.Next("entry_slice_q", "slice_q");
  out.End();
  out.End();
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

/// Operands of slice `slice` at the pins of its sum.
std::vector<SvWriter::Pin> OperandPins(const EngineShape& s, int slice) {
  const std::string act = fmt::format("act{}_q", slice);
  const int table_bits = TripleTableBits(s.lanes);
  switch (s.kind) {
    case EngineKind::kTable:
      return {{"index_i", "entry"},
              {"minus_i", "minus"},
              {"tables_i", SvSlice("tables_i", slice * table_bits, table_bits)}};
    case EngineKind::kInt8Mac:
      return {{"rst_ni", "rst_ni"}, {"weight_i", "weight"}, {"act_i", act}};
    case EngineKind::kAdderTree:
    case EngineKind::kAdderTreeLut6:
      break;
  }
  return {{"pass_i", "pass"}, {"neg_i", "neg"}, {"act_i", act}};
}

/// The sum of slice `slice` over the lanes, in cycles with `enable`.
void WriteSum(SvWriter& out, const EngineShape& s, int slice, const std::string& enable) {
  const int64_t most = int64_t{ProductMax(s)} * s.lanes;
  const std::string sum = fmt::format("sum{}", slice);
  out.Declare("logic", sum + "_valid");
  out.Declare(SvLogic(SumBits(s), true), sum, fmt::format("[{}, {}]", -most, most));
  std::vector<SvWriter::Pin> pins = {{"clk_i", "clk_i"}, {"en_i", enable}};
  for (const SvWriter::Pin& pin : OperandPins(s, slice)) pins.push_back(pin);
  pins.push_back({"sum_o", sum});
  pins.push_back({"valid_o", sum + "_valid"});
  if (IsMac(s)) {
    out.Instance("tf_int8_mac", fmt::format(".Lanes({})", s.lanes), fmt::format("u_mac{}", slice),
                 pins);
  } else {
    out.Instance(TreeModule(s), "", fmt::format("u_tree{}", slice), pins);
  }
}

void WriteActivations(SvWriter& out, const EngineShape& s, int slice, const std::string& enable) {
  const int bits = 8 * s.lanes;
  const std::string act = fmt::format("act{}_q", slice);
  out.Declare(SvLogic(bits), act);
  out.BeginAlwaysFf();
  out.BeginIf("beat_valid_i && " + enable);
  out.Next(act, SvSlice("act_i", slice * bits, bits));
  out.End();
  out.End();
}

void WriteSlice(SvWriter& out, const EngineShape& s, int slice) {
  const int sum_bits = SumBits(s);
  const std::string b = std::to_string(slice);
  const auto bit = [&](const std::string& net) { return s.batch == 1 ? net : net + "[" + b + "]"; };
  out.Heading("Slice " + b);
  if (!IsTable(s)) WriteActivations(out, s, slice, bit("slice_en_i"));
  WriteSum(
      out, s, slice,
      IsTable(s) ? "valid_q[1] && " + bit("entry_slice_q") : "valid_q[0] && " + bit("slice_q"));
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
  WriteAccumulator(out, b, sum, sum_bits, SumLatency(s));
}

}  // namespace

int EngineLatency(const EngineShape& shape) { return 2 + SumLatency(shape); }

EngineShape EngineShapeOf(const DesignSignature& signature) {
  const DesignParams& d = signature.params;
  return {d.lanes, d.batch, signature.pipeline, d.weight_code, signature.kind};
}

std::string EngineModule(const EngineShape& shape) {
  std::string_view kind;
  if (shape.kind == EngineKind::kAdderTreeLut6) kind = "lut6_";
  if (shape.kind == EngineKind::kTable) kind = "table_";
  if (shape.kind == EngineKind::kInt8Mac) kind = "int8_";
  return fmt::format("tf_engine_{}l{}_b{}", kind, shape.lanes, shape.batch);
}

std::string EmitEngineModule(const EngineShape& shape, const std::string& banner) {
  TF_CHECK(shape.lanes >= 1 && shape.lanes <= kMaxTreeLanes && shape.batch >= 1, "{} x {}",
           shape.lanes, shape.batch);
  TF_CHECK(shape.lanes % TritsPerByte(shape.code) == 0, "{} lanes", shape.lanes);
  SvWriter out;
  WriteHeader(out, shape);
  WriteDecoder(out, shape);
  WriteTrack(out, shape, SumLatency(shape));
  if (IsTable(shape)) WriteEntries(out, shape);
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
  std::vector<RtlFile> files;
  if (IsTable(shape)) {
    files.push_back(
        {TableTreeModule(shape.lanes),
         EmitTableTree(shape.lanes, shape.pipeline, banner("Look-up of sums and their tree."))});
  } else if (!IsMac(shape)) {
    files.push_back(
        {AdderTreeModule(shape.lanes, shape.kind),
         EmitAdderTree(shape.lanes, shape.pipeline, banner("Ternary adder tree."), shape.kind)});
  }
  files.push_back(
      {EngineModule(shape),
       EmitEngineModule(shape, banner(IsMac(shape) ? "int8 engine." : "Ternary engine."))});
  return files;
}

}  // namespace ternfab
