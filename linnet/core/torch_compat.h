#pragma once

#include <ATen/autocast_mode.h>
#include <torch/types.h>
#include <torch/version.h>

#include <variant>

/** The few places where LibTorch 1.13 and 2.x differ. */
namespace linnet::compat {

/** A layer's option as a `T`, nullptr when it is another kind. Options are variants: c10's own
 * before LibTorch 2.3, the standard library's since. */
template <class T, class Variant>
const T* option_as(const Variant& option) {
  using std::get_if;
  return get_if<T>(&option);
}

/** Turns autocast to `dtype` on or off for this thread, on that device. */
inline void set_autocast(const torch::Device& device, torch::ScalarType dtype, bool on) {
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 4
  at::autocast::set_autocast_dtype(device.type(), dtype);
  at::autocast::set_autocast_enabled(device.type(), on);
#else
  if (device.is_cuda()) {
    at::autocast::set_autocast_gpu_dtype(dtype);
    at::autocast::set_enabled(on);
  } else {
    at::autocast::set_autocast_cpu_dtype(dtype);
    at::autocast::set_cpu_enabled(on);
  }
#endif
  if (!on) at::autocast::clear_cache();
}

/** Whether autocast is on for this thread, on that device. */
inline bool is_autocast_on(const torch::Device& device) {
#if TORCH_VERSION_MAJOR >= 2 && TORCH_VERSION_MINOR >= 4
  return at::autocast::is_autocast_enabled(device.type());
#else
  return device.is_cuda() ? at::autocast::is_enabled() : at::autocast::is_cpu_enabled();
#endif
}

}  // namespace linnet::compat
