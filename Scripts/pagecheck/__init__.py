# SPDX-License-Identifier: Apache-2.0
"""The parts of Scripts/pages, one for each thing that a page can get wrong."""
