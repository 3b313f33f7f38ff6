import { Link } from "@tanstack/react-router";
import { Activity, Bot, History, Inbox, LayoutList, ScrollText, Settings, ShieldAlert, type LucideIcon } from "lucide-react";
import { useStatus } from "../live/queries.js";

const places = [
  { to: "/", name: "Board", icon: LayoutList },
  { to: "/inbox", name: "Inbox", icon: Inbox },
  { to: "/runs", name: "Runs", icon: History },
  { to: "/agents", name: "Agents", icon: Bot },
  { to: "/policy", name: "Policy", icon: ScrollText },
  { to: "/record", name: "Record", icon: Activity },
  { to: "/break-glass", name: "Break glass", icon: ShieldAlert },
  { to: "/settings", name: "Settings", icon: Settings },
] as const satisfies readonly { readonly to: string; readonly name: string; readonly icon: LucideIcon }[];

/** The places of the console. `wide` is the sheet on a phone. */
export function Places({ wide = false, onGo }: { readonly wide?: boolean; readonly onGo?: () => void }) {
  const waiting = useStatus().data?.pendingRequests ?? 0;
  return (
    <nav aria-label="Places" className="flex flex-col gap-1">
      {places.map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          {...(onGo && { onClick: onGo })}
          activeOptions={{ exact: to === "/" }}
          title={name}
          className={`target relative flex h-10 items-center gap-3 rounded-card px-3 text-body font-medium text-muted transition-colors duration-(--quick) hover:bg-hover hover:text-ink aria-[current=page]:bg-ink/7 aria-[current=page]:text-ink ${wide ? "h-12" : "justify-center xl:justify-start"}`}
        >
          <Icon size={18} strokeWidth={1.9} aria-hidden="true" className="shrink-0" />
          <span className={wide ? "" : "sr-only xl:not-sr-only"}>{name}</span>
          {to === "/inbox" && waiting > 0 && <WaitingCount count={waiting} corner={!wide} wide={wide} />}
        </Link>
      ))}
    </nav>
  );
}

export function WaitingCount({
  count,
  corner = false,
  wide = false,
}: {
  readonly count: number;
  readonly corner?: boolean;
  readonly wide?: boolean;
}) {
  return (
    <span
      className={`grid h-5 min-w-5 place-items-center rounded-full bg-wait-fill px-1.5 text-[12px] leading-none font-semibold text-[#221703] ${corner ? "absolute top-0 right-0 xl:static xl:ml-auto" : wide ? "ml-auto" : ""}`}
    >
      {count > 99 ? "99+" : count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
