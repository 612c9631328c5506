"""How good the matching is: judged questions, runs, measures, baselines and the page about them.

Needs the ``evaluation`` dependency group; answering questions never imports this package.
"""
