"""The service: a web page and a REST API over one shared Reader. Imports no torch.

``limits`` is what it refuses, ``engine`` what it does, ``api`` and ``site`` its doors, ``server``
one process of it and ``supervisor`` what keeps that process alive.
"""
