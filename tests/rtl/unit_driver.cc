// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/unit_driver.h"

#include <fmt/format.h>

#include <deque>
#include <optional>

namespace ternfab {
namespace {

constexpr int64_t kPatience = 20000;  ///< cycles without a retirement

class Surroundings {
 public:
  Surroundings(UnitPort& port, const std::vector<UnitInstruction>& instructions,
               const UnitWeather& weather, uint32_t seed)
      : port_(port), instructions_(instructions), weather_(weather), random_(seed) {
    run_.records.resize(instructions.size());
  }

  UnitRun Run() {
    int64_t quiet = 0;
    while (current_ < instructions_.size() && run_.error.empty()) {
      const size_t before = current_;
      Cycle();
      quiet = current_ == before ? quiet + 1 : 0;
      if (quiet > kPatience) Breach("does not retire");
    }
    // Nothing may follow the last instruction.
    for (int i = 0; i < 40 && run_.error.empty(); ++i) Cycle();
    return std::move(run_);
  }

 private:
  bool Chance(int percent) { return int(random_() % 100) < percent; }

  void Breach(const std::string& what) {
    if (run_.error.empty()) {
      run_.error = fmt::format("cycle {}, instruction {}: {}", cycle_, current_, what);
    }
  }

  void Require(bool condition, const char* what) {
    if (!condition) Breach(what);
  }

  const UnitInstruction* Current() const {
    return current_ < instructions_.size() ? &instructions_[current_] : nullptr;
  }

  uint32_t Field(const isa::Field& field) const {
    return Current() ? Current()->instruction.Get(field) : 0;
  }

  /// Streams run ahead of the instructions, but dependent ones wait for their go.
  bool StreamHasBeat() {
    while (stream_instruction_ < instructions_.size() &&
           stream_beat_ == instructions_[stream_instruction_].beats.size()) {
      ++stream_instruction_;
      stream_beat_ = 0;
    }
    if (stream_instruction_ == instructions_.size()) return false;
    const UnitInstruction& owner = instructions_[stream_instruction_];
    return !port_.has_go() || owner.instruction.Get(isa::kDependent) == 0 ||
           gone_ > stream_instruction_;
  }

  void Cycle() {
    // A valid that was offered stays; so does an instruction.
    offered_ = Current() && (offered_ || !Chance(weather_.instruction_gap));
    stream_offered_ = StreamHasBeat() && (stream_offered_ || !Chance(weather_.stream_gap));
    for (int k = 0; k < 4; ++k) {
      if (Current() && tokens_[k] < 2 && !Chance(weather_.token_delay)) ++tokens_[k];
    }
    UnitInputs inputs;
    inputs.valid = offered_;
    inputs.instruction = offered_ ? Current() : nullptr;
    for (int k = 0; k < 4; ++k) inputs.tokens_available |= uint32_t(tokens_[k] > 0) << k;
    inputs.stream_valid = stream_offered_;
    if (stream_offered_) inputs.beat = &instructions_[stream_instruction_].beats[stream_beat_];
    inputs.vm_ready = !Chance(weather_.vm_stall);
    const UnitOutputs outputs = port_.Settle(inputs);
    CheckStart(inputs, outputs);
    CheckStream(inputs, outputs);
    CheckWrite(inputs, outputs);
    CheckRetire(inputs, outputs);
    port_.Clock();
    ++cycle_;
  }

  void CheckStart(const UnitInputs& in, const UnitOutputs& out) {
    const uint32_t wait = Field(isa::kWait);
    if (!out.issue) {
      Require(out.take == 0, "takes tokens without an issue");
      Require(!out.go, "go without an issue");
      // With everything there, an idle unit starts.
      Require(!in.valid || started_ || (wait & ~in.tokens_available) != 0, "does not start");
      return;
    }
    Require(in.valid && !started_, "issue without a new instruction");
    Require((wait & ~in.tokens_available) == 0, "issue without its tokens");
    Require(out.take == wait, "takes other tokens than its wait mask");
    for (int k = 0; k < 4; ++k) tokens_[k] -= int(out.take >> k & 1);
    const bool must_go = port_.has_go() && in.valid && !Current()->skip && Field(isa::kDependent);
    Require(out.go == must_go, "go differs from dependent and not skipped");
    if (out.go) gone_ = current_ + 1;
    started_ = true;
    if (Current()) run_.records[current_].issue_cycle = cycle_;
  }

  void CheckStream(const UnitInputs& in, const UnitOutputs& out) {
    if (!out.stream_ready || !in.stream_valid) return;
    Require(started_ && stream_instruction_ == current_, "takes a beat of another instruction");
    ++stream_beat_;
    stream_offered_ = false;
  }

  void CheckWrite(const UnitInputs& in, const UnitOutputs& out) {
    if (stalled_) {
      Require(out.vm_valid && out.vm_address == stalled_->first && out.vm_data == stalled_->second,
              "a stalled VM write changes");
    }
    stalled_.reset();
    if (!out.vm_valid) return;
    Require(started_, "writes VM outside an instruction");
    if (!in.vm_ready) {
      stalled_ = std::pair(out.vm_address, out.vm_data);
    } else if (Current()) {
      const bool fresh = run_.records[current_].writes.emplace(out.vm_address, out.vm_data).second;
      Require(fresh, "writes a VM word twice");
    }
  }

  void CheckRetire(const UnitInputs& in, const UnitOutputs& out) {
    if (!out.ready || !in.valid) {
      Require(out.put == 0, "puts tokens without retiring");
      Require(!out.ready, "is ready without an instruction");
      return;
    }
    Require(started_, "retires without an issue");
    Require(out.put == Field(isa::kSignal), "puts other tokens than its signal mask");
    const size_t beats = Current()->beats.size();
    const bool consumed = stream_instruction_ > current_ || stream_beat_ == beats;
    Require(consumed, "retires before its stream is consumed");
    run_.records[current_].retire_cycle = cycle_;
    ++current_;
    started_ = offered_ = false;
  }

  UnitPort& port_;
  const std::vector<UnitInstruction>& instructions_;
  UnitWeather weather_;
  std::mt19937 random_;
  UnitRun run_;
  int64_t cycle_ = 0;
  size_t current_ = 0;
  bool started_ = false, offered_ = false, stream_offered_ = false;
  size_t stream_instruction_ = 0, stream_beat_ = 0;
  size_t gone_ = 0;  ///< one above the last instruction that gave go
  std::array<int, 4> tokens_{};
  std::optional<std::pair<uint32_t, Words>> stalled_;
};

}  // namespace

UnitRun RunUnit(UnitPort& port, const std::vector<UnitInstruction>& instructions,
                const UnitWeather& weather, uint32_t seed) {
  return Surroundings(port, instructions, weather, seed).Run();
}

std::string CompareWrites(const std::map<uint32_t, Words>& actual,
                          const std::map<uint32_t, Words>& expected) {
  for (const auto& [address, words] : expected) {
    const auto it = actual.find(address);
    if (it == actual.end()) return fmt::format("VM word {} is not written", address);
    for (size_t i = 0; i < words.size(); ++i) {
      if (it->second[i] != words[i]) {
        return fmt::format("VM word {} element {} is {}, must be {}", address, i,
                           int32_t(it->second[i]), int32_t(words[i]));
      }
    }
  }
  for (const auto& [address, words] : actual) {
    if (expected.count(address) == 0) return fmt::format("VM word {} is written", address);
  }
  return "";
}

void ExpectElements(std::map<uint32_t, Words>& writes, uint32_t address,
                    const std::vector<int32_t>& elements, int lanes) {
  for (size_t i = 0; i < elements.size(); ++i) {
    Words& word = writes[address + uint32_t(i / size_t(lanes))];
    word.resize(size_t(lanes));
    word[i % size_t(lanes)] = uint32_t(elements[i]);
  }
}

}  // namespace ternfab
