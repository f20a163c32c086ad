"""What may be wrong with somebody's gradient: one function a cause, in groups, listed in `registry`."""
