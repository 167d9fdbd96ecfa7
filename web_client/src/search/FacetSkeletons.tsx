import { Skeleton } from "@mantine/core";

/** The filters' outline while they are on their way. */
export function FacetSkeletons() {
  return (
    <div className="facets" aria-hidden>
      <Skeleton height={126} radius={16} mb={8} />
      {[4, 5, 3].map((rows, group) => (
        <div key={group} className="facet facet-skeleton">
          <Skeleton height={16} width="45%" />
          {Array.from({ length: rows }, (_, row) => <Skeleton key={row} height={14} width={`${85 - row * 9}%`} />)}
        </div>
      ))}
    </div>
  );
}
