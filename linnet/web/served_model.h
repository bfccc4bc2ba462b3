#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <utility>
#include <vector>

#include "linnet/app/model_use.h"
#include "linnet/train/precision.h"
#include "linnet/web/model_card.h"
#include "linnet/web/model_executor.h"

namespace linnet::web {

struct ServedModelOptions {
  std::string name = {};  // by which requests ask for it
  PixelLimits pixels = {};
  ExecutorOptions executor = {};
  int64_t decoders = 2;  // pictures that are read at once: a large one takes much memory
  Precision precision = Precision::float32;  // in which a model that is read from a file predicts
};

/** A trained model that answers filled forms. Methods may be called from many threads. */
class ServedModel {
 public:
  /** From a file that `Learner::export_to` wrote. DataError as load_learner; UsageError for a kind
   * of model that nobody can be asked about in a form. */
  ServedModel(const std::filesystem::path& file, ServedModelOptions options);
  /** Any learner; `facts` are shown as what is known of it. */
  ServedModel(Learner learn, ServedModelOptions options,
              std::vector<std::pair<std::string, std::string>> facts = {});

  const std::string& name() const { return options_.name; }
  const std::vector<Field>& form() const { return form_; }
  const std::vector<std::pair<std::string, std::string>>& facts() const { return facts_; }
  std::string_view kind() const { return use_->name; }
  /** Whether it can show what in an input speaks for a label, and in which words a page offers it.
   */
  bool explains() const { return use_->explanation != nullptr && !labels().empty(); }
  std::string_view explanation_name() const { return use_->explanation_name; }
  std::string_view explanation_words() const { return use_->explanation_words; }
  /** The labels that it knows, in the order of its outputs; none for numbers. */
  std::vector<std::string> labels() const;

  /** The input as far as it can be made without the model. UsageError, DataError for a bad one;
   * HttpError 504 when its turn does not come until `deadline`. */
  Prepared prepared(FormInput input, Deadline deadline);
  /** Computes a batch of each size once, for a kind of model that takes a picture: the first
   * requests need not wait for what LibTorch makes ready, and memory grows now or not at all. Ends
   * early with a model that takes seconds for it. */
  void warm();
  /** See ModelExecutor::submit. */
  std::vector<std::future<Json>> answers(std::vector<Prepared> inputs, Deadline deadline) {
    return executor_->submit(std::move(inputs), deadline);
  }
  /** The bytes of a PNG. UsageError for an unknown label; HttpError 429, 504. */
  std::string explanation(const FormInput& input, const std::optional<std::string>& label,
                          Deadline deadline);

  ModelExecutor& executor() { return *executor_; }
  const ModelExecutor& executor() const { return *executor_; }

 private:
  ServedModel(KnownModel known, ServedModelOptions options);
  std::vector<Json> compute(std::vector<Prepared> inputs) const;

  ServedModelOptions options_;
  Learner learn_;
  const ModelUse* use_;
  std::vector<Field> form_;
  std::vector<std::pair<std::string, std::string>> facts_;
  std::counting_semaphore<> decoders_;
  std::unique_ptr<ModelExecutor> executor_;  // last: its thread uses the others
};

}  // namespace linnet::web
