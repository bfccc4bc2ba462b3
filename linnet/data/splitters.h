#pragma once

#include "linnet/data/splitters/entry.h"
#include "linnet/data/splitters/file.h"
#include "linnet/data/splitters/group.h"
#include "linnet/data/splitters/name.h"
#include "linnet/data/splitters/position.h"
#include "linnet/data/splitters/random.h"
#include "linnet/data/splitters/time.h"
#include "linnet/data/splitters/train_test.h"
