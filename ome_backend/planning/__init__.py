"""Does a model fit in GPU memory, where could it run now, what does it cost. Pure."""
