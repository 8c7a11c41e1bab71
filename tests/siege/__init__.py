"""The service under attack: many clients, good input and bad at once, for as long as you like (`python -m tests.siege`)."""
