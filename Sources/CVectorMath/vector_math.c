// SPDX-License-Identifier: Apache-2.0
//
// The header holds it all; a target of C needs one file to compile.

#include "vector_math.h"
