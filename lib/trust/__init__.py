"""Trust (mission part B): open costs, welfare items, demands, community."""
