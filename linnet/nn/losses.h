#pragma once

// Every loss.
#include "linnet/nn/losses/binary_cross_entropy.h"
#include "linnet/nn/losses/cross_entropy.h"
#include "linnet/nn/losses/dice.h"
#include "linnet/nn/losses/focal.h"
#include "linnet/nn/losses/label_smoothing.h"
#include "linnet/nn/losses/regression.h"
