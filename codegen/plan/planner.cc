// SPDX-License-Identifier: Apache-2.0
#include "codegen/plan/planner.h"

#include <cmath>

#include "codegen/plan/decoder.h"
#include "codegen/plan/image.h"

namespace ternfab {
namespace {

Expected<void> CheckScales(const Model& model, const PlanShape& shape) {
  for (int layer = shape.first_layer; layer < shape.last_layer; ++layer) {
    const LayerWeights& w = model.layers[layer];
    const std::pair<const char*, const TernaryMatrix*> matrices[] = {
        {"q", &w.q},       {"k", &w.k},   {"v", &w.v},      {"o", &w.o},
        {"gate", &w.gate}, {"up", &w.up}, {"down", &w.down}};
    for (const auto& [name, matrix] : matrices) {
      if (std::isfinite(matrix->scale()) && matrix->scale() >= 0) continue;
      return Fail("model {}: layer {} {} scale = {}: must be finite and at least 0",
                  model.config.name, layer, name, matrix->scale());
    }
  }
  return {};
}

Expected<void> CheckCapacity(const PlanContext& plan) {
  const uint64_t bytes = plan.map.total_beats * plan.design.wide_bytes();
  if (bytes <= plan.design.memory_bytes) return {};
  return Fail(
      "model {}: main memory at context {} = {} MiB: must be at most {} "
      "(memory.capacity_mib of spec {})",
      plan.config().name, plan.shape.context, CeilDiv(int64_t(bytes), 1 << 20),
      plan.design.memory_bytes >> 20, plan.design.name);
}

void EmitLists(const PlanContext& plan, Program& program) {
  program.decode = EmitTokenBatch(plan, 1, plan.map.decode);
  if (plan.design.batch > 1) {
    program.prefill = EmitTokenBatch(plan, plan.design.batch, plan.map.prefill);
  }
}

}  // namespace

Expected<Program> BuildProgram(const Model& model, const DesignParams& design, uint64_t design_hash,
                               const PlanOptions& options) {
  TF_ASSIGN_OR_RETURN(const PlanShape shape, MakePlanShape(model.config, design, options));
  TF_RETURN_IF_ERROR(CheckScales(model, shape));
  PlanContext plan{model,
                   design,
                   shape,
                   MakeMemoryMap(model.config, design, shape, options.with_head, 0, 0),
                   options.with_head,
                   MakeVmMap(design),
                   MakeAmMap(design),
                   MakeQmMap(design)};
  TF_RETURN_IF_ERROR(CheckCapacity(plan));
  Program program;
  EmitLists(plan, program);  // for the number of instructions, which no address changes
  plan.map = MakeMemoryMap(model.config, design, shape, options.with_head,
                           program.decode.instructions.size(), program.prefill.instructions.size());
  TF_RETURN_IF_ERROR(CheckCapacity(plan));
  EmitLists(plan, program);
  program.design = design;
  program.design_hash = design_hash;
  program.model = model.config.name;
  program.vocab = model.config.vocab;
  program.context = shape.context;
  program.regions = plan.map.regions;
  program.total_beats = plan.map.total_beats;
  program.logits_beat = plan.map.result;
  program.has_head = options.with_head;
  program.image.resize(plan.map.image_beats * design.wide_bytes());
  ImageWriter writer(design, program.image);
  writer.Instructions(program.decode);
  if (!program.prefill.instructions.empty()) writer.Instructions(program.prefill);
  WriteModel(plan, writer);
  return program;
}

}  // namespace ternfab
