"""Measurements that are no tests: nothing here runs in CI."""
