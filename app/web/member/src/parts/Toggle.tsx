interface Props {
  label: string;
  help: string;
  on: boolean;
  change: (on: boolean) => void;
}

/** A switch with its words; the whole row answers. */
export function Toggle({ label, help, on, change }: Props) {
  return (
    <button type="button" role="switch" aria-checked={on} className="row" onClick={() => change(!on)}>
      <span className="row-words">
        <span>{label}</span>
        <span className="small">{help}</span>
      </span>
      <span className="knob" aria-hidden="true" />
    </button>
  );
}
