// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "codegen/plan/attention_heads.h"
#include "codegen/plan/block_output.h"
#include "codegen/plan/norm.h"
#include "codegen/plan/scalars.h"

namespace ternfab {
namespace {

/// Products that the ternary unit may run ahead of the vector unit's program order.
constexpr int kProductsAhead = 4;

/// The attention block of one layer, from x to x. EmitWeighted is done for its norm.
///
/// Jobs follow one another in two steps: the scores of a job are on their way while the vector unit
/// does the softmax of the one before. In decode the last group's key and value come before its
/// query heads, and all other jobs end before them: then only those heads are left after the last
/// product.
class Attention {
 public:
  Attention(const PlanContext& plan, const SlotLoop& loop, int layer)
      : plan_(plan),
        loop_(loop),
        emit_(loop.emit),
        layer_(layer),
        map_(plan.map.layers[layer]),
        weights_(plan.weights(layer)) {
    for (int g = 0; g < groups(); ++g) AddProducts(g);
    AddJobs();
  }

  void Emit() {
    loop_.Each([&](int b) {
      Note(b, "attention norm");
      const NormOp norm = AttentionNorm(plan_, layer_, b);
      EmitQuantise(emit_, norm.product, norm.length, ToAm(plan_.am.attention));
    });
    Products(0);
    loop_.Each([&](int b) {
      Note(b, "attention norm");
      EmitScale(emit_, AttentionNorm(plan_, layer_, b));
    });
    Jobs();
    loop_.Each([&](int b) {
      Note(b, "attention sub norm");
      EmitQuantise(emit_, plan_.ConcatWord(b), plan_.shape.concat, ToAm(plan_.am.output));
    });
    Output();
  }

 private:
  struct Product {
    int g = 0;
    int from = 0;  // heads
    int to = 0;
  };

  int groups() const { return plan_.config().kv_heads; }
  int all_heads() const { return kFirstQueryHead + plan_.shape.group; }
  /// Whether jobs are few and wait for products, not for the vector unit.
  bool SplitsLast() const { return loop_.decode; }

  void AddProducts(int g) {
    if (g + 1 < groups()) {
      products_.push_back({g, 0, all_heads()});
    } else {
      products_.push_back({g, 0, kFirstQueryHead});
      products_.push_back({g, kFirstQueryHead, all_heads()});
    }
  }

  void AddJobs() {
    for (int g = 0; g < groups(); ++g) {
      for (int b = 0; b < loop_.slots; ++b) {
        for (int first = 0; first < plan_.shape.group; first += plan_.design.queries) {
          const int heads = std::min(plan_.design.queries, plan_.shape.group - first);
          jobs_.push_back({b, g, first, heads, int(jobs_.size() % 2), (g * loop_.slots + b) % 2});
        }
      }
    }
  }

  int Layer() const { return plan_.shape.first_layer + layer_; }
  void Note(int b, const char* what) {
    emit_.SetContext(fmt::format("layer {} slot {}: {}", Layer(), b, what), {Part::kNorm, Layer()});
  }

  SubNorm NormOfHeads(int b) const {
    const int count = plan_.config().heads * plan_.config().head_dim;
    SubNorm op;
    op.product = plan_.ConcatWord(b);
    op.length = plan_.shape.concat;
    op.count = count;
    if (plan_.config().sub_norms) op.weights = map_.attn_sub_norm;
    op.row = plan_.shape.head_width;
    op.row_beats = plan_.map.head_row_beats;
    op.epsilon = float(plan_.config().norm_eps);
    return op;
  }

  /// Products up to those of group g and kProductsAhead more, all slots.
  void Products(int g) {
    emit_.SetContext(fmt::format("layer {}", Layer()), {Part::kQkv, Layer()});
    const int width = plan_.shape.head_width;
    for (int ahead = kProductsAhead; next_ < products_.size(); ++next_) {
      const Product& product = products_[next_];
      if (product.g > g && --ahead < 0) break;
      MatvecOp op;
      op.beats = plan_.shape.hidden_beats;
      op.beat =
          map_.qkv[product.g] + uint64_t(product.from * width / plan_.design.ports) * op.beats;
      op.groups = (product.to - product.from) * width / plan_.design.ports;
      op.am = plan_.am.attention;
      op.to = plan_.HeadWord(0, product.g, product.from);
      op.pitch = plan_.vm.work_pitch;
      op.slots = loop_.slots;
      const char* what = product.from > 0 ? "q" : (product.to == all_heads() ? "v/k/q" : "v/k");
      emit_.Matvec(op, fmt::format("{} of kv head {}", what, product.g));
    }
  }

  void JobNote(const HeadJob& job, Part part) {
    std::string text = fmt::format("layer {} kv head {} slot {}", Layer(), job.g, job.slot);
    if (part == Part::kAttention) text += fmt::format(" heads {}+{}", job.first, job.heads);
    emit_.SetContext(std::move(text), {part, Layer()});
    loop_.Select(job.slot);
  }

  /// Whether `job` begins after all before it have ended.
  bool Alone(const HeadJob& job) const {
    return SplitsLast() && job.g + 1 == groups() && job.first == 0;
  }

  void Jobs() {
    for (size_t i = 0; i <= jobs_.size(); ++i) {
      const bool next = i < jobs_.size();
      const bool alone = next && Alone(jobs_[i]);
      if (i > 0 && alone) {
        Softmax(jobs_[i - 1]);
        if (i > 1) Result(jobs_[i - 2]);
        Result(jobs_[i - 1]);
      }
      if (next) Scores(jobs_[i]);
      if (i > 0 && !alone) {
        Softmax(jobs_[i - 1]);
        if (i > 1 && !Alone(jobs_[i - 1])) Result(jobs_[i - 2]);
      }
    }
    Result(jobs_.back());
    loop_.Done();
  }

  void Scores(const HeadJob& job) {
    RopeHeads heads{job.g, kValueHead, all_heads(), job.group_parity};
    if (job.first == 0) {
      loop_.Done();
      Products(job.g);
      JobNote(job, Part::kRope);
      if (Alone(job)) {
        EmitRope(plan_, emit_, layer_, {job.g, kValueHead, kFirstQueryHead, job.group_parity});
        EmitLoadScales(plan_, emit_, layer_, job);
        heads.from = kFirstQueryHead;
      }
      EmitRope(plan_, emit_, layer_, heads);
    }
    JobNote(job, Part::kAttention);
    EmitScores(plan_, emit_, layer_, job);
    if (job.first > 0) return;
    JobNote(job, Part::kRope);
    EmitScoreScales(plan_, emit_, layer_, heads);
  }

  void Softmax(const HeadJob& job) {
    JobNote(job, Part::kAttention);
    if (job.first == 0 && !Alone(job)) EmitLoadScales(plan_, emit_, layer_, job);
    EmitSoftmax(plan_, emit_, layer_, job);
  }

  void Result(const HeadJob& job) {
    JobNote(job, Part::kAttention);
    EmitResult(plan_, emit_, job, NormOfHeads(job.slot));
  }

  void Output() {
    BlockOutput out;
    out.context = fmt::format("layer {}", Layer());
    out.place = {Part::kOutput, Layer()};
    out.name = "o";
    out.sum = "x + attention";
    out.product.beat = map_.o;
    out.product.beats = plan_.shape.concat_beats;
    out.product.am = plan_.am.output;
    out.product.to = plan_.OutputWord(0);
    out.product.pitch = plan_.vm.work_pitch;
    out.product.slots = loop_.slots;
    out.parts = plan_.shape.o_parts;
    out.scale = [&](int b) {
      Note(b, "attention sub norm");
      EmitScale(emit_, NormOfHeads(b));
      EmitScalarTimes(emit_, reg::kScale + b, weights_.o.scale(), reg::kScale + b, "o scale");
    };
    out.next = [&](int b) { return FfnNorm(plan_, layer_, b); };
    EmitBlockOutput(plan_, loop_, out);
  }

  const PlanContext& plan_;
  const SlotLoop& loop_;
  Emitter& emit_;
  int layer_;
  const LayerMap& map_;
  const LayerWeights& weights_;
  std::vector<Product> products_;
  size_t next_ = 0;  // product to emit
  std::vector<HeadJob> jobs_;
};

}  // namespace

void EmitAttention(const PlanContext& plan, const SlotLoop& loop, int layer) {
  Attention(plan, loop, layer).Emit();
}

}  // namespace ternfab
