import { memo, useMemo, type ReactNode } from "react";
import { countHidden, pieces, type Piece } from "./invisible.js";
import { shellSpans } from "./shell.js";

interface HostileTextProps {
  readonly text: string;
  readonly language?: "shell" | "plain";
}

/** A text that somebody else wrote, complete: text nodes only, nothing invisible left invisible, nothing cut. */
export const HostileText = memo(function HostileText({ text, language = "plain" }: HostileTextProps) {
  const nodes = useMemo(() => (language === "shell" ? shellNodes(text) : pieces(text).map(pieceNode)), [text, language]);
  return <>{nodes}</>;
});

/** The one line above a text that hides something; nothing for an honest one. */
export function HiddenNotice({ text }: { readonly text: string }) {
  const { invisible, lookalike } = useMemo(() => countHidden(text), [text]);
  if (invisible + lookalike === 0) return null;
  const parts = [
    invisible > 0 && `${invisible} hidden or padding ${invisible === 1 ? "character" : "characters"}`,
    lookalike > 0 && `${lookalike} look-alike ${lookalike === 1 ? "letter" : "letters"}`,
  ];
  return (
    <p className="border-b border-line bg-accent-wash px-4 py-2 text-small font-medium text-ink">
      This text contains {parts.filter(Boolean).join(" and ")}, marked below. People rarely write those on purpose.
    </p>
  );
}

function shellNodes(text: string): ReactNode[] {
  return shellSpans(text).map((span, index) => (
    <span key={index} data-code={span.kind}>
      {pieces(span.text).map(pieceNode)}
    </span>
  ));
}

function pieceNode(piece: Piece, index: number): ReactNode {
  if (piece.kind === "plain") return piece.text;
  if (piece.kind === "lookalike") {
    return (
      <mark key={index} className="lookalike-mark relative text-inherit" title={piece.label}>
        {piece.text}
        <span className="sr-only"> ({piece.label}) </span>
      </mark>
    );
  }
  return (
    <span key={index} className="invisible-mark" title="An invisible character, drawn as its name">
      {piece.label}
    </span>
  );
}
