// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/energy/energy.h"

namespace ternfab {

/// Tokens that the "energy" column of the 2B4T report (2504.12285, table 1) covers.
inline constexpr int kPaperTokens = 512;

/// Joules of the arithmetic of `kPaperTokens` tokens, at 7 nm, as that column counts it.
struct PaperArithmetic {
  double linear = 0;     ///< S * W * e: every weight of the linear layers meets every token
  double attention = 0;  ///< 2 * S^2 * d_q * L * 0.50 pJ: scores and values, without causal mask

  double total() const { return linear + attention; }
};

/// FP16 multiply and add at 7 nm (0.34 + 0.16 pJ), and the INT8 add that stands for a ternary
/// weight in 2402.17764: their ratio is its 71.4x.
double PaperFp16Joules();
double PaperTernaryJoules();

/// `weight_joules`: of one weight and token. W is the linear weights without embedding and head,
/// d_q = heads * head_dim, L layers. With S = 512 it gives 0.028 J for BitNet 2B4T (ternary), 0.258
/// for LLaMA 3.2 1B and 0.347 for Qwen2.5 1.5B (FP16), the digits published.
PaperArithmetic EstimatePaperArithmetic(const ModelConfig& model, double weight_joules);

/// Mode `paper`.
EnergyReport EstimatePaperEnergy(const ModelConfig& model);

}  // namespace ternfab
