"""The data tracker: portals ask who used a person's information, by the contract of Estonia's Andmejälgija (2.1)."""
