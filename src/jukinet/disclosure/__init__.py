"""Written requests of a person about his or her own information, as prefecture and nation take and answer them."""
