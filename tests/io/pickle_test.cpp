#include "linnet/io/pickle.h"

#include <gtest/gtest.h>

#include "linnet/core/error.h"
#include "linnet/core/random.h"
#include "support/expect_error.h"
#include "support/pth_writer.h"

namespace linnet {
namespace {

using test::expect_error;
using test::PickleWriter;

TEST(ReadPickle, BuildsPlainValues) {
  PickleWriter writer;
  writer.op('}')
      .op('(')
      .text("none")
      .op('N')
      .text("yes")
      .op('\x88')
      .text("small")
      .raw("K\x07")
      .text("long")
      .integer(-5);
  writer.text("pi").number(3.25).text("list").op(']').op('(').integer(1).text("é").op('e').text(
      "pair");
  writer.integer(1).integer(2).op('\x86').op('u');
  const auto document = read_pickle(writer.done());
  const PickleValue& root = document.root();
  ASSERT_TRUE(root.is(PickleKind::dict));
  EXPECT_TRUE(root.find("none")->is(PickleKind::none));
  EXPECT_EQ(root.find("yes")->kind, PickleKind::boolean);
  EXPECT_EQ(root.find("yes")->integer, 1);
  EXPECT_EQ(root.find("small")->integer, 7);
  EXPECT_EQ(root.find("long")->integer, -5);
  EXPECT_DOUBLE_EQ(root.find("pi")->number, 3.25);
  ASSERT_EQ(root.find("list")->items.size(), 2U);
  EXPECT_EQ(root.find("list")->items[1]->text, "é");
  EXPECT_EQ(root.find("pair")->items.size(), 2U);
  EXPECT_EQ(root.find("absent"), nullptr);
}

TEST(ReadPickle, ReadsIntegersOfEveryWidth) {
  const auto integer = [](std::string_view bytes) {
    const auto document = read_pickle(PickleWriter().raw(bytes).done());
    return document.root().integer;
  };
  EXPECT_EQ(integer({"\x8a\x00", 2}), 0);
  EXPECT_EQ(integer("\x8a\x01\xff"), -1);
  EXPECT_EQ(integer({"\x8a\x02\xff\x00", 4}), 255);
  EXPECT_EQ(integer("\x8a\x03\x01\x02\x80"), -8388095);  // 0x800201 - 2^24
  EXPECT_EQ(integer("J\xfe\xff\xff\xff"), -2);
  EXPECT_EQ(integer("M\x34\x12"), 0x1234);
  const auto document = read_pickle(PickleWriter().raw("\x8a\x09").raw("123456789").done());
  EXPECT_TRUE(document.root().is(PickleKind::bytes));
}

TEST(ReadPickle, ReadsProtocolFour) {
  // frame, short text, memoize, stack global, empty dict
  const std::string bytes{
      "\x80\x04\x95\x20\x00\x00\x00\x00\x00\x00\x00\x8c\x0b"
      "collections\x8c\x0bOrderedDict\x93\x94)R\x8c\x01"
      "a\x4b\x01s.",
      48};
  const auto document = read_pickle(bytes);
  ASSERT_TRUE(document.root().is(PickleKind::dict));
  EXPECT_EQ(document.root().find("a")->integer, 1);
}

TEST(ReadPickle, RemembersValuesAndReportsItsSize) {
  PickleWriter writer;
  writer.text("shared").raw({"q\x00", 2}).raw({"h\x00", 2}).op('\x86');
  const std::string bytes = writer.done();
  const auto document = read_pickle(bytes + "another pickle");
  EXPECT_EQ(document.root().items[0], document.root().items[1]);
  EXPECT_EQ(document.size_in_bytes(), bytes.size());
}

TEST(ReadPickle, TakesNumbersOfNumpyAndFastcoreAsInertRecords) {
  PickleWriter writer;
  writer.global("numpy.core.multiarray", "scalar")
      .global("numpy", "dtype")
      .text("f8")
      .op('\x85')
      .op('R')
      .op('N')
      .op('b');
  writer.global("_codecs", "encode")
      .text("\xc2\x9a?")
      .text("latin1")
      .op('\x86')
      .op('R')
      .op('\x86')
      .op('R');
  const auto document = read_pickle(writer.done());
  ASSERT_TRUE(document.root().is(PickleKind::record));
  EXPECT_EQ(document.root().items[1]->text, "\x9a?");
}

TEST(ReadPickle, RefusesCode) {
  for (const auto& [module, name] :
       std::vector<std::pair<std::string, std::string>>{{"posix", "system"},
                                                        {"builtins", "eval"},
                                                        {"__builtin__", "exec"},
                                                        {"torch._utils", "system"},
                                                        {"os\r", "x\x1b[0m"}}) {
    PickleWriter writer;
    writer.global(module, name).text("echo hi").op('\x85').op('R');
    expect_error<DataError>([&] { read_pickle(writer.done(), {.path = "model.pth"}); },
                            {"model.pth", "holds code (", "never runs code"});
  }
  expect_error<DataError>(
      [] { read_pickle("\x80\x04\x8c\x05posix\x8c\x06system\x93.", {.path = "m"}); },
      {"holds code (posix.system)"});
}

TEST(ReadPickle, RefusesWhatIsNoPickle) {
  expect_error<DataError>([] { read_pickle(""); }, {"ends early"});
  expect_error<DataError>([] { read_pickle("hello"); }, {"not a pickle of protocol 2 to 5"});
  expect_error<DataError>([] { read_pickle("\x80\x09."); }, {"protocol 9, expected 2 to 5"});
  expect_error<DataError>([] { read_pickle("\x80\x02i__main__\nX\n."); },
                          {"opcode 0x69 at byte 2"});
}

TEST(ReadPickle, RefusesDamage) {
  for (const std::string_view body :
       {".", "0", "R", "s", "t", "u", "e", "h\x05", "Q", "b", "(0", "NNa", "Na", "]NNs", "}(Nu",
        "cposix", "N)R", "X\xff\xff\xff\xff"}) {
    EXPECT_THROW(read_pickle(PickleWriter().raw(body).done()), DataError) << body;
  }
}

TEST(ReadPickle, BoundsWhatHostileInputCosts) {
  expect_error<DataError>(
      [] { read_pickle(PickleWriter().raw(std::string(200, ')')).done(), {.max_values = 100}); },
      {"over 100 values"});
  expect_error<DataError>(
      [] { read_pickle(PickleWriter().raw(std::string(200, 'N')).done(), {.max_bytes = 100}); },
      {"over the limit of 100"});
  expect_error<DataError>(
      [] { read_pickle(PickleWriter().op('N').raw("r\xff\xff\xff\xff").done()); },
      {"remembers over"});
  // One long text, named again and again by few bytes.
  PickleWriter writer;
  writer.text(std::string(1000, 'x')).raw({"q\x00", 2}).op('0').op('(');
  for (int i = 0; i < 1000; ++i)
    writer.global("_codecs", "encode").raw({"h\x00", 2}).op('\x85').op('R');
  expect_error<DataError>([&] { read_pickle(writer.op('t').done(), {.max_bytes = 100'000}); },
                          {"without end"});
}

TEST(ReadPickle, SurvivesDepthAndCycles) {
  const auto deep = read_pickle(PickleWriter().op('N').raw(std::string(1'000'000, '\x85')).done());
  EXPECT_EQ(deep.root().items.size(), 1U);
  const auto cycle =
      read_pickle(PickleWriter().op(']').raw({"q\x00", 2}).raw({"h\x00", 2}).op('a').done());
  EXPECT_EQ(cycle.root().items[0], &cycle.root());
}

TEST(ReadPickle, SurvivesRandomDamage) {
  PickleWriter writer;
  test::put_state_dict(writer, {{"a", "FloatStorage", "0", 6, 0, {2, 3}, {3, 1}},
                                {"b", "LongStorage", "1", 1, 0, {}, {}}});
  const std::string whole = writer.done();
  Generator random({7});
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes = whole;
    for (int64_t change = random.integer(4); change >= 0; --change) {
      bytes[static_cast<size_t>(random.integer(static_cast<int64_t>(bytes.size())))] =
          static_cast<char>(random.integer(256));
    }
    if (random.bernoulli(0.2))
      bytes.resize(static_cast<size_t>(random.integer(static_cast<int64_t>(bytes.size()))));
    try {
      read_pickle(bytes);
    } catch (const DataError&) {
    }
  }
}

}  // namespace
}  // namespace linnet
