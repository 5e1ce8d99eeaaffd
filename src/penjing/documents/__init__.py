"""Documents: PDFs in, formats out, archives in batches."""
