// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The AXI4-Lite registers of a generated design: the one table from which the package of
// rtl/tf_axil_regs.sv, the SystemRDL and Markdown descriptions and the driver header are written.

namespace ternfab {

enum class RegisterAccess {
  kReadWrite,
  kReadOnly,
  kWriteSelfClear,  ///< writing 1 starts something; reads 1 while it lasts
  kReadClear,       ///< a read returns the value and clears it
  kToggle,          ///< writing 1 toggles the bit
};

struct RegisterField {
  const char* name;
  int lsb;
  int width;
  RegisterAccess access;
  const char* text;
};

/// `count` registers of 32 bits at `offset + i * stride`.
struct Register {
  const char* name;  ///< UpperCamel; RegisterName() gives the UPPER_CASE form
  int offset;        ///< bytes
  int count;
  int stride;  ///< bytes
  RegisterAccess access;
  const char* text;
  std::vector<RegisterField> fields;  ///< empty: one field of 32 bits

  bool operator<(const Register& other) const { return offset < other.offset; }
};

inline constexpr int kRegisterAddressBits = 12;
inline constexpr int kMaxRegisterPorts = 32;  ///< room for base addresses

/// Why a run was stopped (register ERROR, field CAUSE). The first cause is kept.
enum class ErrorCause : uint32_t {
  kNone = 0,
  kReadSlverr = 1,
  kReadDecerr = 2,
  kReadProtocol = 3,
  kWriteSlverr = 4,
  kWriteDecerr = 5,
  kBadHeader = 6,
  kBadOpcode = 7,
  kBadLength = 8,
  kBadCount = 9,
  kDeadlock = 10,
  kWeightCode = 11,
};

struct ErrorCauseText {
  ErrorCause cause;
  const char* name;  ///< UpperCamel
  const char* text;  ///< one clause, for messages
};

inline constexpr std::array kErrorCauses = {
    ErrorCauseText{ErrorCause::kNone, "None", "no error"},
    ErrorCauseText{ErrorCause::kReadSlverr, "ReadSlverr", "a memory read was answered with SLVERR"},
    ErrorCauseText{ErrorCause::kReadDecerr, "ReadDecerr",
                   "a memory read was answered with DECERR (no memory at that address)"},
    ErrorCauseText{ErrorCause::kReadProtocol, "ReadProtocol",
                   "a memory port misplaced RLAST or sent a beat that was not asked for"},
    ErrorCauseText{ErrorCause::kWriteSlverr, "WriteSlverr",
                   "a memory write was answered with SLVERR"},
    ErrorCauseText{ErrorCause::kWriteDecerr, "WriteDecerr",
                   "a memory write was answered with DECERR (no memory at that address)"},
    ErrorCauseText{ErrorCause::kBadHeader, "BadHeader",
                   "the program header has a wrong magic, version or instruction count"},
    ErrorCauseText{ErrorCause::kBadOpcode, "BadOpcode", "unknown opcode"},
    ErrorCauseText{ErrorCause::kBadLength, "BadLength",
                   "a length of the instruction is 0 or contradicts its stream"},
    ErrorCauseText{ErrorCause::kBadCount, "BadCount", "COUNT is 0 or above the design's batch"},
    ErrorCauseText{ErrorCause::kDeadlock, "Deadlock",
                   "every unit waits for a dependence token that none will put"},
    ErrorCauseText{ErrorCause::kWeightCode, "WeightCode",
                   "a weight byte is no valid code (is the weight region corrupt?)"},
};

/// The text of a cause, or "unknown error cause".
std::string_view ErrorText(ErrorCause cause);

/// ERROR_INDEX where no instruction is concerned.
inline constexpr uint32_t kNoInstruction = 0xffffffff;

/// 64-bit counters of the last run, in the order of their registers.
struct RunCounter {
  const char* name;  ///< UpperCamel
  const char* text;
};

inline constexpr std::array kRunCounters = {
    RunCounter{"Cycles", "clock cycles from ap_start to ap_done"},
    RunCounter{"Instructions", "instructions dispatched, END included"},
    RunCounter{"WStarved", "cycles in which the ternary unit waited for a weight beat"},
    RunCounter{"WBeats", "wide beats that the ternary unit consumed"},
    RunCounter{"ReadBeats", "wide beats read from main memory"},
    RunCounter{"WriteBeats", "wide beats written to main memory"},
    RunCounter{"TernaryBusy", "cycles in which the ternary unit had an instruction in work"},
    RunCounter{"Int8Busy", "cycles in which the int8 unit had an instruction in work"},
    RunCounter{"VectorBusy", "cycles in which the vector unit had an instruction in work"},
};

/// Registers of a design with `ports` memory ports, ascending by offset (arrays by their first).
std::vector<Register> RegisterMap(int ports);

/// "PortBaseLo" -> "PORT_BASE_LO".
std::string RegisterName(std::string_view camel);

/// The text of rtl/tf_regs_pkg.sv: offsets, error causes and counter indices as localparams.
std::string EmitRegisterPackage();
/// SystemRDL 2.0 address map of a design with `ports` memory ports.
std::string EmitSystemRdl(int ports);
/// Tables for people: registers, fields, error causes.
std::string EmitRegisterMarkdown(int ports);

}  // namespace ternfab
