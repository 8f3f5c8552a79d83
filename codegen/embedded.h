// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace ternfab {

/// A file of this repository that the build put into the library (cmake/embed.cmake).
struct EmbeddedText {
  std::string_view path;  ///< relative to the repository: "rtl/tf_fifo.sv"
  std::string_view text;
};

/// Every hand-written module and package of rtl/, sorted by path.
std::span<const EmbeddedText> EmbeddedRtl();

/// The driver: host/driver and the headers of common/ that it includes.
std::span<const EmbeddedText> EmbeddedDriver();

}  // namespace ternfab
