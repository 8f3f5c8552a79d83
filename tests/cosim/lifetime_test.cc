// SPDX-License-Identifier: Apache-2.0
// Several Verilated designs alive in one process, of one library and of two: they run side by side
// and go in any order. Verilator keeps a context for each thread; a design's own must be the one
// that its scopes are taken from.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "tests/cosim/designs.h"
#include "tests/cosim/preset_runs.h"

namespace ternfab {
namespace {

constexpr int kToken = 3;

/// A Program of the test's model and what it computes on a design that is alone.
class Subject {
 public:
  explicit Subject(const HardwareSpec& spec)
      : spec_(spec), program_(Plan(TrainedModel("shortT"), spec)), alone_(Run(*Make())) {}

  std::unique_ptr<rtl::RtlSimulation> Make() const { return Simulate(spec_, program_, {}); }
  Expected<std::vector<float>> Run(rtl::RtlSimulation& simulation) const {
    simulation.Reset();
    return simulation.Append(std::vector<int>{kToken});
  }
  /// Not by LogitDifference: a row that a shortlist leaves out has a logit of -infinity.
  void ExpectRuns(rtl::RtlSimulation& simulation) const {
    const auto logits = Run(simulation);
    ASSERT_TRUE(logits.has_value()) << logits.error().message;
    ASSERT_TRUE(alone_.has_value()) << alone_.error().message;
    EXPECT_EQ(*logits, *alone_);
    const auto finite = [](float logit) { return std::isfinite(logit); };
    EXPECT_GT(std::count_if(logits->begin(), logits->end(), finite), 1);
  }

 private:
  HardwareSpec spec_;
  Program program_;
  Expected<std::vector<float>> alone_;
};

void ExpectAnyOrder(const Subject& a, const Subject& b) {
  for (const bool first_goes_first : {true, false}) {
    auto one = a.Make();
    auto two = b.Make();
    a.ExpectRuns(*one);
    b.ExpectRuns(*two);
    if (first_goes_first) {
      one.reset();
      b.ExpectRuns(*two);
    } else {
      two.reset();
      a.ExpectRuns(*one);
    }
  }
}

TEST(DesignLifetime, TwoOfOneLibrary) {
  const Subject nano(FindDesign("nano"));
  ExpectAnyOrder(nano, nano);
}

TEST(DesignLifetime, TwoLibraries) {
  const Subject nano(FindDesign("nano"));
  const Subject arty(FindDesign("arty-a7-35t"));
  ExpectAnyOrder(nano, arty);
}

/// Modules of one name with other contents, and a head of two steps.
TEST(DesignLifetime, TwoLibrariesOneWithAShortlist) {
  const Subject nano(FindDesign("nano"));
  const Subject shortlist(FindDesign(kShortlistDesign));
  ExpectAnyOrder(nano, shortlist);
}

TEST(DesignLifetime, AnotherThreadEndsIt) {
  const Subject nano(FindDesign("nano"));
  auto here = nano.Make();
  auto there = nano.Make();
  std::thread([&] { there.reset(); }).join();
  nano.ExpectRuns(*here);
}

}  // namespace
}  // namespace ternfab
