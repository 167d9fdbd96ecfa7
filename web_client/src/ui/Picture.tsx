import { IconCpu2, IconDeviceMobile, IconHeadphones, IconPackage, IconRouter, IconSignal5g } from "@tabler/icons-react";
import { useState } from "react";
import type { ProductKind } from "../gql/graphql";

const ICONS = {
  DEVICE: IconDeviceMobile,
  PLAN: IconSignal5g,
  SERVICE: IconRouter,
  ACCESSORY: IconHeadphones,
  SIM: IconCpu2,
  OTHER: IconPackage,
};

interface PictureProps {
  src: string | null | undefined;
  kind: ProductKind;
  className?: string;
  alt?: string;
  eager?: boolean;
}

/** A product's picture; the sign of its kind when there is none or it cannot be loaded. */
export function Picture({ src, kind, className = "", alt = "", eager }: PictureProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const Icon = ICONS[kind];
  return (
    <div className={`picture ${className}`}>
      {src && failed !== src ? (
        <img src={src} alt={alt} loading={eager ? "eager" : "lazy"} decoding="async" onError={() => setFailed(src)} />
      ) : (
        <Icon size={64} stroke={1.2} aria-hidden />
      )}
    </div>
  );
}
