"""How models come to the nodes, from what the model agents report. Pure: time comes in as `now`."""
