#pragma once

// Every optimiser.
#include "linnet/optim/adam.h"
#include "linnet/optim/lamb.h"
#include "linnet/optim/larc.h"
#include "linnet/optim/lookahead.h"
#include "linnet/optim/qhadam.h"
#include "linnet/optim/radam.h"
#include "linnet/optim/ranger.h"
#include "linnet/optim/rmsprop.h"
#include "linnet/optim/sgd.h"
