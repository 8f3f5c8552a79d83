// SPDX-License-Identifier: Apache-2.0
#include "host/cli/utf8_stream.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "models/byte_level.h"

namespace ternfab::cli {
namespace {

TEST(Utf8Stream, HoldsTheBeginningOfACharacter) {
  Utf8Stream stream;
  EXPECT_EQ(stream.Add("a\xf0"), "a");
  EXPECT_EQ(stream.Add("\x9f\x98"), "");
  EXPECT_TRUE(stream.incomplete());
  EXPECT_EQ(stream.Add("\x80z"), "😀z");
  EXPECT_FALSE(stream.incomplete());
}

TEST(Utf8Stream, ReplacesWhatIsNoCharacter) {
  EXPECT_EQ(ValidUtf8("a\x80z"), "a\uFFFDz");
  EXPECT_EQ(ValidUtf8("\xff\xfe"), "\uFFFD\uFFFD");
  EXPECT_EQ(ValidUtf8("\xc0\x80"), "\uFFFD\uFFFD");  // overlong
  EXPECT_EQ(ValidUtf8("\xe0\x80\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(ValidUtf8("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // surrogate
  EXPECT_EQ(ValidUtf8("\xf4\x90\x80\x80").substr(0, 3), "\uFFFD");
  EXPECT_EQ(ValidUtf8("\xf0\x9f\x98x"), "\uFFFDx");
  EXPECT_EQ(ValidUtf8("é漢😀"), "é漢😀");
  EXPECT_EQ(ValidUtf8("ab\xe6\xbc"), "ab");  // incomplete at the end
}

TEST(Utf8Stream, PartsGiveWhatTheWholeGives) {
  std::mt19937 random(2);
  const std::string parts[] = {"a", "é", "漢", "😀", "\x80", "\xe6\xbc", "\xf0\x9f", "\xc3", "\xff"};
  for (int trial = 0; trial < 2000; ++trial) {
    std::string bytes, streamed;
    for (int i = 0; i < 12; ++i) bytes += parts[random() % std::size(parts)];
    Utf8Stream stream;
    for (size_t at = 0; at < bytes.size();) {
      const size_t size = 1 + random() % 3;
      const std::string part = stream.Add(bytes.substr(at, size));
      EXPECT_EQ(FindInvalidUtf8(part), std::nullopt);
      streamed += part;
      at += size;
    }
    EXPECT_EQ(streamed, ValidUtf8(bytes));
  }
}

}  // namespace
}  // namespace ternfab::cli
