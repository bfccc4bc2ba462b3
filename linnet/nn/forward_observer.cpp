#include "linnet/nn/forward_observer.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "linnet/nn/seen_whole.h"

namespace linnet {

struct ForwardObserver::State {
  Seen seen;
  std::unordered_map<const void*, const torch::nn::Module*> owners;  // by parameter, or view of one
  std::vector<at::Tensor> views;  // kept, so that no other tensor gets their address
  int64_t inside = 0;             // of operations that took a layer's parameter
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;
  State* outer = nullptr;
};

namespace {

thread_local ForwardObserver::State* current = nullptr;

// An operation that is under way; its layer when it is the outermost one that takes a parameter.
struct Operation : at::ObserverContext {
  const torch::nn::Module* layer = nullptr;
  at::Tensor parameter;
  bool counts = false;
};

// Finds the first parameter among an operation's inputs.
bool find_parameter(const c10::IValue& input, Operation& operation) {
  const auto is_one = [&operation](const at::Tensor& tensor) {
    if (!tensor.defined()) return false;
    const auto found = current->owners.find(tensor.unsafeGetTensorImpl());
    if (found == current->owners.end()) return false;
    operation.layer = found->second;
    operation.parameter = tensor;
    return true;
  };
  if (input.isTensor()) return is_one(input.toTensor());
  if (!input.isTensorList()) return false;
  const auto list = input.toTensorVector();
  return std::any_of(list.begin(), list.end(), is_one);
}

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
  auto operation = std::make_unique<Operation>();
  if (current == nullptr) return operation;
  for (const c10::IValue& input : function.inputs()) {
    if (!find_parameter(input, *operation)) continue;
    operation->counts = true;
    if (current->inside++ > 0) operation->layer = nullptr;
    break;
  }
  return operation;
}

// While it lives, operations count as parts of another.
class Inside {
 public:
  Inside() {
    if (state_ != nullptr) ++state_->inside;
  }
  ~Inside() {
    if (state_ != nullptr) --state_->inside;
  }
  Inside(const Inside&) = delete;
  Inside& operator=(const Inside&) = delete;

 private:
  ForwardObserver::State* state_ = current;
};

bool share_memory(const at::Tensor& a, const at::Tensor& b) {
  return a.has_storage() && b.has_storage() &&
         a.storage().unsafeGetStorageImpl() == b.storage().unsafeGetStorageImpl();
}

void end(const at::RecordFunction& function, at::ObserverContext* context) {
  const auto* operation = static_cast<const Operation*>(context);
  if (current == nullptr || !operation->counts) return;
  --current->inside;
  if (operation->layer == nullptr) return;
  const auto& outputs = function.outputs();
  if (outputs.empty() || !outputs[0].isTensor()) return;
  const at::Tensor& output = outputs[0].toTensor();
  if (share_memory(output, operation->parameter)) {  // weight.t(): what takes that is the layer
    current->owners.emplace(output.unsafeGetTensorImpl(), operation->layer);
    current->views.push_back(output);
    return;
  }
  current->seen(*operation->layer, output);
}

}  // namespace

ForwardObserver::ForwardObserver(const torch::nn::Module& model, Seen seen)
    : state_(std::make_unique<State>()) {
  state_->seen = std::move(seen);
  for (const auto& module : model.modules()) {
    for (const auto& parameter : module->parameters(/*recurse=*/false)) {
      state_->owners.emplace(parameter.unsafeGetTensorImpl(), module.get());
    }
  }
  state_->outer = std::exchange(current, state_.get());
  state_->callback = at::addThreadLocalCallback(at::RecordFunctionCallback(begin, end)
                                                    .needsInputs(true)
                                                    .needsOutputs(true)
                                                    .scopes({at::RecordScope::FUNCTION}));
}

ForwardObserver::~ForwardObserver() {
  at::removeCallback(state_->callback);
  current = state_->outer;
}

namespace detail {

bool is_observed() { return current != nullptr; }

void tell_observer(const torch::nn::Module& layer, const torch::Tensor& output) {
  if (current == nullptr) return;
  if (layer.children().empty() && layer.parameters(/*recurse=*/false).empty()) {
    current->seen(layer, output);
  }
}

torch::Tensor seen_whole(const torch::nn::Module& layer,
                         const std::function<torch::Tensor()>& forward) {
  torch::Tensor output;
  {
    const Inside inside;
    output = forward();
  }
  if (current != nullptr && current->inside == 0) current->seen(layer, output);
  return output;
}

}  // namespace detail
}  // namespace linnet
