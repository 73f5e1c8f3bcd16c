"""Rules about places as pure functions: what a row of reference data must look like, which script is whose."""
