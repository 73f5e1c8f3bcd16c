"""Every address of the resolver, for everybody."""
