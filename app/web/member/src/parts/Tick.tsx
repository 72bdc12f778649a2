interface Props {
  label: string;
  on: boolean;
  change: (on: boolean) => void;
}

/** Yes or no, in a form. */
export function Tick({ label, on, change }: Props) {
  return (
    <label className="tick">
      <input type="checkbox" checked={on} onChange={(event) => change(event.target.checked)} />
      {label}
    </label>
  );
}
