// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/model_timing.h"

#include "codegen/signature.h"

namespace ternfab::systemc {
namespace {

constexpr uint64_t kReportCycles = 1 << 18;

/// Whether two cycles may be counted together.
bool Alike(const CycleActivity& a, const CycleActivity& b) {
  return (a.issue | a.retire | b.issue | b.retire) == 0 && a.head == b.head && a.beat == b.beat &&
         a.starved == b.starved && a.index == b.index;
}

}  // namespace

ModelTiming::ModelTiming(const HardwareSpec& spec, const MemoryConfig& memory, bool times)
    : spec_(spec), memory_(memory), params_(MakeSignature(spec).params), times_(times) {}

void ModelTiming::BeginRun(const InstructionList& list, const RunArguments& arguments) {
  accountant_.Begin(list, params_, arguments);
  watched_ = true;
}

Expected<void> ModelTiming::Run(const InstructionList& list, const RunArguments& arguments,
                                const std::vector<uint64_t>& port_bases, uint64_t first_cycle,
                                std::span<const uint32_t> tags) {
  if (model_ && port_bases != port_bases_) {
    return Fail("PORT_BASE changed after the first run: the model's ports stay");
  }
  if (!model_) {
    model_.emplace(spec_, memory_, port_bases, timing::DesignModel::Options{});
    port_bases_ = port_bases;
  }
  model_->Idle(first_cycle - model_->memory_cycle());
  model_->set_sink(watched_ ? this : nullptr);
  watched_ = false;
  start_cycle_ = first_cycle;
  next_report_ = kReportCycles;
  model_->Start(list, arguments, {}, tags);
  const Expected<bool> run = model_->Run();
  Flush();
  if (!run) return tl::unexpected<Error>(run.error());
  return {};
}

void ModelTiming::OnCycles(const timing::CycleView& view) {
  CycleActivity activity;
  for (int u = 0; u < kUnits; ++u) {
    const timing::DecodedInstruction* head = view.heads[u];
    if (head == nullptr) continue;
    activity.head |= uint8_t(1 << u);
    activity.issue |= uint8_t(view.units[u].issue << u);
    activity.retire |= uint8_t(view.units[u].retire << u);
    activity.index[size_t(u)] = head->index;
  }
  activity.beat = view.beat;
  activity.starved = view.starved;
  if (!Alike(activity, activity_)) Flush();
  activity_ = activity;
  alike_ += view.count;
  if (view.cycle < next_report_) return;
  next_report_ = view.cycle + kReportCycles;
  on_cycles_(view.cycle);
}

void ModelTiming::Flush() {
  if (alike_ != 0) accountant_.Add(activity_, alike_);
  alike_ = 0;
}

void ModelTiming::FillRecord(RunRecord& record) const {
  record.start_cycle = start_cycle_;
  record.first_beats = accountant_.first_beats();
  record.weight_beats = accountant_.weight_beats();
  record.weight_cycles = accountant_.weight_cycles();
  record.limits = accountant_.table();
  record.matvecs = record.matvec_cycles = 0;
  for (const InstructionTime& time : model_->times()) {
    if (time.unit != Unit::kTernary || time.skip) continue;
    ++record.matvecs;
    record.matvec_cycles += time.retire - time.issue;
  }
  if (times_) record.times = model_->times();
}

}  // namespace ternfab::systemc
