/** A Code 128 barcode as an image that prints sharply at any size. */

import { code128 } from "../domain/code128";

const HEIGHT = 40;

export function Barcode({ text }: { text: string }) {
  const { bars, width } = code128(text);
  return (
    <svg className="barcode" role="img" aria-label={text} viewBox={`0 0 ${width} ${HEIGHT}`} preserveAspectRatio="none" shapeRendering="crispEdges">
      {bars.map((bar) => <rect key={bar.x} x={bar.x} y={0} width={bar.width} height={HEIGHT} />)}
    </svg>
  );
}
