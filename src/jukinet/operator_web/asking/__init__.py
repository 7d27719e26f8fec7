"""The screens on which an official asks for a person: at an organ's node, a prefecture's and a municipality's."""
