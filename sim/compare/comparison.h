// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/compare/archive.h"
#include "sim/compare/figure.h"

// What `ternfab compare` found. Text, JSON and the page are made of this alone.

namespace ternfab::compare {

/// Joules of a decoded token.
struct Energy {
  Figure total;         ///< J
  Named<Figure> parts;  ///< J; they add up to `total`; empty where only the total is known
  std::string mode;     ///< "fpga", "rapl", ...
  std::string note;     ///< for people: what it covers
};

/// The first place where two token sequences differ.
struct IdDifference {
  int index = 0;     ///< of the generated tokens
  int expected = 0;  ///< id of the other side; -1: it ended here
  int got = 0;       ///< id of this side; -1: it ended here
  std::string expected_text;
  std::string got_text;
};

/// One token sequence beside another.
struct IdCheck {
  std::string against;
  int compared = 0;
  bool equal = false;
  std::optional<IdDifference> first_difference;
};

/// Instructions of one layer whose results were compared bit by bit with the CPU's.
struct LayerCheck {
  int layer = -1;  ///< -1: instructions of no layer
  int64_t instructions = 0;
  int64_t mismatches = 0;
};

struct Checks {
  std::optional<IdCheck> device;     ///< device arithmetic on the CPU: must be equal
  std::optional<IdCheck> reference;  ///< reference arithmetic on the CPU: may differ
  int64_t instructions = 0;          ///< compared bit by bit with the CPU's
  int64_t mismatches = 0;
  std::string first_mismatch;  ///< "": none
  std::string method;          ///< for people: what was compared with what
  std::vector<LayerCheck> layers;
};

/// The speed of one way to run the model. Latencies are of decode steps, in the mean.
struct Speed {
  Figure latency_per_token;    ///< s
  Figure time_to_first_token;  ///< s, from the prompt to the first token
  Figure decode_rate;          ///< tokens/s
  Figure prefill_rate;         ///< tokens/s
};

/// What a machine can do and how much of it a token used.
struct Roofline {
  Figure bandwidth;        ///< B/s, of the weights' memory
  Figure compute;          ///< MAC/s
  Figure bytes_per_token;  ///< B, read and written by a decode step
  Figure macs_per_token;   ///< MAC
  Figure bound_rate;       ///< tokens/s where nothing but `bandwidth` limits
  Figure bandwidth_share;  ///< 1, of `bandwidth` while decoding
  Figure compute_share;    ///< 1, of `compute` while decoding
};

/// Device arithmetic on the CPU.
struct DeviceArithmetic {
  std::vector<int> ids;
};

struct CpuSide {
  std::string name;            ///< of the processor
  std::string arithmetic;      ///< "reference"
  std::string implementation;  ///< for people: what ran
  Figure threads;
  std::vector<int> ids;  ///< none after a seeded context: the reference has no such cache
  std::string text;
  DeviceArithmetic device;
  Speed speed;
  Energy energy;
  Figure tokens_per_joule;
  Roofline roofline;
  Figure device_decode_rate;  ///< tokens/s of device arithmetic on the same threads
};

/// Cycles of a decode step in the mean, by cause; `all` comes first.
using CauseFigures = Named<Figure>;

/// What an estimate says of a design.
struct Area {
  Named<Figure> resources;  ///< lut, ff, carry, dsp, bram36, uram
  Named<Figure> available;  ///< of the device, same names
  std::optional<bool> fits;
  std::string binding;   ///< the resource of which most is used
  Figure binding_share;  ///< 1, of the device's
  std::string tool;      ///< that synthesised, with its version
  std::string note;      ///< "": nothing to say
};

struct Clock {
  Figure given;      ///< MHz, of the spec
  Figure estimated;  ///< MHz
};

/// One layer of the last decode step on the units, events in the order of their beginning.
struct LayerTimeline {
  Figure layer;
  std::vector<std::string> unit;
  std::vector<std::string> part;  ///< of the model
  std::vector<std::string> name;
  FigureList begin;  ///< cycles from the first event's beginning
  FigureList end;
};

/// Latency of one decode step at several contexts.
struct ContextSweep {
  FigureList context;  ///< tokens
  FigureList cycles;
  FigureList latency;  ///< s
};

struct HardwareSide {
  std::string name;
  std::string spec;  ///< as given to --hw
  std::string device;
  std::string part;  ///< the chip
  std::string design;
  std::string design_hash;
  std::string head;
  std::string fidelity;
  std::vector<int> ids;
  std::string text;
  Checks check;
  Speed speed;
  Figure latency_at_estimated_clock;  ///< s
  Figure rate_at_estimated_clock;     ///< tokens/s
  Figure cycles_per_token;
  FigureList cycles;  ///< of each generated token; the whole prefill in the first
  Energy energy;
  Figure tokens_per_joule;
  Figure rate_over_cpu;    ///< 1, decode rate / that of the CPU
  Figure energy_over_cpu;  ///< 1, joules of a token / those of the CPU
  Area area;
  Clock clock;
  Roofline roofline;
  Figure weight_utilisation;   ///< 1
  Figure utilisation;          ///< 1
  Named<Figure> traffic;       ///< B of a decode step, by class
  Named<CauseFigures> limits;  ///< by part of the model
  CauseFigures causes;         ///< all parts together
  ContextSweep contexts;
  LayerTimeline layer;
  Figure cycles_per_second;  ///< of the simulator
};

/// A row of others.
struct BaselineRow {
  std::string name;
  std::string system;  ///< what ran it
  std::string model;
  std::string kind;  ///< "cpu", "fpga", "gpu", "asic" or "other"
  std::string source;
  std::string note;
  Named<Figure> figures;  ///< decode_rate, power, ... (docs/compare.md)
};

struct ModelFacts {
  std::string name;
  bool synthetic = false;
  Named<Figure> figures;  ///< layers, hidden, ternary weights, zero fraction, ...
};

struct Comparison {
  std::string command = "compare";
  std::string model;            ///< as given
  std::vector<std::string> hw;  ///< as given
  std::string version;
  double wall_seconds = 0;
  std::string command_line;
  std::string prompt;  ///< "": ids or a seeded context
  std::vector<int> prompt_ids;
  Figure prompt_tokens;
  Figure context;  ///< seeded positions; no value: a prompt
  Figure tokens;   ///< asked for
  ModelFacts facts;
  CpuSide cpu;
  std::vector<HardwareSide> hardware;
  std::vector<BaselineRow> baselines;
  std::vector<std::string> commands;  ///< that reproduce parts of it
  Named<std::string> versions;        ///< of what took part
  std::string report;                 ///< path of the page; "": none
};

/// Sequence `got` beside `expected`; texts of ids by `text_of`.
template <class TextOf>
IdCheck CompareIds(std::string against, const std::vector<int>& expected,
                   const std::vector<int>& got, const TextOf& text_of) {
  const size_t most = std::max(expected.size(), got.size());
  IdCheck check{std::move(against), int(most), true, {}};
  for (size_t i = 0; i < most && check.equal; ++i) {
    const int a = i < expected.size() ? expected[i] : -1;
    const int b = i < got.size() ? got[i] : -1;
    if (a == b) continue;
    check.equal = false;
    check.first_difference =
        IdDifference{int(i), a, b, a < 0 ? "" : text_of(a), b < 0 ? "" : text_of(b)};
  }
  return check;
}

/// What each design has over the CPU, when both are there. Energies only where both are of whole
/// machines: of the modes of designs that is `fpga`.
void AddRatios(Comparison& comparison);

/// Whether every check that must hold does.
bool Passed(const Comparison& comparison);

Json ToJson(const Comparison& comparison);
/// What ToJson wrote.
HardwareSide ReadHardware(const Json& json);
Json WriteHardware(const HardwareSide& side);

}  // namespace ternfab::compare
