"""The search log: what is searched and what is opened, in daily sums without anybody's name.

It tells merchandisers what shoppers want and do not find, and tells the search which queries and products are in
demand. Sums are all there is: no row is a person's, and a text that could be one's is not kept.
"""
