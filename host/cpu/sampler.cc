// SPDX-License-Identifier: Apache-2.0
#include "host/cpu/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/check.h"
#include "host/cpu/evaluate.h"

namespace ternfab {
namespace {

struct Candidate {
  int id;
  double logit;
};

/// The order of choice: greater logits first, of equals the smaller id.
bool Before(const Candidate& a, const Candidate& b) {
  return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

/// For a heap whose top comes first in the order of choice.
bool After(const Candidate& a, const Candidate& b) { return Before(b, a); }

std::vector<Candidate> Candidates(std::span<const float> logits) {
  std::vector<Candidate> all(logits.size());
  for (size_t i = 0; i < logits.size(); ++i) {
    const double logit =
        std::isnan(logits[i]) ? -std::numeric_limits<double>::infinity() : double(logits[i]);
    all[i] = {int(i), logit};
  }
  return all;
}

/// exp((logit - greatest) / temperature) of each, also where the greatest is infinite.
std::vector<double> Weights(const std::vector<Candidate>& candidates, double temperature) {
  double greatest = -std::numeric_limits<double>::infinity();
  for (const Candidate& c : candidates) greatest = std::max(greatest, c.logit);
  std::vector<double> weights(candidates.size());
  for (size_t i = 0; i < candidates.size(); ++i) {
    const double logit = candidates[i].logit;
    weights[i] = logit == greatest ? 1 : std::exp((logit - greatest) / temperature);
  }
  return weights;
}

/// The first candidates in the order of choice whose weights reach `share` of all.
std::vector<Candidate> KeepShare(std::vector<Candidate> candidates, double temperature,
                                 double share) {
  const std::vector<double> weights = Weights(candidates, temperature);
  double all = 0;
  for (const double weight : weights) all += weight;
  const double greatest = std::min_element(candidates.begin(), candidates.end(), Before)->logit;
  std::make_heap(candidates.begin(), candidates.end(), After);
  std::vector<Candidate> kept;
  double sum = 0;
  for (auto end = candidates.end(); end != candidates.begin() && sum < share * all;) {
    std::pop_heap(candidates.begin(), end, After);
    const Candidate next = *--end;
    sum += next.logit == greatest ? 1 : std::exp((next.logit - greatest) / temperature);
    kept.push_back(next);
  }
  return kept;
}

}  // namespace

Expected<void> SamplingOptions::Validate() const {
  if (!std::isfinite(temperature) || temperature < 0) {
    return Fail("--temperature {}: must be 0 (greedy) or above", temperature);
  }
  if (top_k < 0) return Fail("--top-k {}: must be at least 1, or 0 for all tokens", top_k);
  if (!(top_p > 0 && top_p <= 1)) return Fail("--top-p {}: must be above 0 and at most 1", top_p);
  return {};
}

std::vector<TokenProbability> SamplingDistribution(std::span<const float> logits,
                                                   const SamplingOptions& options) {
  TF_CHECK(!logits.empty() && options.temperature > 0, "{} logits, temperature {}", logits.size(),
           options.temperature);
  std::vector<Candidate> kept = Candidates(logits);
  if (options.top_k > 0 && size_t(options.top_k) < kept.size()) {
    std::nth_element(kept.begin(), kept.begin() + options.top_k, kept.end(), Before);
    kept.resize(options.top_k);
  }
  if (options.top_p < 1) kept = KeepShare(std::move(kept), options.temperature, options.top_p);
  std::sort(kept.begin(), kept.end(),
            [](const Candidate& a, const Candidate& b) { return a.id < b.id; });
  const std::vector<double> weights = Weights(kept, options.temperature);
  double all = 0;
  for (const double weight : weights) all += weight;
  std::vector<TokenProbability> out;
  for (size_t i = 0; i < kept.size(); ++i) out.push_back({kept[i].id, weights[i] / all});
  return out;
}

int Sampler::Next(std::span<const float> logits) {
  if (options_.temperature == 0) return ArgMax(logits);
  const std::vector<TokenProbability> distribution = SamplingDistribution(logits, options_);
  const double draw = double(random_.Next() >> 11) * 0x1p-53;
  double sum = 0;
  for (const TokenProbability& token : distribution) {
    sum += token.probability;
    if (sum > draw) return token.id;
  }
  // Rounding left the sum just below 1: the last token that can be drawn.
  const auto last = std::find_if(distribution.rbegin(), distribution.rend(),
                                 [](const TokenProbability& t) { return t.probability > 0; });
  return last->id;
}

}  // namespace ternfab
