// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/device_model.h"

#include "codegen/plan/schedule.h"
#include "host/cpu/context_fill.h"

namespace ternfab {
namespace {

class EmulatedDevice : public LanguageModel {
 public:
  EmulatedDevice(const Program& program, const EmulatorOptions& options)
      : program_(program), emulator_(program, options) {}

  // Rows of the KV cache beyond the position are never read: nothing else is to be forgotten.
  void Reset() override { position_ = 0; }
  int vocab() const override { return program_.vocab; }
  int context() const override { return program_.context; }
  int position() const override { return position_; }

 protected:
  Expected<std::vector<float>> Advance(std::span<const int> tokens) override {
    for (const RunArguments& run : ScheduleRuns(tokens, position_, program_.design.batch)) {
      emulator_.Run(run.count == 1 ? program_.decode : program_.prefill, run);
      position_ += int(run.count);
    }
    return emulator_.Logits();
  }
  Expected<void> Fill(int positions, uint64_t seed) override {
    for (const MemoryPatch& patch : ternfab::FillContext(program_, positions, seed)) {
      emulator_.Write(patch);
    }
    position_ = positions;
    return {};
  }

 private:
  const Program& program_;
  Emulator emulator_;
  int position_ = 0;
};

}  // namespace

std::unique_ptr<LanguageModel> MakeEmulatedDevice(const Program& program,
                                                  const EmulatorOptions& options) {
  return std::make_unique<EmulatedDevice>(program, options);
}

}  // namespace ternfab
