import { Label, Radio, RadioGroup } from "react-aria-components";

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value | null;
  readonly options: readonly { readonly value: Value; readonly name: string; readonly sentence?: string }[];
  readonly onChange: (value: Value) => void;
  readonly isDisabled?: boolean;
  /** Hidden where the heading above says the same. */
  readonly hideLabel?: boolean;
}

/** One of a few, all of them in sight: a dial, a filter, a theme. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
  isDisabled = false,
  hideLabel = false,
}: ChoiceProps<Value>) {
  return (
    <RadioGroup
      value={value}
      onChange={(next) => onChange(next as Value)}
      isDisabled={isDisabled}
      orientation="horizontal"
      className="flex min-w-0 flex-col gap-1.5"
    >
      <Label className={hideLabel ? "sr-only" : "text-small font-medium text-muted"}>{label}</Label>
      <div className="inline-flex max-w-full flex-wrap gap-0.5 self-start rounded-card border border-line bg-sunken p-0.5">
        {options.map((option) => (
          <Radio
            key={option.value}
            value={option.value}
            className="target flex h-8 cursor-pointer items-center rounded-[6px] px-3 text-small font-medium text-muted transition-colors duration-(--quick) hover:text-ink data-focus-visible:outline-2 data-focus-visible:outline-accent data-disabled:cursor-not-allowed data-selected:bg-raised data-selected:text-ink data-selected:shadow-[0_1px_2px_rgb(0_0_0/14%),0_0_0_1px_var(--line)] pointer-coarse:h-10"
          >
            <span title={option.sentence}>{option.name}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
