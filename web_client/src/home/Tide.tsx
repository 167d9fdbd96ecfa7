/** The house pattern: tides of a signal, drawn, so that nothing is loaded for it. */
export function Tide() {
  const lines = Array.from({ length: 9 }, (_, index) => index);
  return (
    <div className="tide" aria-hidden="true">
      <svg viewBox="0 0 1200 420" preserveAspectRatio="xMaxYMid slice">
        {lines.map((line) => (
          <circle key={line} cx="1010" cy="330" r={60 + line * 62} fill="none" stroke="#fff" strokeOpacity={0.2 - line * 0.019} strokeWidth="22" />
        ))}
        <circle cx="1010" cy="330" r="22" fill="#ff9b69" />
      </svg>
    </div>
  );
}
