// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "codegen/plan/planner.h"
#include "codegen/spec.h"

namespace ternfab {

/// The Program of `model` on the design of the valid `spec`, with that design's hash. Errors: those
/// of the planner.
inline Expected<Program> BuildProgram(const Model& model, const HardwareSpec& spec,
                                      const PlanOptions& options = {}) {
  return BuildProgram(model, Derive(spec), DesignHash(spec), options);
}

}  // namespace ternfab
