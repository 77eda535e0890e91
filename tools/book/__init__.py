"""The course as a book: pages, an index of its equations, its notation, its sources, a PDF."""
