import { Button as Pressable, type ButtonProps } from "react-aria-components";

type Tone = "plain" | "primary" | "danger" | "quiet" | "deny";

const tones: Readonly<Record<Tone, string>> = {
  plain: "border border-control/60 bg-surface text-ink hover:bg-hover data-pressed:bg-sunken",
  primary: "border border-transparent bg-ink text-on-ink hover:bg-ink/88 data-pressed:bg-ink/80",
  danger: "border border-transparent bg-danger-fill text-on-danger hover:bg-danger-fill-hover data-pressed:bg-danger-fill-hover",
  deny: "border border-danger/70 bg-surface text-danger hover:bg-danger-wash data-pressed:bg-danger-wash",
  quiet: "border border-transparent text-muted hover:bg-hover hover:text-ink data-pressed:bg-sunken",
};

interface Props extends Omit<ButtonProps, "className" | "style"> {
  readonly tone?: Tone;
  /** A square button with a picture; give it an `aria-label`. */
  readonly square?: boolean;
  readonly className?: string;
}

/** The one button. 36 px to look at, 44 px to hit. */
export function Button({ tone = "plain", square = false, className = "", ...rest }: Props) {
  const shape = square ? "size-9" : "h-9 px-3.5";
  return (
    <Pressable
      {...rest}
      className={`target inline-flex shrink-0 cursor-pointer select-none items-center justify-center gap-2 rounded-card text-body font-medium whitespace-nowrap transition-colors duration-(--quick) pointer-coarse:min-h-11 pointer-coarse:min-w-11 data-disabled:cursor-not-allowed data-disabled:opacity-50 ${shape} ${tones[tone]} ${className}`}
    />
  );
}
