"""How text becomes ink.

``faces`` chooses what to draw a text with, ``draw`` sets it in type. What no font has is drawn from
``strokes``: the digits of licence plates (``plates``) and of bank cards (``embossing``).
"""
