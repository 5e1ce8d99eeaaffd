"""What lines say.

``sampler`` draws a text from a mix of topics: ``chinese_papers`` and ``chinese_signs``, which share
``chinese_fields``; ``english``, ``japanese`` and ``hokkien``; ``codes`` and ``figures``.
All take their words from ``vocabulary``, the fetched corpora (``lines`` holds one in memory), and
from ``phrases``, the lists of phrases.toml.
"""
