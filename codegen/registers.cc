// SPDX-License-Identifier: Apache-2.0
#include "codegen/registers.h"

#include <algorithm>
#include <cctype>

#include "codegen/plan/isa.h"
#include "common/check.h"

namespace ternfab {
namespace {

constexpr int kCounterOffset = 0x220;

Register Plain(const char* name, int offset, RegisterAccess access, const char* text) {
  return {name, offset, 1, 4, access, text, {}};
}

void AddControl(std::vector<Register>& map) {
  map.push_back(
      {"ApCtrl",
       0x000,
       1,
       4,
       RegisterAccess::kReadWrite,
       "start and state of a run",
       {{"ApStart", 0, 1, RegisterAccess::kWriteSelfClear,
         "writing 1 starts a run; reads 1 until the run ends"},
        {"ApDone", 1, 1, RegisterAccess::kReadClear, "a run has ended since the last read"},
        {"ApIdle", 2, 1, RegisterAccess::kReadOnly, "no run is in progress"},
        {"ApReady", 3, 1, RegisterAccess::kReadClear,
         "same as AP_DONE: a new start is accepted"}}});
  map.push_back({"Gie",
                 0x004,
                 1,
                 4,
                 RegisterAccess::kReadWrite,
                 "global interrupt enable",
                 {{"Enable", 0, 1, RegisterAccess::kReadWrite, "interrupt output is driven"}}});
  map.push_back({"Ier",
                 0x008,
                 1,
                 4,
                 RegisterAccess::kReadWrite,
                 "interrupt enable",
                 {{"Done", 0, 1, RegisterAccess::kReadWrite, "the end of a run sets ISR.DONE"},
                  {"Ready", 1, 1, RegisterAccess::kReadWrite, "the end of a run sets ISR.READY"}}});
  map.push_back({"Isr",
                 0x00c,
                 1,
                 4,
                 RegisterAccess::kToggle,
                 "interrupt status",
                 {{"Done", 0, 1, RegisterAccess::kToggle, "a run has ended"},
                  {"Ready", 1, 1, RegisterAccess::kToggle, "a new start is accepted"}}});
}

void AddArguments(std::vector<Register>& map, int ports) {
  const RegisterAccess rw = RegisterAccess::kReadWrite;
  map.push_back(Plain("Program", 0x010, rw, "wide beat of the program's header"));
  map.push_back(Plain("Position", 0x014, rw, "position of slot 0"));
  map.push_back(Plain("Count", 0x018, rw, "active slots, 1 .. batch"));
  map.push_back({"Token", 0x020, isa::kMaxBatch, 4, rw, "token of slot i", {}});
  map.push_back({"PortBaseLo",
                 0x040,
                 ports,
                 8,
                 rw,
                 "byte address of memory port i, bits 31:0; bits 11:0 must be 0",
                 {}});
  map.push_back(
      {"PortBaseHi", 0x044, ports, 8, rw, "byte address of memory port i, bits 63:32", {}});
}

void AddState(std::vector<Register>& map) {
  const RegisterAccess ro = RegisterAccess::kReadOnly;
  map.push_back({"Control",
                 0x200,
                 1,
                 4,
                 RegisterAccess::kReadWrite,
                 "reset",
                 {{"SoftReset", 0, 1, RegisterAccess::kWriteSelfClear,
                   "writing 1 stops a run, drains the memory ports, resets the units and clears "
                   "ERROR; reads 1 until done"}}});
  map.push_back(Plain("IsaVersion", 0x204, ro, "version of the instruction set"));
  map.push_back(Plain("DesignHashLo", 0x208, ro, "hash of the design, bits 31:0"));
  map.push_back(Plain("DesignHashHi", 0x20c, ro, "hash of the design, bits 63:32"));
  map.push_back({"Error",
                 0x210,
                 1,
                 4,
                 ro,
                 "why the last run was stopped; a start with an error set ends at once",
                 {{"Cause", 0, 8, ro, "first cause since the last soft reset"}}});
  map.push_back(Plain("ErrorIndex", 0x214, ro,
                      "instruction concerned, or the next one to dispatch; ffffffff: none"));
  static_assert(kRunCounters.size() == 9);
  static constexpr const char* kNames[9][2] = {
      {"CyclesLo", "CyclesHi"},           {"InstructionsLo", "InstructionsHi"},
      {"WStarvedLo", "WStarvedHi"},       {"WBeatsLo", "WBeatsHi"},
      {"ReadBeatsLo", "ReadBeatsHi"},     {"WriteBeatsLo", "WriteBeatsHi"},
      {"TernaryBusyLo", "TernaryBusyHi"}, {"Int8BusyLo", "Int8BusyHi"},
      {"VectorBusyLo", "VectorBusyHi"}};
  for (size_t i = 0; i < kRunCounters.size(); ++i) {
    const int offset = kCounterOffset + 8 * int(i);
    map.push_back(Plain(kNames[i][0], offset, ro, kRunCounters[i].text));
    map.push_back(
        Plain(kNames[i][1], offset + 4, ro, "bits 63:32; read while no run is in progress"));
  }
}

}  // namespace

std::string_view ErrorText(ErrorCause cause) {
  for (const ErrorCauseText& entry : kErrorCauses) {
    if (entry.cause == cause) return entry.text;
  }
  return "unknown error cause";
}

std::vector<Register> RegisterMap(int ports) {
  TF_CHECK(ports >= 1 && ports <= kMaxRegisterPorts, "{} ports", ports);
  std::vector<Register> map;
  AddControl(map);
  AddArguments(map, ports);
  AddState(map);
  std::sort(map.begin(), map.end());
  return map;
}

std::string RegisterName(std::string_view camel) {
  std::string name;
  for (size_t i = 0; i < camel.size(); ++i) {
    const bool upper = std::isupper(static_cast<unsigned char>(camel[i])) != 0;
    if (upper && i > 0) name += '_';
    name += char(std::toupper(static_cast<unsigned char>(camel[i])));
  }
  return name;
}

}  // namespace ternfab
