// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/gate_units.h"

#include <fmt/format.h>

#include <bit>
#include <utility>

#include "codegen/adder_tree.h"
#include "common/integer.h"

namespace ternfab {
namespace {

/// A registered product of each lane, then a registered level of sums after the other.
/// `node_bits(level)`: width of a node behind `level` levels; `sum`: an expression of {a} and {b}.
template <class NodeBits, class Sum>
std::string TreeModule(const std::string& top, int lanes, int operand_bits,
                       const std::string& functions, const std::string& product,
                       const NodeBits& node_bits, const Sum& sum) {
  const int levels = BitsFor(lanes);
  std::string text = fmt::format(
      "module {} (\n  input logic clk_i,\n  input logic [{}:0] act_i,\n"
      "  input logic [{}:0] weight_i,\n  output logic [{}:0] sum_o\n);\n{}",
      top, lanes * operand_bits - 1, lanes * operand_bits - 1, node_bits(levels) - 1, functions);
  for (int level = 0, nodes = lanes; level <= levels; ++level, nodes = (nodes + 1) / 2) {
    text += fmt::format("  logic [{}:0] l{}_q;\n", nodes * node_bits(level) - 1, level);
  }
  text += "  always_ff @(posedge clk_i) begin\n";
  for (int i = 0; i < lanes; ++i) {
    const auto slice = [&](const char* name) {
      return fmt::format("{}[{} +: {}]", name, i * operand_bits, operand_bits);
    };
    text += fmt::format("    l0_q[{} +: {}] <= {};\n", i * node_bits(0), node_bits(0),
                        fmt::format(fmt::runtime(product), fmt::arg("a", slice("act_i")),
                                    fmt::arg("b", slice("weight_i"))));
  }
  for (int level = 1, nodes = lanes; level <= levels; ++level, nodes = (nodes + 1) / 2) {
    for (int i = 0; i < nodes / 2; ++i) {
      const int bits = node_bits(level - 1);
      const auto node = [&](int n) {
        return fmt::format("l{}_q[{} +: {}]", level - 1, n * bits, bits);
      };
      text += fmt::format("    l{}_q[{} +: {}] <= {};\n", level, i * node_bits(level),
                          node_bits(level), sum(level, node(2 * i), node(2 * i + 1)));
    }
  }
  return text + fmt::format("  end\n  assign sum_o = l{}_q;\nendmodule\n", levels);
}

constexpr const char* kFp16Functions = R"(
  function automatic logic [15:0] multiply(input logic [15:0] a, input logic [15:0] b);
    logic [21:0] p;
    logic [9:0]  fraction;
    logic signed [7:0] exponent;
    p        = {11'b0, 1'b1, a[9:0]} * {11'b0, 1'b1, b[9:0]};
    exponent = 8'(a[14:10]) + 8'(b[14:10]) - 8'd15 + 8'(p[21]);
    fraction = p[21] ? p[20:11] : p[19:10];
    if (a[14:10] == 0 || b[14:10] == 0 || exponent < 8'sd1) multiply = {a[15] ^ b[15], 15'b0};
    else if (exponent > 8'sd30) multiply = {a[15] ^ b[15], 5'd30, 10'h3ff};
    else multiply = {a[15] ^ b[15], exponent[4:0], fraction};
  endfunction
  function automatic logic [15:0] add(input logic [15:0] a, input logic [15:0] b);
    logic [15:0] x, y;
    logic [13:0] mx, my;
    logic [14:0] s;
    logic signed [6:0] exponent;
    if (a[14:0] >= b[14:0]) begin
      x = a;
      y = b;
    end else begin
      x = b;
      y = a;
    end
    mx = (x[14:10] == 0) ? 14'd0 : {1'b1, x[9:0], 3'b0};
    my = (y[14:10] == 0) ? 14'd0 : {1'b1, y[9:0], 3'b0};
    my = my >> (x[14:10] - y[14:10]);
    s  = (x[15] == y[15]) ? 15'(mx) + 15'(my) : 15'(mx) - 15'(my);
    exponent = 7'(x[14:10]);
    if (s[14]) begin
      s        = s >> 1;
      exponent = exponent + 7'sd1;
    end
    for (int i = 0; i < 13; i++) begin
      if (!s[13]) begin
        s        = s << 1;
        exponent = exponent - 7'sd1;
      end
    end
    if (!s[13] || exponent < 7'sd1) add = 16'd0;
    else if (exponent > 7'sd30) add = {x[15], 5'd30, 10'h3ff};
    else add = {x[15], exponent[4:0], s[12:3]};
  endfunction
)";

/// Bytes or halves of lane 0, 1, ... as one hexadecimal number: the last lane leads.
template <class Digits>
std::string Lanes(size_t lanes, const Digits& digits) {
  std::string text;
  for (size_t i = lanes; i-- > 0;) text += digits(i);
  return text;
}

std::vector<GateUnit::Input> TwoOperands(int bits) {
  return {{"act_i", bits, bits}, {"weight_i", bits, bits}};
}

std::string Hex(int8_t value) { return fmt::format("{:02x}", uint8_t(value)); }

}  // namespace

GateUnit TernaryGateUnit(int lanes) {
  return {AdderTreeModule(lanes),
          EmitAdderTree(lanes, 1, ""),
          {{"en_i", 1, 4},
           {"pass_i", 8 * lanes, 8 * lanes},
           {"neg_i", 8 * lanes, 8 * lanes},
           {"act_i", 8 * lanes, 8 * lanes}},
          AdderTreeSumBits(lanes),
          AdderTreeLatency(lanes, 1),
          lanes};
}

GateUnit Int8GateUnit(int lanes) {
  const auto bits = [](int level) { return 16 + level; };
  const std::string rtl =
      TreeModule("tf_gate_int8", lanes, 8, "", "16'($signed({a})) * 16'($signed({b}))", bits,
                 [&](int level, const std::string& a, const std::string& b) {
                   return fmt::format("{0}'($signed({1})) + {0}'($signed({2}))", bits(level), a, b);
                 });
  const int levels = BitsFor(lanes);
  return {"tf_gate_int8", rtl, TwoOperands(8 * lanes), bits(levels), levels + 1, lanes};
}

GateUnit Fp16GateUnit(int lanes) {
  const std::string rtl = TreeModule(
      "tf_gate_fp16", lanes, 16, kFp16Functions, "multiply({a}, {b})", [](int) { return 16; },
      [](int, const std::string& a, const std::string& b) {
        return fmt::format("add({}, {})", a, b);
      });
  return {"tf_gate_fp16", rtl, TwoOperands(16 * lanes), 16, BitsFor(lanes) + 1, lanes};
}

uint16_t Fp16Multiply(uint16_t a, uint16_t b) {
  const uint16_t sign = (a ^ b) & 0x8000;
  const int ea = a >> 10 & 31, eb = b >> 10 & 31;
  const uint32_t p = (0x400u | (a & 0x3ff)) * (0x400u | (b & 0x3ff));
  const int carry = int(p >> 21);
  const int exponent = ea + eb - 15 + carry;
  if (ea == 0 || eb == 0 || exponent < 1) return sign;
  if (exponent > 30) return sign | 0x7bff;
  return uint16_t(sign | exponent << 10 | (p >> (10 + carry) & 0x3ff));
}

uint16_t Fp16Add(uint16_t a, uint16_t b) {
  uint16_t x = a, y = b;
  if ((a & 0x7fff) < (b & 0x7fff)) std::swap(x, y);
  const auto mantissa = [](uint16_t v) {
    return (v >> 10 & 31) == 0 ? 0u : (0x400u | (v & 0x3ff)) << 3;
  };
  int exponent = x >> 10 & 31;
  const uint32_t mx = mantissa(x), my = mantissa(y) >> (exponent - (y >> 10 & 31));
  uint32_t s = (x ^ y) & 0x8000 ? mx - my : mx + my;
  if (s == 0) return 0;
  if (s >> 14) s >>= 1, ++exponent;
  for (; (s >> 13) == 0; s <<= 1) --exponent;
  if (exponent < 1) return 0;
  const uint16_t sign = x & 0x8000;
  return uint16_t(sign | (exponent > 30 ? 0x7bff : uint32_t(exponent) << 10 | (s >> 3 & 0x3ff)));
}

uint16_t Fp16OfInt8(int8_t value) {
  if (value == 0) return 0;
  const unsigned magnitude = unsigned(value < 0 ? -value : value);
  const int top = std::bit_width(magnitude) - 1;
  return uint16_t((value < 0 ? 0x8000u : 0u) | unsigned(top - 7 + 15) << 10 |
                  (magnitude << (10 - top) & 0x3ff));
}

std::string TernaryWord(const GateOperands& o) {
  const size_t n = o.weights.size();
  return "1" + Lanes(n, [&](size_t i) { return o.weights[i] != 0 ? "ff" : "00"; }) +
         Lanes(n, [&](size_t i) { return o.weights[i] < 0 ? "ff" : "00"; }) +
         Lanes(n, [&](size_t i) { return Hex(o.activations[i]); });
}

std::string Int8Word(const GateOperands& o) {
  const size_t n = o.weights.size();
  return Lanes(n, [&](size_t i) { return Hex(o.activations[i]); }) +
         Lanes(n, [&](size_t i) { return Hex(o.weights[i]); });
}

std::string Fp16Word(const GateOperands& o) {
  const auto half = [](int8_t v) { return fmt::format("{:04x}", Fp16OfInt8(v)); };
  const size_t n = o.weights.size();
  return Lanes(n, [&](size_t i) { return half(o.activations[i]); }) +
         Lanes(n, [&](size_t i) { return half(o.weights[i]); });
}

uint64_t IntegerSum(const GateOperands& o, int sum_bits) {
  int64_t sum = 0;
  for (size_t i = 0; i < o.weights.size(); ++i) sum += o.activations[i] * o.weights[i];
  return uint64_t(sum) & ((uint64_t{1} << sum_bits) - 1);
}

uint64_t Fp16Sum(const GateOperands& o) {
  std::vector<uint16_t> nodes;
  for (size_t i = 0; i < o.weights.size(); ++i) {
    nodes.push_back(Fp16Multiply(Fp16OfInt8(o.activations[i]), Fp16OfInt8(o.weights[i])));
  }
  while (nodes.size() > 1) {
    for (size_t i = 0; i < nodes.size() / 2; ++i) {
      nodes[i] = Fp16Add(nodes[2 * i], nodes[2 * i + 1]);
    }
    nodes.resize(nodes.size() / 2);
  }
  return nodes[0];
}

}  // namespace ternfab
