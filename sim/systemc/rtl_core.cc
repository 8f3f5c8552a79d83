// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/rtl_core.h"

#include <utility>

#include "common/check.h"
#include "sim/rtl/port_pins.h"

namespace ternfab::systemc {

RtlCore::RtlCore(std::unique_ptr<rtl::RtlDesign> design, const MemoryConfig& memory,
                 int max_burst_beats, int reset_cycles)
    : design_(std::move(design)),
      memory_(memory),
      max_burst_beats_(max_burst_beats),
      reset_cycles_(reset_cycles),
      port_in_(design_->ports().size()) {
  rtl::ControlPins& c = design_->control();
  *c.awvalid = *c.wvalid = *c.arvalid = 0;
  *c.bready = *c.rready = 1;
  *c.wstrb = 0xf;
  design_->SetFaults(0);
  design_->SetReset(true);
}

void RtlCore::Connect(AxiStorage storage) {
  constexpr int kStallPercent = 0;
  constexpr uint64_t kSeed = 1;
  for (size_t p = 0; p < design_->ports().size(); ++p) {
    ports_.emplace_back(8 * memory_.config().beat_bytes, max_burst_beats_, storage, kStallPercent,
                        kSeed + p);
  }
}

void RtlCore::Cycle() {
  TF_CHECK(!ports_.empty(), "no memory");
  if (cycle_ == uint64_t(reset_cycles_)) design_->SetReset(false);
  const int beat_bytes = memory_.config().beat_bytes;
  for (size_t p = 0; p < ports_.size(); ++p) {
    rtl::DrivePort(ports_[p].response(), beat_bytes, design_->ports()[p]);
  }
  design_->Settle();
  for (rtl::CycleObserver* observer : observers_) observer->OnCycle(design_->trace(), cycle_);
  for (size_t p = 0; p < ports_.size(); ++p) {
    port_in_[p] = ports_[p].Begin(rtl::SamplePort(design_->ports()[p], beat_bytes));
  }
  memory_.Tick(port_in_);
  for (size_t p = 0; p < ports_.size(); ++p) ports_[p].End(memory_.out(int(p)));
  if (busy()) SampleTransfer();
  design_->Clock();
  if (busy()) StepTransfer();
  ++cycle_;
}

void RtlCore::BeginRead(uint32_t offset) {
  TF_CHECK(!busy(), "two transfers");
  *design_->control().araddr = uint16_t(offset);
  *design_->control().arvalid = 1;
  transfer_ = Transfer::kRead;
  transfer_cycles_ = 0;
}

void RtlCore::BeginWrite(uint32_t offset, uint32_t value) {
  TF_CHECK(!busy(), "two transfers");
  const rtl::ControlPins& c = design_->control();
  *c.awaddr = uint16_t(offset);
  *c.wdata = value;
  *c.awvalid = *c.wvalid = 1;
  transfer_ = Transfer::kWrite;
  transfer_cycles_ = 0;
}

void RtlCore::Abandon() {
  const rtl::ControlPins& c = design_->control();
  *c.awvalid = *c.wvalid = *c.arvalid = 0;
  transfer_ = Transfer::kNone;
}

void RtlCore::SampleTransfer() {
  const rtl::ControlPins& c = design_->control();
  const bool read = transfer_ == Transfer::kRead;
  address_taken_ = read ? *c.arvalid && *c.arready : *c.awvalid && *c.awready;
  data_taken_ = *c.wvalid && *c.wready;
  answered_ = read ? *c.rvalid : *c.bvalid;
  if (read && answered_) read_value_ = *c.rdata;
}

void RtlCore::StepTransfer() {
  const rtl::ControlPins& c = design_->control();
  if (address_taken_) *c.arvalid = *c.awvalid = 0;
  if (data_taken_) *c.wvalid = 0;
  if (answered_) transfer_ = Transfer::kNone;
  ++transfer_cycles_;
}

bool RtlCore::stop() const {
  for (const rtl::CycleObserver* observer : observers_) {
    if (observer->stop()) return true;
  }
  return false;
}

}  // namespace ternfab::systemc
