import { useEffect, useRef } from "react";
import { FieldError, Input, Label, TextArea, TextField, Text, type TextFieldProps } from "react-aria-components";

interface Props extends Omit<TextFieldProps, "className" | "style" | "children"> {
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  /** More than one line. */
  readonly rows?: number;
  readonly code?: boolean;
  /** The person just opened it by a press of their own. */
  readonly takesFocus?: boolean;
}

const look = "w-full rounded-card border border-control/70 bg-surface px-3 text-ink placeholder:text-muted data-disabled:opacity-60";

/** A labelled field; the label is always there to see. */
export function Field({ label, hint, placeholder, rows, code = false, takesFocus = false, ...rest }: Props) {
  const font = code ? "font-mono text-[13px] leading-5 [font-variant-ligatures:none]" : "text-body";
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.querySelector<HTMLElement>("input, textarea")?.focus();
  }, [takesFocus]);
  return (
    <TextField {...rest} ref={box} className="flex min-w-0 flex-col gap-1.5">
      <Label className="text-small font-medium text-muted">{label}</Label>
      {rows === undefined ? (
        <Input placeholder={placeholder ?? ""} className={`${look} ${font} h-10 pointer-coarse:h-11`} />
      ) : (
        <TextArea placeholder={placeholder ?? ""} rows={rows} spellCheck={!code} className={`${look} ${font} resize-y py-2.5`} />
      )}
      {hint && (
        <Text slot="description" className="text-small text-muted">
          {hint}
        </Text>
      )}
      <FieldError className="text-small font-medium text-ink" />
    </TextField>
  );
}
