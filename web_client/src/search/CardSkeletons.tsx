import { Skeleton } from "@mantine/core";

/** Cards of the right size while the real ones are on their way, so that nothing jumps. */
export function CardSkeletons({ count }: { count: number }) {
  return (
    <div className="cards" aria-hidden>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="card">
          <Skeleton height={200} radius="md" />
          <div className="card-body">
            <Skeleton height={12} width="35%" mt={6} />
            <Skeleton height={18} width="80%" mt={10} />
            <Skeleton height={18} width="45%" mt={14} />
          </div>
        </div>
      ))}
    </div>
  );
}
