#pragma once

#include "linnet/app/training_run.h"

namespace linnet {

/** The job "train": a recogniser for a folder of pictures. */
TrainingTask picture_training();

}  // namespace linnet
