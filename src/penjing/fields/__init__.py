"""Values on forms: invoices, tickets, receipts, cards and plates, with what proves them right.

    extract(page)                        the shipped template that fits best
    extract(page, load("mine.toml"))     a template of one's own
    extract(page, again=Rereader(pixels, reader.recogniser))

Page → rows → labels → values of a kind → the readings that checks confirm → Form.
"""

from penjing.fields.again import Rereader
from penjing.fields.extract import extract
from penjing.fields.result import Check, Field, Form
from penjing.fields.template import Template, load, shipped

__all__ = ["Check", "Field", "Form", "Rereader", "Template", "extract", "load", "shipped"]
