"""The live view of a run: the page, one ES module with its style sheet, and what feeds it."""
