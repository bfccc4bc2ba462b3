#pragma once

#include <filesystem>

#include "linnet/io/state_dict.h"

namespace linnet {

/** The tensors of a file written by torch.save: a state dict, or a dict that holds one, as fastai's
 * learn.save
 *  ({'model', 'opt'}: the model) and most training scripts ({'state_dict', ...}) write. Both the
 * zip form (since torch 1.6) and the older one are read. Tensors come to the CPU, in their dtype;
 * those that shared a storage share it still. A prefix "module." that all names have (DataParallel)
 * is taken off. Nothing in the file is run. errors  IoError when it cannot be read; DataError when
 * it holds code, is damaged, cut short or no such file
 */
StateDict read_pth(const std::filesystem::path& path);

}  // namespace linnet
