// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/datapath_energy.h"

#include <fmt/format.h>

#include <utility>

#include "codegen/signature.h"
#include "common/check.h"
#include "sim/energy/fpga_power.h"
#include "sim/energy/operation_energy.h"
#include "sim/energy/token_work.h"
#include "sim/energy/tree_shape.h"

namespace ternfab {
namespace {

/// A lane's gate is an AND and an XOR for each of 8 bits; a full adder is two XOR, two AND, an OR.
constexpr double kGateShareOfAdder = 2.0 / 5.0;
constexpr int kActivationBits = 8;
constexpr int kLaneCodeBits = 2;
constexpr int kSumBits = 32;
constexpr int kProductBits = 16;

class Estimate {
 public:
  Estimate(const EnergyInputs& in, const OperationEnergy& energy, const RunWork& work)
      : design_(in.program.design), e_(energy), work_(work), signature_(MakeSignature(in.spec)) {
    ternary_ = signature_.kind == EngineKind::kInt8Mac
                   ? Int8TreeShape(design_.lanes)
                   : TernaryTreeShape(design_.lanes, in.spec.engine.pipeline);
    int8_ = Int8TreeShape(design_.int8_lanes());
  }

  std::vector<EnergyPart> Parts() {
    if (signature_.kind == EngineKind::kInt8Mac) {
      Int8Engines();
    } else {
      Ternary();
    }
    Int8();
    Vector();
    Memories();
    return std::move(parts_);
  }

 private:
  void Add(const char* name, double picojoules, std::string source) {
    if (picojoules > 0) parts_.push_back({name, picojoules * 1e-12, "modelled", std::move(source)});
  }

  void Ternary() {
    const double passes = double(work_.tree_passes), beats = double(work_.engine_beats);
    Add("ternary adder trees", passes * e_.Adder(double(ternary_.adder_bits)),
        fmt::format("{} sums of {} lanes, {} adders of {} bits in all", work_.tree_passes,
                    design_.lanes, ternary_.adders, ternary_.adder_bits));
    Add("ternary lane gates",
        passes * design_.lanes * kGateShareOfAdder * e_.Adder(kActivationBits),
        "AND and XOR of 8 bits a lane, 2/5 of an adder");
    Add("ternary accumulators", passes * e_.Adder(kSumBits), "32-bit adder a sum");
    const double bits = passes * double(ternary_.register_bits + kSumBits +
                                        int64_t(design_.lanes) * kActivationBits) +
                        beats * design_.lanes * kLaneCodeBits;
    Add("ternary registers", bits * e_.RegisterBit(),
        fmt::format("{:.0f} bits: activations, lane codes, tree levels, sums", bits));
  }

  /// Engines of kind int8_mac: ternary_ is the tree of their products.
  void Int8Engines() {
    const double passes = double(work_.tree_passes), beats = double(work_.engine_beats);
    Add("engine multipliers", passes * design_.lanes * e_.int8_multiply,
        fmt::format("{} products", work_.tree_passes * uint64_t(design_.lanes)));
    Add("engine adder trees", passes * e_.Adder(double(ternary_.adder_bits)),
        fmt::format("{} sums of {} products, {} adders of {} bits in all", work_.tree_passes,
                    design_.lanes, ternary_.adders, ternary_.adder_bits));
    Add("engine accumulators", passes * e_.Adder(kSumBits), "32-bit adder a sum");
    const double bits = passes * double(ternary_.register_bits + kSumBits +
                                        int64_t(design_.lanes) * (kActivationBits + kProductBits)) +
                        beats * design_.lanes * 8;
    Add("engine registers", bits * e_.RegisterBit(),
        fmt::format("{:.0f} bits: activations, weights, products, tree levels, sums", bits));
  }

  void Int8() {
    const double products = double(work_.int8_products), passes = double(work_.int8_tree_passes);
    Add("int8 multipliers", products * e_.int8_multiply,
        fmt::format("{} products", work_.int8_products));
    Add("int8 adder trees", passes * (e_.Adder(double(int8_.adder_bits)) + e_.Adder(kSumBits)),
        fmt::format("{} sums of {} products, {} adders of {} bits and one of 32",
                    work_.int8_tree_passes, design_.int8_lanes(), int8_.adders, int8_.adder_bits));
    Add("int8 accumulators", double(work_.int8_accumulations) * e_.Adder(kSumBits),
        fmt::format("{} 32-bit additions", work_.int8_accumulations));
    const double bits = products * kProductBits + passes * double(int8_.register_bits + kSumBits) +
                        2 * double(work_.int8_stream) * 8 * design_.wide_bytes();
    Add("int8 registers", bits * e_.RegisterBit(),
        fmt::format("{:.0f} bits: beats, products, tree levels, sums", bits));
  }

  void Vector() {
    Add("fp32 lanes",
        double(work_.fp32_multiplies) * e_.fp32_multiply + double(work_.fp32_adds) * e_.fp32_add +
            double(work_.integer_adds) * e_.int32_add,
        fmt::format("{} multiplies, {} adds and conversions, {} comparisons and integer adds",
                    work_.fp32_multiplies, work_.fp32_adds, work_.integer_adds));
  }

  void Memories() {
    Sram("VM", "vm", work_.vm_reads + work_.vm_writes);
    Sram("AM", "am", work_.am_reads + work_.am_writes);
    Sram("QM", "qm", work_.qm_reads + work_.qm_writes);
    AccumulatorMemory();
    Sram("weight queue", "weight_stream", 2 * work_.weight_stream);
    Sram("int8 queue", "int8_stream", 2 * work_.int8_stream);
    Sram("vector queue", "vector_stream", 2 * work_.vector_stream);
    Sram("instruction queue", "instruction_stream", 2 * work_.instruction_stream);
  }

  const SignatureMemory& Find(std::string_view name) const {
    for (const SignatureMemory& memory : signature_.memories) {
      if (memory.name == name) return memory;
    }
    TF_CHECK(false, "no memory {}", name);
    return signature_.memories.front();
  }

  void Sram(const char* name, std::string_view memory, uint64_t accesses) {
    const SignatureMemory& m = Find(memory);
    const double bytes = double(m.words) * m.width_bits / 8;
    Add(name, double(accesses) * e_.Sram(bytes, m.width_bits),
        fmt::format("{} accesses of {} bit, {:.1f} KiB", accesses, m.width_bits, bytes / 1024));
  }

  /// Each query has its own; 32 bits are read and written for a product.
  void AccumulatorMemory() {
    const SignatureMemory& m = Find("accumulators");
    const double bytes = double(m.bits()) / 8 / design_.queries;
    const double bits = 2.0 * double(work_.int8_accumulations) * kSumBits;
    Add("accumulator memory", e_.Sram(bytes, bits),
        fmt::format("{:.0f} bits, {:.1f} KiB a query", bits, bytes / 1024));
  }

  const DesignParams& design_;
  const OperationEnergy& e_;
  const RunWork& work_;
  DesignSignature signature_;
  TreeShape ternary_, int8_;
  std::vector<EnergyPart> parts_;
};

}  // namespace

Expected<EnergyReport> EstimateDatapathEnergy(const EnergyInputs& in, int nanometres) {
  if (in.spec.engine.kind == "table") {
    return Fail(
        "energy datapath: engine.kind = table: must be adder_tree, adder_tree_lut6 or "
        "int8_mac (no energy of a look-up is published)");
  }
  TF_ASSIGN_OR_RETURN(const OperationEnergy energy, FindOperationEnergy(nanometres));
  TF_ASSIGN_OR_RETURN(const DramPower dram, FindDramPower(in.spec));
  RunArguments arguments;
  arguments.position = uint32_t(in.position);
  const RunWork work = CountRunWork(in.program.decode, in.program.design, arguments);
  EnergyReport report;
  report.mode = EnergyMode::kDatapath;
  report.node = fmt::format("{} nm", nanometres);
  report.parts = Estimate(in, energy, work).Parts();
  const uint64_t bytes = work.traffic.total_read() + work.traffic.total_written();
  report.parts.push_back({"DRAM", double(bytes) * 8 * dram.joules_per_bit, "modelled",
                          fmt::format("{} B; {}", bytes, dram.source)});
  report.notes = {
      fmt::format("Counts of the decode step at position {}; operations: {}.", in.position,
                  energy.source),
      "Trits that are zero save nothing here. Not counted: control, base-3 decoders, clock tree, "
      "leakage, refresh, for which nothing is published."};
  return report;
}

}  // namespace ternfab
