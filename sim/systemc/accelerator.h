// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <optional>
#include <string>
#include <systemc>
#include <tlm>

#include "codegen/plan/program.h"
#include "codegen/plan/schedule.h"
#include "common/error.h"
#include "host/driver/design_info.h"
#include "sim/rtl/axi_memory.h"
#include "sim/run_record.h"

namespace ternfab::systemc {

/// In the answer to a refused register access: why.
struct Refusal : tlm::tlm_extension<Refusal> {
  std::string text;

  tlm::tlm_extension_base* clone() const override { return new Refusal(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    *this = static_cast<const Refusal&>(other);
  }
};

/// A generated design on the platform.
/// Contract:
/// - cycle c of the design is the time from c to c + 1 periods of its clock; all accesses begin and
///   end on such a border. The first kResetCycles cycles are the reset;
/// - an access to a register that begins with cycle c is taken in that cycle and ends with cycle
///   c + 2, as an AXI4-Lite transfer with ready master and slave does;
/// - ap_start taken in cycle c: the run's first cycle (the first that the counter Cycles counts) is
///   c + 2; a run of n cycles raises the interrupt, where it is enabled, with cycle c + n + 3, in
///   which the registers first show its end.
class Accelerator : public sc_core::sc_module {
 public:
  static constexpr int kResetCycles = 16;
  static constexpr int kAccessCycles = 2;
  static constexpr int kStartToRun = 2;  ///< from the cycle that takes ap_start
  static constexpr int kRunToDone = 1;   ///< from the end of a run to the interrupt

  tlm_utils::simple_target_socket<Accelerator> control{"control"};
  tlm_utils::simple_initiator_socket<Accelerator> memory{"memory"};
  sc_core::sc_out<bool> interrupt{"interrupt"};

  virtual const driver::DesignInfo& info() const = 0;

  /// Before a start of which FillRecord is to tell; `list` outlives the run.
  virtual void BeginRun(const InstructionList& list, const RunArguments& arguments) = 0;
  /// All of `record` but arguments and counters.
  virtual void FillRecord(RunRecord& record) = 0;

  /// Notified when a run will not end; fault() then says why.
  const sc_core::sc_event& stopped() const { return stopped_; }
  virtual std::optional<std::string> fault() const = 0;

 protected:
  Accelerator(sc_core::sc_module_name name, const sc_core::sc_time& period);

  /// Called on a border of cycles by the initiator's process; waits until the access ends.
  virtual Expected<uint32_t> ReadRegister(uint32_t offset) = 0;
  virtual Expected<void> WriteRegister(uint32_t offset, uint32_t value) = 0;

  /// The memory behind the socket, for direct access; after elaboration.
  AxiStorage DirectMemory();
  const sc_core::sc_time& period() const { return period_; }
  /// The cycle that begins now.
  uint64_t CycleNow() const;

  sc_core::sc_event stopped_;

 private:
  void Transport(tlm::tlm_generic_payload& transfer, sc_core::sc_time& delay);

  sc_core::sc_time period_;
};

}  // namespace ternfab::systemc
