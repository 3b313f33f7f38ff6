import { riskLevel, riskLevels, type RiskLevel } from "@pullcord/sdk/protocol";
import { riskWords } from "../text/words.js";

/** Risk as four bars and a word: shape first, red for critical only. */
export function RiskMark({
  level,
  score,
  short = false,
}: {
  readonly level: RiskLevel;
  readonly score?: number;
  readonly short?: boolean;
}) {
  const filled = riskLevels.indexOf(level);
  const critical = level === "critical";
  return (
    <span
      className={`inline-flex items-center gap-2 text-small font-medium whitespace-nowrap ${critical ? "text-danger" : filled >= 3 ? "text-ink" : "text-muted"}`}
    >
      <svg width="18" height="14" viewBox="0 0 18 14" aria-hidden="true">
        {[1, 2, 3, 4].map((bar) => (
          <rect
            key={bar}
            x={(bar - 1) * 4.7}
            y={14 - (2 + bar * 3)}
            width="3.4"
            height={2 + bar * 3}
            rx="1"
            fill="currentColor"
            opacity={bar <= filled ? 1 : 0.22}
          />
        ))}
      </svg>
      {short ? <span className="sr-only">{riskWords[level]}</span> : riskWords[level]}
      {score !== undefined && <span className="font-normal">{score}</span>}
    </span>
  );
}

const trailBars = 24;

/** Scores of the newest actions, oldest first, as tiny bars. */
export function RiskTrail({ scores }: { readonly scores: readonly number[] }) {
  const shown = scores.slice(-trailBars);
  const highest = Math.max(0, ...shown);
  const label = shown.length === 0 ? "No actions yet" : `Risk of the last ${shown.length} actions, highest ${highest} of 100`;
  return (
    <svg role="img" aria-label={label} width={trailBars * 4} height="20" viewBox={`0 0 ${trailBars * 4} 20`} className="block">
      <title>{label}</title>
      <line x1="0" x2={trailBars * 4} y1="19.5" y2="19.5" className="stroke-line" />
      {shown.map((score, index) => {
        const level = riskLevel(score);
        const height = Math.max(2, (score / 100) * 19);
        const tone = level === "critical" ? "fill-danger" : level === "high" ? "fill-ink" : "fill-control";
        return (
          <rect
            key={index}
            x={(trailBars - shown.length + index) * 4}
            y={19.5 - height}
            width="3"
            height={height}
            rx="0.8"
            className={tone}
          />
        );
      })}
    </svg>
  );
}
