#include "linnet/web/model_executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "linnet/core/error.h"
#include "support/expect_error.h"

namespace linnet::web {
namespace {

Prepared input_named(const std::string& name) {
  FormInput input;
  input.values["name"] = name;
  return input;
}

std::string name_of(const Prepared& input) {
  return std::get<FormInput>(input).values.at("name").as_string();
}

std::vector<Prepared> inputs_named(const std::vector<std::string>& names) {
  std::vector<Prepared> inputs;
  for (const auto& name : names) inputs.push_back(input_named(name));
  return inputs;
}

/** Answers with the name and the size of the batch; "bad" is refused, "slow" takes 200 ms. */
struct Model {
  std::vector<Json> operator()(const std::vector<Prepared>& inputs) const {
    std::vector<Json> answers;
    for (const Prepared& input : inputs) {
      const std::string name = name_of(input);
      if (name == "bad") throw DataError("model", "a bad input");
      if (name == "slow") std::this_thread::sleep_for(std::chrono::milliseconds(200));
      answers.push_back(Json{{"name", name}, {"batch", inputs.size()}});
    }
    return answers;
  }
};

TEST(ModelExecutor, AnswersWhatComesTogetherAtOnce) {
  ModelExecutor executor(Model(), {.batch = 4});
  auto slow = executor.submit(inputs_named({"slow"}), in_seconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  auto others = executor.submit(inputs_named({"a", "b", "c", "d", "e"}), in_seconds(10));
  EXPECT_EQ(result_of(slow[0], in_seconds(10)).at("batch").as_int(), 1);
  const std::vector<std::string> names = {"a", "b", "c", "d", "e"};
  for (size_t i = 0; i < names.size(); ++i) {
    const Json answer = result_of(others[i], in_seconds(10));
    EXPECT_EQ(answer.at("name").as_string(), names[i]);
    EXPECT_EQ(answer.at("batch").as_int(), i < 4 ? 4 : 1);
  }
  EXPECT_EQ(executor.counts().inputs, 6);
  EXPECT_EQ(executor.counts().batches, 3);
}

TEST(ModelExecutor, ComputesBatchesOfFewSizes) {
  EXPECT_EQ(batch_sizes(1), (std::vector<int64_t>{1}));
  EXPECT_EQ(batch_sizes(8), (std::vector<int64_t>{1, 2, 4, 8}));
  EXPECT_EQ(batch_sizes(12), (std::vector<int64_t>{1, 2, 4, 8, 12}));
  ModelExecutor executor(Model(), {.batch = 12});
  auto slow = executor.submit(inputs_named({"slow"}), in_seconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  auto others = executor.submit(inputs_named(std::vector<std::string>(19, "a")), in_seconds(10));
  std::vector<int64_t> sizes;
  for (auto& answer : others)
    sizes.push_back(result_of(answer, in_seconds(10)).at("batch").as_int());
  std::vector<int64_t> expected(12, 12);
  expected.insert(expected.end(), {4, 4, 4, 4, 2, 2, 1});
  EXPECT_EQ(sizes, expected);
}

TEST(ModelExecutor, WaitsForInputsThatAreComing) {
  ModelExecutor executor(Model(), {.wait_seconds = 5});
  std::vector<std::future<Json>> first, second;
  {
    const ModelExecutor::Coming another(executor);
    first = executor.submit(inputs_named({"a"}), in_seconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    second = executor.submit(inputs_named({"b"}), in_seconds(10));
  }
  EXPECT_EQ(result_of(first[0], in_seconds(2)).at("batch").as_int(), 2);
  EXPECT_EQ(result_of(second[0], in_seconds(2)).at("batch").as_int(), 2);
}

TEST(ModelExecutor, LetsABadInputSpoilOnlyItself) {
  ModelExecutor executor(Model(), {});
  auto answers = executor.submit(inputs_named({"a", "bad", "b"}), in_seconds(10));
  EXPECT_EQ(result_of(answers[0], in_seconds(10)).at("name").as_string(), "a");
  test::expect_error<DataError>([&] { result_of(answers[1], in_seconds(10)); }, {"a bad input"});
  EXPECT_EQ(result_of(answers[2], in_seconds(10)).at("name").as_string(), "b");
}

TEST(ModelExecutor, RefusesWhenItsQueueIsFull) {
  ModelExecutor executor(Model(), {.queue = 2});
  auto slow = executor.submit(inputs_named({"slow"}), in_seconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  auto two = executor.submit(inputs_named({"a", "b"}), in_seconds(10));
  EXPECT_EQ(executor.waiting(), 2);
  try {
    executor.submit(inputs_named({"c"}), in_seconds(10));
    ADD_FAILURE() << "was taken";
  } catch (const HttpError& error) {
    EXPECT_EQ(error.status(), 429);
    EXPECT_EQ(error.headers().at(0).first, "Retry-After");
  }
  EXPECT_EQ(result_of(two[1], in_seconds(10)).at("name").as_string(), "b");
}

TEST(ModelExecutor, RefusesMoreAtOnceThanItsQueueEverHolds) {
  ModelExecutor executor(Model(), {.queue = 2});
  try {
    executor.submit(inputs_named({"a", "b", "c"}), in_seconds(10));
    ADD_FAILURE() << "was taken";
  } catch (const HttpError& error) {
    EXPECT_EQ(error.status(), 413);
    EXPECT_STREQ(error.what(), "got 3 inputs, expected 2 at most, which is the model's queue");
  }
}

TEST(ModelExecutor, LivesThroughAModelThatGivesTooFewAnswers) {
  ModelExecutor executor(
      [](std::vector<Prepared> inputs) {
        inputs.pop_back();
        return Model()(inputs);
      },
      {});
  auto answers = executor.submit(inputs_named({"a", "b"}), in_seconds(10));
  for (auto& answer : answers) {
    try {
      result_of(answer, in_seconds(10));
      ADD_FAILURE() << "was answered";
    } catch (const std::logic_error& error) {
      EXPECT_STREQ(error.what(), "the model gave 0 answers to 1 inputs");
    }
  }
  auto task = executor.run([] { return 7; }, in_seconds(10));
  EXPECT_EQ(result_of(task, in_seconds(10)), 7);
}

TEST(ModelExecutor, TellsThatATaskCameTooLate) {
  ModelExecutor executor(Model(), {});
  auto slow = executor.submit(inputs_named({"slow"}), in_seconds(10));
  bool done = false;
  auto task = executor.run([&] { return done = true; }, in_seconds(0.05));
  result_of(slow[0], in_seconds(10));
  try {
    task.get();
    ADD_FAILURE() << "came in time";
  } catch (const HttpError& error) {
    EXPECT_EQ(error.status(), 504);
  }
  EXPECT_FALSE(done);
}

TEST(ModelExecutor, ComputesNothingThatNobodyWaitsFor) {
  std::atomic<int> computed = 0;
  ModelExecutor executor(
      [&](const std::vector<Prepared>& inputs) {
        computed += static_cast<int>(inputs.size());
        return Model()(inputs);
      },
      {});
  auto slow = executor.submit(inputs_named({"slow"}), in_seconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const Deadline soon = in_seconds(0.05);
  auto late = executor.submit(inputs_named({"a"}), soon);
  try {
    result_of(late[0], soon);
    ADD_FAILURE() << "came in time";
  } catch (const HttpError& error) {
    EXPECT_EQ(error.status(), 504);
  }
  result_of(slow[0], in_seconds(10));
  auto next = executor.submit(inputs_named({"b"}), in_seconds(10));
  result_of(next[0], in_seconds(10));
  EXPECT_EQ(computed, 2);
}

TEST(ModelExecutor, RunsTasksInTheirTurn) {
  ModelExecutor executor(Model(), {});
  auto answer = executor.submit(inputs_named({"slow"}), in_seconds(10));
  auto task = executor.run([] { return 7; }, in_seconds(10));
  auto failing = executor.run([]() -> int { throw UsageError("task", "fails"); }, in_seconds(10));
  EXPECT_EQ(result_of(task, in_seconds(10)), 7);
  EXPECT_THROW(result_of(failing, in_seconds(10)), UsageError);
  EXPECT_EQ(executor.counts().inputs, 1);
}

TEST(ModelExecutor, AnswersWhatWaitsBeforeItEnds) {
  std::vector<std::future<Json>> answers;
  {
    ModelExecutor executor(Model(), {});
    answers = executor.submit(inputs_named({"slow", "a"}), in_seconds(10));
  }
  EXPECT_EQ(answers[1].get().at("name").as_string(), "a");
}

}  // namespace
}  // namespace linnet::web
