"""How well a search ranks: graded queries over the demonstration's catalogue, and rankings judged by them."""
