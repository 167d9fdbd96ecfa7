"""Which permissions open the pages of the admin. Any of PREVIEW or VOCABULARY is enough."""

from typing import Final

PREVIEW: Final = ("merchandising.view_rule", "guided_search.view_indexreport")
VOCABULARY: Final = ("merchandising.view_synonyms", "merchandising.change_synonyms")
REBUILD: Final = "guided_search.change_indexreport"
