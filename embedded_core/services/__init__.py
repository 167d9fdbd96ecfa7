"""The core's writes and rules: each call is one change, refused as a whole with Saleor's codes."""
