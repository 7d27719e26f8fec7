"""The synthetic population (合成住民): any number of residents that look like Japan's and are nobody."""
