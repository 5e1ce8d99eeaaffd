"""Values on forms: invoices, tickets, receipts, cards and plates, with what proves them right.

    extract(page)                        the shipped template that fits best
    extract(page, load("mine.toml"))     a template of one's own
    extract(page, again=Rereader(pixels, reader.recogniser))

The way of a page, a file for each step: ``rows`` of characters; the ``template``, and its
``labels`` on them; ``locate``, which finds values of the fields' ``kinds`` (``amounts``,
``capitals``, ``tax_number``) beside labels, each with its ``reading``; ``checks``, the
``best_reading`` that they confirm, and which of ``several`` values count; ``result``, a Form.
``rereader`` looks again where a check failed, ``pairs`` takes what no template knows, and
``writing`` shows the form.
"""

from penjing.fields.extract import extract
from penjing.fields.rereader import Rereader
from penjing.fields.result import Check, Field, Form
from penjing.fields.template import Template, load, shipped

__all__ = ["Check", "Field", "Form", "Rereader", "Template", "extract", "load", "shipped"]
