"""Tests of the made-up county."""
