"""Tables of strangers, read in a limited child: imports nothing, the child starts light."""
