// SPDX-License-Identifier: Apache-2.0
//
// The headers hold it all; they are compiled here once, so that a fault in them shows.

#include "pause.h"
#include "vector_math.h"
