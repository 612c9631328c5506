"""What tests share: paths, the small corpus built once, and the real one."""
