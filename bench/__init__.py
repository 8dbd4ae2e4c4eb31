"""What is measured, against whom, and how: ``make bench`` prints one table.

Everything in a row was measured in the same run, turn and turn about, because
the machine is noisy: medians of several runs, and ratios. Peers that are not
installed are left out, and said to be.
"""
