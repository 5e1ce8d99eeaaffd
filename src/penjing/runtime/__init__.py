"""Reading pictures: decode, detect, rectify, recognise, order. Imports no torch."""
