"""Which runtime OME chooses for a model, and why not the others. Pure: values in, values out."""
