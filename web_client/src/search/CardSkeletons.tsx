import { Skeleton } from "@mantine/core";

/** Cards of the right size while the real ones are on their way, so that nothing jumps. */
export function CardSkeletons({ count }: { count: number }) {
  return (
    <div className="cards" aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="card">
          <Skeleton className="card-skeleton-picture" radius={0} />
          <div className="card-body">
            <Skeleton height={14} width="35%" mt={4} />
            <Skeleton height={18} width="80%" mt={9} />
            <Skeleton height={14} width="40%" mt={9} />
            <Skeleton height={20} width="50%" mt={16} mb={5} />
          </div>
        </div>
      ))}
    </div>
  );
}
