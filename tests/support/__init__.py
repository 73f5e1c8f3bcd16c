"""What the tests share: services, races, the closed network."""
