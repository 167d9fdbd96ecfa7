/** The shop's sign: a kestrel's wing made of signal bars. */
export function Wordmark({ name }: { name: string }) {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 36 36" width="36" height="36" aria-hidden="true">
        <rect width="36" height="36" rx="10" fill="#0d654d" />
        <path d="M8 11c9 0 16 3 20 13-6-5-12-7-20-7z" fill="#fff" />
        <path d="M8 19.5c6 0 10 1.5 14 6-5-1.5-9-1.5-14-1z" fill="#8ec5af" />
        <circle cx="27" cy="11" r="2.6" fill="#ff9b69" />
      </svg>
      <span className="wordmark-name">{name}</span>
    </span>
  );
}
