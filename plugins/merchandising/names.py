"""What categories and values of the catalogue are called in the language of those who set up the search.

What is stored and compared stays what the core calls it; where the catalogue has no other name, that one is shown.
"""

from collections.abc import Mapping

from django.db import connection

from commerce.records import TRANSLATED_INTO
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.labels import is_chinese
from plugins.merchandising.known import Known

_TRANSLATED_VALUES = """
SELECT DISTINCT found.value, own.value
FROM (SELECT attributes, translations FROM catalogue_product WHERE is_active
      UNION ALL SELECT attributes, translations FROM catalogue_variant WHERE is_active) AS owner,
     jsonb_array_elements(owner.attributes) AS item (entry),
     jsonb_array_elements_text(item.entry->'values') WITH ORDINALITY AS found (value, place),
     jsonb_array_elements_text(owner.translations->%(language)s->'attributes'->%(name)s->'values')
         WITH ORDINALITY AS own (value, place)
WHERE item.entry->>'name' = %(name)s AND own.place = found.place
"""


def categories(known: Known, language: str) -> Mapping[str, str]:
    """Names by slug, in the order of the names; one query at most."""
    found = dict(known.categories)
    if is_chinese(language):
        for path, names in catalogue.category_names(language).items():
            slug = path.rpartition("/")[2]
            if slug in found:
                found[slug] = names[-1]
    return dict(sorted(found.items(), key=lambda item: (item[1].casefold(), item[0])))


def values(attribute: str, language: str) -> Mapping[str, str]:
    """The values of an attribute that are called otherwise than in the core; one query at most."""
    # PostgreSQL has no text with such a sign.
    if not is_chinese(language) or "\0" in attribute:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_TRANSLATED_VALUES, {"language": TRANSLATED_INTO, "name": attribute})
        return dict(cursor.fetchall())
