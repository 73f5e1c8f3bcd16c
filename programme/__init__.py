"""The programme office: which places are covered, and what reached whom."""
