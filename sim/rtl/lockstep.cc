// SPDX-License-Identifier: Apache-2.0
#include "sim/rtl/lockstep.h"

#include <bit>
#include <cstring>

namespace ternfab::rtl {
namespace {

constexpr int kVectorUnit = 2;

uint64_t Number(const uint8_t* bytes, int n) {
  uint64_t value = 0;
  std::memcpy(&value, bytes, n);
  return value;
}

const char* NameOf(Space space) {
  switch (space) {
    case Space::kVm:
      return "VM word";
    case Space::kScalar:
      return "scalar register";
    case Space::kAm:
      return "AM word";
    case Space::kQm:
      return "QM word";
    case Space::kMemory:
      return "wide beat";
  }
  return "?";
}

/// One element of a write for people: 32-bit patterns as fp32 too, bytes as int8.
std::string ElementText(Space space, const std::vector<uint8_t>* bytes, size_t element) {
  if (!bytes) return "nothing";
  if (space == Space::kAm || space == Space::kQm) {
    return fmt::format("{}", int(int8_t((*bytes)[element])));
  }
  uint32_t bits = 0;
  std::memcpy(&bits, &(*bytes)[4 * element], 4);
  return fmt::format("{:08x} ({:.9g})", bits, std::bit_cast<float>(bits));
}

}  // namespace

/// Files the emulator's writes under their places.
class LockstepChecker::Recorder : public WriteObserver {
 public:
  explicit Recorder(Writes& writes) : writes_(writes) {}
  void OnWrite(MemoryWrite w) override {
    writes_[{w.space, w.bank, w.address, w.offset}] = std::move(w.bytes);
  }

 private:
  Writes& writes_;
};

LockstepChecker::LockstepChecker(const Program& program) : program_(program), emulator_(program) {}

void LockstepChecker::Begin(const InstructionList& list, const RunArguments& arguments) {
  list_ = &list;
  arguments_ = arguments;
  for (Unit& unit : units_) unit = {};
  expected_.clear();
  executed_ = 0;
  retired_ = 0;
}

const LockstepChecker::Writes& LockstepChecker::ExpectedOf(uint32_t index) {
  for (; executed_ <= index && executed_ < list_->instructions.size(); ++executed_) {
    Recorder recorder(expected_[executed_]);
    emulator_.Execute(list_->instructions[executed_], arguments_, &recorder);
  }
  return expected_[index];
}

void LockstepChecker::AddWrite(int unit, Space space, const WriteTrace& port) {
  if (!*port.enable) return;
  const uint32_t bank = port.bank ? *port.bank : 0;
  const Place place{space, bank, Number(port.address, port.address_bytes), 0};
  units_[unit].writes[place].assign(port.data, port.data + port.data_bytes);
}

void LockstepChecker::AddMemoryWrite(const WriteTrace& port) {
  if (!*port.enable) return;
  int first = 0;
  int last = port.data_bytes;
  const auto strobe = [&](int i) { return (port.strobe[i / 8] >> (i % 8)) & 1; };
  while (first < last && !strobe(first)) ++first;
  while (last > first && !strobe(last - 1)) --last;
  const Place place{Space::kMemory, 0, Number(port.address, port.address_bytes), uint32_t(first)};
  units_[kVectorUnit].writes[place].assign(port.data + first, port.data + last);
}

void LockstepChecker::Collect(const TracePins& trace) {
  AddWrite(*trace.vm_writer, Space::kVm, trace.vm);
  AddWrite(kVectorUnit, Space::kScalar, trace.scalar);
  AddWrite(kVectorUnit, Space::kAm, trace.am);
  AddWrite(kVectorUnit, Space::kQm, trace.qm);
  AddMemoryWrite(trace.memory);
}

void LockstepChecker::OnCycle(const TracePins& trace, uint64_t cycle) {
  if (!list_ || mismatch_) return;
  for (int u = 0; u < 3; ++u) {
    if (*trace.units[u].issue) units_[u].index = *trace.units[u].index;
  }
  Collect(trace);
  for (int u = 0; u < 3 && !mismatch_; ++u) {
    if (*trace.units[u].retire) Retire(u, cycle);
  }
}

void LockstepChecker::Retire(int unit, uint64_t cycle) {
  Unit& u = units_[unit];
  Compare(u.index, ExpectedOf(u.index), u.writes, cycle);
  LayerCount& layer =
      layers_[u.index < list_->notes.size() ? list_->notes[u.index].place.layer : -1];
  ++layer.instructions;
  layer.mismatches += mismatch_.has_value();
  expected_.erase(u.index);
  u.writes.clear();
  ++checked_;
  ++retired_;
}

void LockstepChecker::Compare(uint32_t index, const Writes& expected, const Writes& actual,
                              uint64_t cycle) {
  if (expected == actual) return;
  for (const auto& [place, want] : expected) {
    const auto got = actual.find(place);
    const std::vector<uint8_t>* bytes = got == actual.end() ? nullptr : &got->second;
    if (!bytes || *bytes != want) return Report(index, cycle, place, &want, bytes);
  }
  for (const auto& [place, got] : actual) {
    if (!expected.contains(place)) return Report(index, cycle, place, nullptr, &got);
  }
}

void LockstepChecker::Report(uint32_t index, uint64_t cycle, const Place& place,
                             const std::vector<uint8_t>* want, const std::vector<uint8_t>* got) {
  const auto [space, bank, address, offset] = place;
  size_t element = 0;
  if (want && got && want->size() == got->size()) {
    size_t byte = 0;
    while ((*want)[byte] == (*got)[byte]) ++byte;
    element = space == Space::kAm || space == Space::kQm ? byte : byte / 4;
  }
  mismatch_ = fmt::format("instruction {} ({}), cycle {}: {} {}{} element {}: expected {}, got {}",
                          index, index < list_->notes.size() ? list_->notes[index].text : "?",
                          cycle, NameOf(space), address,
                          bank ? fmt::format(" of bank {}", bank) : "", element + offset / 4,
                          ElementText(space, want, element), ElementText(space, got, element));
}

void LockstepChecker::End() {
  if (mismatch_ || !list_) return;
  const size_t all = list_->instructions.size() - 1;  // END belongs to no unit
  if (retired_ != all) {
    mismatch_ = fmt::format("{} of {} instructions retired", retired_, all);
    return;
  }
  ExpectedOf(uint32_t(all));  // END
  list_ = nullptr;
}

}  // namespace ternfab::rtl
