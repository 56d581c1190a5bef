"""Search quality as a test set: real text, judged queries, two baselines in the same run.

``make relevance`` prints the figures, ``docs/relevance.md`` says what they mean.
"""
