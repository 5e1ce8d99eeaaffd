"""Training lines without end, rendered from a seed.

Fetched once: ``manifest`` (what), ``fetch`` (how), ``corpus`` and ``traditional`` (its texts made
plain), ``fonts`` (what each face draws), ``licences``.
What a line says: ``text`` mixes ``papers``, ``things``, ``till``, ``codes``, ``japanese``,
``hokkien``, out of ``vocabulary``, ``lines``, ``phrases``, ``particulars``, ``figures``.
How it is set: ``wardrobe`` chooses faces, ``habits`` size and spacing; ``draw`` sets type,
``plates`` and ``embossing`` what no font has, from ``strokes``.
What it becomes: ``surroundings`` beside it, ``camera`` crops it, ``looks`` and ``boards`` paint it
over ``backgrounds``, with ``needles`` and ``seals``; ``wear`` damages it; ``legibility`` checks it.
``render`` does all this for a line, ``preview`` shows some; ``dice`` are the random choices.
``associations`` counts the language table in the same texts.
"""
