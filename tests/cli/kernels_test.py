# SPDX-License-Identifier: Apache-2.0
"""Heads and kernels of the CPU path. usage: kernels_test.py [Suite[.test]]"""
import unittest

from cli_test import SHORT_T, Case

IDS = "1,5,9,20,31"


class Kernels(Case):
    def ids(self, *options):
        return self.report("run", "--model", SHORT_T, "--ids", IDS, "--tokens", 8, *options)["ids"]

    def test_every_kernel_generates_the_same(self):
        want = self.ids()
        self.assertEqual(self.ids("--kernels", "scalar"), want)
        self.assertEqual(self.ids("--threads", "2"), want)
        self.assertEqual(self.ids("--head", "bf16"), want)
        self.assertEqual(self.ids("--head", "model"), want)

    def test_every_kernel_of_the_emulator_generates_the_same(self):
        want = self.ids("--arithmetic", "device", "--hw", "nano")
        self.assertEqual(self.ids("--arithmetic", "device", "--hw", "nano", "--kernels", "scalar"),
                         want)
        self.refused(["--kernels mmx", "scalar", "must be one of"], "run", "--model", SHORT_T,
                     "--ids", "1", "--arithmetic", "device", "--kernels", "mmx")

    def test_refuses_unknown_ones(self):
        self.refused(["--kernels mmx", "scalar", "must be one of"], "run", "--model", SHORT_T,
                     "--ids", "1", "--kernels", "mmx")
        self.refused(["--head shortlist", "model, bf16, int8 or split"], "run", "--model", SHORT_T,
                     "--ids", "1", "--head", "shortlist")


if __name__ == "__main__":
    unittest.main()
