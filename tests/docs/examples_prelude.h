#pragma once

// What the examples in the docstrings of headers may take for granted
// (tests/docs/examples_test.cmake): linnet's headers by their short names, the loops and streams of
// the standard library, and the names below. An example that needs more declares it, as its reader
// would have to.
#include <linnet/collab.h>
#include <linnet/tabular.h>
#include <linnet/vision.h>
#include <torch/nn/modules/linear.h>

#include <filesystem>
#include <iostream>
#include <memory>

using namespace linnet;  // NOLINT(google-build-using-namespace)

extern const std::filesystem::path path;  // a folder of data
extern const Table table;                 // a table from such a folder
extern const DataLoaders dls;             // loaders of whatever data
extern Learner learn;                     // a learner on them
extern const torch::Tensor x, y;          // one batch of inputs and targets
extern const torch::Tensor pred, target;  // what a model gave, and what it should have given
