// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/evaluate.h"

#include <algorithm>
#include <cmath>

namespace ternfab {
namespace {

/// log of the softmax of `logits`, in fp64.
std::vector<double> LogSoftmax(std::span<const float> logits) {
  const double most = *std::max_element(logits.begin(), logits.end());
  double total = 0;
  for (float v : logits) total += std::exp(v - most);
  std::vector<double> log_p(logits.size());
  for (size_t i = 0; i < logits.size(); ++i) log_p[i] = logits[i] - most - std::log(total);
  return log_p;
}

void Score(TextScore& score, double log_p, int bytes) {
  ++score.tokens;
  score.bytes += bytes;
  score.nats -= log_p;
}

}  // namespace

double TextScore::Perplexity() const { return std::exp(nats / double(tokens)); }
double TextScore::BitsPerChar() const { return nats / std::log(2.0) / double(bytes); }

int ArgMax(std::span<const float> logits) {
  return int(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

Expected<EvaluationResult> Evaluate(LanguageModel& reference, LanguageModel& device,
                                    std::span<const int> ids, std::span<const int> token_bytes,
                                    int window, const Progress& progress,
                                    LanguageModel* shortlist) {
  if (ids.size() < 2) return Fail("text of {} tokens: must have at least 2", ids.size());
  EvaluationResult result;
  double agree = 0, missed = 0;
  for (size_t first = 0; first < ids.size(); first += window) {
    const size_t last = std::min(ids.size(), first + window) - 1;
    reference.Reset();
    device.Reset();
    if (shortlist != nullptr) shortlist->Reset();
    for (size_t i = first; i < last; ++i) {
      TF_ASSIGN_OR_RETURN(const std::vector<float> r, reference.Append(ids.subspan(i, 1)));
      TF_ASSIGN_OR_RETURN(const std::vector<float> d, device.Append(ids.subspan(i, 1)));
      const std::vector<double> p = LogSoftmax(r), q = LogSoftmax(d);
      const int next = ids[i + 1];
      Score(result.reference, p[next], token_bytes[next]);
      Score(result.device, q[next], token_bytes[next]);
      for (size_t v = 0; v < p.size(); ++v) result.kl += std::exp(p[v]) * (p[v] - q[v]);
      agree += ArgMax(r) == ArgMax(d);
      if (shortlist != nullptr) {
        TF_ASSIGN_OR_RETURN(const std::vector<float> s, shortlist->Append(ids.subspan(i, 1)));
        missed += std::isinf(s[ArgMax(d)]);
      }
      progress(int64_t(i) + 1, int64_t(ids.size()));
    }
  }
  result.kl /= double(result.reference.tokens);
  result.top1_agreement = agree / double(result.reference.tokens);
  if (shortlist != nullptr) result.shortlist_miss = missed / double(result.reference.tokens);
  return result;
}

}  // namespace ternfab
