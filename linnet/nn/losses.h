#pragma once

#include "linnet/nn/loss.h"
#include "linnet/nn/losses/cross_entropy.h"
