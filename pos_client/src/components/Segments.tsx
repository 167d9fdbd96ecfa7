/** One of a few: buttons side by side, the chosen one pressed. */

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly { value: T; label: string; tone?: "bad" }[];
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {options.map((option) => (
        <button key={option.value} type="button" aria-pressed={option.value === value} data-tone={option.tone} onClick={() => onChange(option.value)}>{option.label}</button>
      ))}
    </div>
  );
}
