"""Jobs: many sources, converted later. What was accepted is a row, and the row is the truth; a backend only carries ids."""
