"""How fast it is, compared within one run with what cannot be faster or with what people use today."""
