"""Places: the tree of regions, the schemes, the products that places are known for, and the tile maps."""
