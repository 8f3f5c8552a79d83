// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/error.h"
#include "models/mapped_file.h"
#include "models/model.h"

namespace ternfab::fuzz {

/// Separates the files of an input that stands for several.
inline constexpr std::string_view kNextFile = "\n--- next file ---\n";

/// The parts of `input` between separators; there is at least one.
std::vector<std::string_view> SplitFiles(std::string_view input);

/// A file of exactly these bytes, in memory of its own: reading beyond its end is found.
MappedFile InMemory(std::string_view bytes);

/// Aborts unless an error is one line of text.
void CheckError(const Error& error);

/// Reads the rows of the tables and what `model inspect` shows; aborts when a shape disagrees with
/// the configuration.
void UseModel(const Model& model);

/// Encodes and decodes texts. Aborts when an id is out of range, or when a byte-level BPE does not
/// decode to the text.
void UseTokenizer(const Tokenizer& tokenizer);

}  // namespace ternfab::fuzz
