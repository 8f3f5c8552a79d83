// SPDX-License-Identifier: Apache-2.0
#include "sim/systemc/design_info.h"

#include <string_view>

#include "common/check.h"

namespace ternfab::systemc {
namespace {

const Register& Find(const DesignSignature& signature, std::string_view name) {
  for (const Register& r : signature.registers) {
    if (r.name == name) return r;
  }
  TF_CHECK(false, "no register {}", name);
}

driver::RegisterOffsets OffsetsOf(const DesignSignature& signature) {
  const auto at = [&](const char* name) { return uint32_t(Find(signature, name).offset); };
  driver::RegisterOffsets offsets{};
  offsets.ap_ctrl = at("ApCtrl");
  offsets.gie = at("Gie");
  offsets.ier = at("Ier");
  offsets.isr = at("Isr");
  offsets.program = at("Program");
  offsets.position = at("Position");
  offsets.count = at("Count");
  offsets.token = at("Token");
  offsets.port_base_lo = at("PortBaseLo");
  offsets.port_base_hi = at("PortBaseHi");
  offsets.port_base_stride = uint32_t(Find(signature, "PortBaseLo").stride);
  offsets.control = at("Control");
  offsets.isa_version = at("IsaVersion");
  offsets.design_hash_lo = at("DesignHashLo");
  offsets.design_hash_hi = at("DesignHashHi");
  offsets.error = at("Error");
  offsets.error_index = at("ErrorIndex");
  offsets.counters = at("CyclesLo");
  return offsets;
}

}  // namespace

SignatureInfo::SignatureInfo(const DesignSignature& signature) : name_(signature.name) {
  for (const RunCounter& counter : kRunCounters) counters_.push_back(counter.name);
  for (const ErrorCauseText& e : kErrorCauses) errors_.push_back({uint32_t(e.cause), e.text});
  info_.name = name_.c_str();
  info_.design_hash = signature.hash;
  info_.isa_version = signature.isa_version;
  info_.ports = uint32_t(signature.params.ports);
  info_.port_bytes = uint32_t(signature.params.port_bytes());
  info_.batch = uint32_t(signature.params.batch);
  info_.counter_count = uint32_t(counters_.size());
  info_.counter_names = counters_.data();
  info_.error_count = uint32_t(errors_.size());
  info_.errors = errors_.data();
  info_.offsets = OffsetsOf(signature);
}

}  // namespace ternfab::systemc
