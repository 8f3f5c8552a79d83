// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/harness_writer.h"

#include <fmt/format.h>

namespace ternfab::rtl {
namespace {

constexpr const char* kControl[] = {"awaddr",  "awvalid", "awready", "wdata",  "wstrb",
                                    "wvalid",  "wready",  "bvalid",  "bready", "araddr",
                                    "arvalid", "arready", "rdata",   "rvalid", "rready"};
constexpr const char* kPort[] = {"araddr",  "arlen",  "arvalid", "arready", "rdata",  "rresp",
                                 "rlast",   "rvalid", "rready",  "awaddr",  "awlen",  "awvalid",
                                 "awready", "wdata",  "wstrb",   "wlast",   "wvalid", "wready",
                                 "bresp",   "bvalid", "bready"};

bool IsBytes(std::string_view pin) { return pin == "rdata" || pin == "wdata" || pin == "wstrb"; }

std::string EmitControl() {
  std::string text = "    control_ = {\n";
  for (const char* pin : kControl) text += fmt::format("        &top_->s_axi_control_{},\n", pin);
  return text + "    };\n";
}

std::string EmitPort(int port) {
  std::string text = "    ports_.push_back({\n";
  for (const char* pin : kPort) {
    const std::string name = fmt::format("top_->m_axi_p{}_{}", port, pin);
    text += IsBytes(pin) ? fmt::format("        Bytes({}),\n", name)
                         : fmt::format("        &{},\n", name);
  }
  return text + "    });\n";
}

/// One WriteTrace; `bank` and `strobe` name pins or are empty.
std::string EmitWrite(const char* memory, const char* bank, int address_bytes, int data_bits,
                      const char* strobe) {
  const auto pin = [&](const char* name) {
    return *name ? fmt::format("Bytes(top_->trace_{}_{})", memory, name) : "nullptr";
  };
  return fmt::format("    trace_.{} = {{{}, {}, {}, {}, {}, {}, {}}};\n",
                     std::string_view(memory) == "s"     ? "scalar"
                     : std::string_view(memory) == "mem" ? "memory"
                                                         : memory,
                     pin("we"), pin(bank), pin("addr"), address_bytes, pin("data"), data_bits / 8,
                     pin(strobe));
}

std::string EmitTrace(const DesignParams& d) {
  std::string text;
  int unit = 0;
  for (const char* name : {"tern", "int8", "vec"}) {
    text += fmt::format(
        "    trace_.units[{1}] = {{&top_->trace_{0}_issue, &top_->trace_{0}_retire,\n"
        "                        &top_->trace_{0}_skip, &top_->trace_{0}_index}};\n",
        name, unit++);
  }
  for (const char* name : {"run", "head", "beat", "starved", "vm_writer"}) {
    text += fmt::format("    trace_.{0} = &top_->trace_{0};\n", name);
  }
  text += EmitWrite("vm", "", 4, 32 * d.vector_lanes, "");
  text += EmitWrite("s", "", 1, 32, "");
  text += EmitWrite("am", "slot", 2, 8 * d.lanes, "");
  text += EmitWrite("qm", "bank", 2, 8 * d.int8_lanes(), "");
  text += EmitWrite("mem", "", 4, 8 * d.wide_bytes(), "strb");
  return text;
}

constexpr const char* kBody = R"(
  ~Harness() override {
    if (waves_) waves_->close();
    Verilated::threadContextp(context_.get());  // from which the model takes its scopes
    top_->final();
    top_.reset();
    Verilated::threadContextp(nullptr);
  }

  const driver::DesignInfo& info() const override { return design::kDesign; }
  rtl::ControlPins& control() override { return control_; }
  std::vector<rtl::PortPins>& ports() override { return ports_; }
  const rtl::TracePins& trace() const override { return trace_; }
  std::vector<rtl::StateVariable> State() override {
    std::vector<rtl::StateVariable> state;
    for (const auto& [path, scope] : *context_->scopeNameMap()) {
      if (!scope->varsp()) continue;
      for (auto& [name, variable] : *scope->varsp()) {
        const size_t bytes = variable.entSize();
        state.push_back({path, name, static_cast<uint8_t*>(variable.datap()),
                         variable.packed().elements(), bytes, variable.totalSize() / bytes});
      }
    }
    return state;
  }

  void SetReset(bool asserted) override { top_->ap_rst_n = !asserted; }
  void SetFaults(uint8_t bits) override { top_->fault_i = bits; }
  bool interrupt() const override { return top_->__SYM__interrupt; }  // a name Verilator escapes

  void Settle() override {
    if (Verilated::threadContextp() != context_.get()) {  // for messages
      Verilated::threadContextp(context_.get());
    }
    top_->ap_clk = 0;
    top_->eval();
    Dump();
  }

  void Clock() override {
    top_->ap_clk = 1;
    top_->eval();
    Dump();
  }

  bool OpenWaves(const char* path) override {
#if VM_TRACE
    context_->traceEverOn(true);
    waves_ = std::make_unique<VerilatedFstC>();
    top_->trace(waves_.get(), 99);
    waves_->open(path);
    return waves_->isOpen();
#else
    (void)path;
    return false;
#endif
  }

 private:
  template <class T>
  static uint8_t* Bytes(T& pin) {
    return reinterpret_cast<uint8_t*>(&pin);
  }

  void Dump() {
#if VM_TRACE
    if (waves_) waves_->dump(time_++);
#endif
  }

#if !VM_TRACE
  struct VerilatedFstC {
    void close() {}
  };
#endif
  std::unique_ptr<VerilatedContext> context_ = std::make_unique<VerilatedContext>();
  std::unique_ptr<Vtop> top_ = std::make_unique<Vtop>(context_.get());
  std::unique_ptr<VerilatedFstC> waves_;
  uint64_t time_ = 0;
  rtl::ControlPins control_;
  std::vector<rtl::PortPins> ports_;
  rtl::TracePins trace_;
};

}  // namespace
}  // namespace ternfab

extern "C" ternfab::rtl::RtlDesign* tf_create_design() { return new ternfab::Harness; }
)";

}  // namespace

std::string EmitHarness(const DesignSignature& s) {
  std::string text = fmt::format(
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// AUTO-GENERATED by ternfab for design {0}, hash {1:016x}.\n"
      "#include <memory>\n"
      "#include \"Vtop.h\"\n"
      "#include \"verilated_syms.h\"\n"
      "#if VM_TRACE\n"
      "#include \"verilated_fst_c.h\"\n"
      "#endif\n"
      "#include \"driver/tf_{0}.h\"\n"
      "#include \"sim/rtl/rtl_design.h\"\n\n"
      "namespace ternfab {{\n"
      "namespace {{\n\n"
      "namespace design = ::tf_{0};\n\n"
      "class Harness : public rtl::RtlDesign {{\n"
      " public:\n"
      "  Harness() {{\n",
      s.identifier, s.hash);
  text += EmitControl();
  for (int port = 0; port < s.params.ports; ++port) text += EmitPort(port);
  text += EmitTrace(s.params);
  text += "    top_->ap_rst_n = 0;\n  }\n";
  text += kBody;
  return text;
}

}  // namespace ternfab::rtl
