"""The console's backend: OME's rules, the cluster behind them, and what a person does with both."""
