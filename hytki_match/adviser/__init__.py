"""The adviser's desk: from a need to partners that cover it, ready to hand over."""
