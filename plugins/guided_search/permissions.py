"""Which permissions open the pages of the admin. Any of PREVIEW is enough."""

from typing import Final

PREVIEW: Final = ("merchandising.view_rule", "guided_search.view_indexreport")
REBUILD: Final = "guided_search.change_indexreport"
