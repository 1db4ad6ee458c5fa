"""What is silently wrong on a cluster: one pure function per way in which OME fails without a word."""
