// SPDX-License-Identifier: Apache-2.0
#include "codegen/signature.h"

#include <algorithm>
#include <bit>

#include "codegen/devices.h"
#include "codegen/plan/isa.h"

namespace ternfab {
namespace {

SignaturePort In(std::string name, int width, std::string text) {
  return {std::move(name), false, width, std::move(text), false};
}
SignaturePort Out(std::string name, int width, std::string text) {
  return {std::move(name), true, width, std::move(text), false};
}

SignaturePortGroup ControlPorts() {
  const std::string s = "s_axi_control_";
  return {"Control registers: AXI4-Lite subordinate",
          {In(s + "awaddr", kRegisterAddressBits, "write address, bytes"), In(s + "awvalid", 1, ""),
           Out(s + "awready", 1, ""), In(s + "wdata", 32, ""), In(s + "wstrb", 4, ""),
           In(s + "wvalid", 1, ""), Out(s + "wready", 1, ""), Out(s + "bresp", 2, "always OKAY"),
           Out(s + "bvalid", 1, ""), In(s + "bready", 1, ""),
           In(s + "araddr", kRegisterAddressBits, "read address, bytes"), In(s + "arvalid", 1, ""),
           Out(s + "arready", 1, ""), Out(s + "rdata", 32, ""), Out(s + "rresp", 2, "always OKAY"),
           Out(s + "rvalid", 1, ""), In(s + "rready", 1, "")}};
}

SignaturePortGroup MemoryPorts(int port, int width_bits) {
  const std::string m = "m_axi_p" + std::to_string(port) + "_";
  return {"Memory port " + std::to_string(port) + ": AXI4 manager, incrementing bursts, no ID",
          {Out(m + "awaddr", 64, "bytes"),
           Out(m + "awlen", 8, "beats - 1"),
           Out(m + "awsize", 3, "whole beats"),
           Out(m + "awburst", 2, "INCR"),
           Out(m + "awcache", 4, ""),
           Out(m + "awprot", 3, ""),
           Out(m + "awvalid", 1, ""),
           In(m + "awready", 1, ""),
           Out(m + "wdata", width_bits, ""),
           Out(m + "wstrb", width_bits / 8, ""),
           Out(m + "wlast", 1, ""),
           Out(m + "wvalid", 1, ""),
           In(m + "wready", 1, ""),
           In(m + "bresp", 2, ""),
           In(m + "bvalid", 1, ""),
           Out(m + "bready", 1, ""),
           Out(m + "araddr", 64, "bytes"),
           Out(m + "arlen", 8, "beats - 1"),
           Out(m + "arsize", 3, "whole beats"),
           Out(m + "arburst", 2, "INCR"),
           Out(m + "arcache", 4, ""),
           Out(m + "arprot", 3, ""),
           Out(m + "arvalid", 1, ""),
           In(m + "arready", 1, ""),
           In(m + "rdata", width_bits, ""),
           In(m + "rresp", 2, ""),
           In(m + "rlast", 1, ""),
           In(m + "rvalid", 1, ""),
           Out(m + "rready", 1, "")}};
}

SignaturePortGroup TracePorts(const DesignParams& d) {
  SignaturePortGroup group{"Trace of the simulation", {}};
  const auto add = [&](const char* name, int width, const char* text) {
    group.ports.push_back(Out(std::string("trace_") + name, width, text));
  };
  for (const std::string unit : {"tern", "int8", "vec"}) {
    add((unit + "_issue").c_str(), 1, "the unit starts the instruction");
    add((unit + "_retire").c_str(), 1, "the unit ends the instruction");
    add((unit + "_skip").c_str(), 1, "its predicate is false");
    add((unit + "_index").c_str(), 32, "its index in the program");
  }
  add("run", 1, "a cycle that the counter Cycles counts");
  add("head", 3, "a queue has an instruction: 0 ternary, 1 int8, 2 vector");
  add("beat", 4, "a wide beat is consumed by client 0 I, 1 V, 2 K, 3 W");
  add("starved", 4, "a client is ready for a wide beat and there is none");
  add("vm_we", 1, "a word of VM is written");
  add("vm_writer", 2, "0 ternary, 1 int8, 2 vector");
  add("vm_addr", 20, "");
  add("vm_data", 32 * d.vector_lanes, "");
  add("s_we", 1, "a scalar register is written");
  add("s_addr", 8, "");
  add("s_data", 32, "");
  add("am_we", 1, "a word of AM is written");
  add("am_slot", 3, "");
  add("am_addr", 16, "");
  add("am_data", 8 * d.lanes, "");
  add("qm_we", 1, "a word of QM is written");
  add("qm_bank", 3, "");
  add("qm_addr", 16, "");
  add("qm_data", 8 * d.int8_lanes(), "");
  add("mem_we", 1, "a wide beat goes to the write DMA");
  add("mem_addr", 32, "wide beat");
  add("mem_data", 8 * d.wide_bytes(), "");
  add("mem_strb", d.wide_bytes(), "bytes that are written");
  group.ports.push_back(
      In("fault_i", kFaultBits,
         "0 tree, 1 decoder, 2 int8, 3 fp32 add, 4 fp32 multiply, 5 KV address, 6 token, 7 DMA"));
  for (SignaturePort& port : group.ports) port.simulation = true;
  return group;
}

std::vector<SignaturePortGroup> MakePorts(const DesignParams& d) {
  std::vector<SignaturePortGroup> groups;
  groups.push_back(
      {"Clock and reset",
       {In("ap_clk", 1, "the only clock"), In("ap_rst_n", 1, "synchronous, active low")}});
  groups.push_back(ControlPorts());
  for (int p = 0; p < d.ports; ++p) groups.push_back(MemoryPorts(p, d.width_bits));
  groups.push_back({"Interrupt", {Out("interrupt", 1, "level, high until Isr is cleared")}});
  groups.push_back(TracePorts(d));
  return groups;
}

/// Power of two that hides `latency` cycles, between `least` and `most`.
int DepthFor(int latency, int least, int most) {
  const int needed = (4 * latency + 2) / 3;
  return std::clamp(int(std::bit_ceil(unsigned(needed))), least, most);
}

/// Up to 64 beats are LUT RAM, of which most devices have less to spare than of block RAM; a block
/// RAM holds 512 beats for the price of fewer. A DRAM answers later under load than memory.latency
/// says: with 128 beats ahead, the head of 2B4T on kv260 ran at 0.90 of the ports, with 512 at
/// 0.998.
StreamDepths ChooseDepths(const HardwareSpec& spec, const DesignParams& d) {
  StreamDepths depths;
  depths.instruction = std::clamp(8 * d.instruction_beats(), 32, 64);
  depths.vector = DepthFor(spec.memory.latency, 32, 64);
  depths.int8 = DepthFor(spec.memory.latency, spec.memory.kind == "fixed" ? 128 : 512, 2048);
  depths.weight = DepthFor(spec.memory.latency, 512, 2048);
  return depths;
}

/// UltraRAM where the device has it and VM fills its 4096 words to a good part.
int ChooseVmStyle(const HardwareSpec& spec, const DesignParams& d) {
  const Device* device = FindDevice(spec.device);
  return device != nullptr && device->uram > 0 && d.vm_words >= 2048 ? 2 : 0;
}

std::vector<SignatureMemory> MakeMemories(const DesignSignature& s) {
  const DesignParams& d = s.params;
  const int wide = 8 * d.wide_bytes();
  const int row_beats = std::max(1, 256 / d.int8_lanes());
  return {{"vm", d.vm_words, 32 * d.vector_lanes, 1, "vector memory"},
          {"am", d.am_words, 8 * d.lanes, d.batch, "activation memory, one of each slot"},
          {"qm", d.qm_words, 8 * d.int8_lanes(), d.queries, "query memory, one of each bank"},
          {"accumulators", row_beats, 32 * d.int8_lanes() * d.queries, 1, "of ACCUMULATE"},
          {"scalars", isa::kScalarRegisters, 32, 3, "S, one copy of each read port"},
          {"instruction_stream", s.depths.instruction, wide, 1, "queue of the read DMA"},
          {"vector_stream", s.depths.vector, wide, 1, "queue of the read DMA"},
          {"int8_stream", s.depths.int8, wide, 1, "queue of the read DMA"},
          {"weight_stream", s.depths.weight, wide, 1, "queue of the read DMA"}};
}

}  // namespace

DesignSignature MakeSignature(const HardwareSpec& spec) {
  DesignSignature s;
  s.name = spec.name;
  s.identifier = spec.name;
  std::replace(s.identifier.begin(), s.identifier.end(), '-', '_');
  std::replace(s.identifier.begin(), s.identifier.end(), '.', '_');
  s.top = "tf_" + s.identifier + "_top";
  s.package = "tf_" + s.identifier + "_pkg";
  s.device = spec.device;
  s.clock_mhz = spec.clock_mhz;
  s.hash = DesignHash(spec);
  s.isa_version = isa::kVersion;
  s.params = Derive(spec);
  s.kind = FindEngineKind(spec.engine.kind).value();
  s.pipeline = spec.engine.pipeline;
  s.max_burst_beats = spec.memory.max_burst_beats;
  s.depths = ChooseDepths(spec, s.params);
  s.vm_style = ChooseVmStyle(spec, s.params);
  s.ports = MakePorts(s.params);
  s.registers = RegisterMap(s.params.ports);
  s.memories = MakeMemories(s);
  return s;
}

}  // namespace ternfab
