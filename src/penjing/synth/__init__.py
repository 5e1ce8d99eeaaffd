"""Training lines without end, rendered from a seed.

``render`` makes a line from what is in four rooms:

    assets/       fonts, texts and photographs, fetched once
    texts/        what the line says
    typesetting/  the text becomes ink
    pictures/     the ink becomes a picture, as a camera, scanner or screen would show it

``presentation`` decides how a text of a topic is seen: its look, its size and spacing, its crop.
``preview`` shows some lines; ``language_table`` counts pairs of characters in the same texts;
``dice`` are the random choices, ``arrays`` the types of pictures. ``papers/`` holds whole invoices,
receipts and tickets, not to train on but to test the reading of their fields.
"""
