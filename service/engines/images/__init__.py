"""Images: checked, decoded and scaled."""
