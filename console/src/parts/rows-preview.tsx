import {
  bounds,
  rowCounts,
  type CellPreview,
  type RowPreview,
  type RowsPreview,
  type TriedRows,
  type TableRows,
} from "@pullcord/sdk/protocol";
import { HostileText } from "../text/hostile-text.js";
import { count } from "../text/words.js";
import { Ago } from "./time.js";

interface RowsPreviewProps {
  readonly rows: RowsPreview;
  /** Nobody decides about it any more, so it may have run since. */
  readonly isDecided?: boolean;
  /** Of a plan's step: which steps ahead change the same database. */
  readonly without?: readonly number[] | undefined;
}

/** Which rows would change, from what to what, and what takes that back (E36): tried, and rolled back. */
export function RowsPreviewCard({ rows, isDecided = false, without = [] }: RowsPreviewProps) {
  return (
    <section aria-label="Rows it would change" className="card overflow-hidden">
      <p role="status" className="border-b border-line bg-sunken px-4 py-2 text-small text-muted last:border-b-0">
        <Standing rows={rows} isDecided={isDecided} />
        {without.length > 0 && rows.status !== "trying" && (
          <>
            {" "}
            <strong className="font-medium text-ink">
              {without.length === 1 ? `Step ${without[0]} changes` : `Steps ${without.join(", ")} change`} the same database first
            </strong>{" "}
            and had not run then.
          </>
        )}
      </p>
      {rows.status === "tried" && <Tried rows={rows} />}
    </section>
  );
}

function Standing({ rows, isDecided }: { readonly rows: RowsPreview; readonly isDecided: boolean }) {
  if (rows.status === "trying") return "Previewing the rows it would change…";
  if (rows.status === "untried")
    return (
      <>
        <strong className="font-medium text-ink">The rows it would change could not be previewed.</strong> <HostileText text={rows.why} />
      </>
    );
  const isNothing = rows.tables.length === 0 && rows.structure.length === 0;
  return (
    <>
      <strong className="font-medium text-ink">{isNothing ? "No row would change." : "Rows it would change."}</strong> Tried{" "}
      <Ago at={rows.at} /> and taken back{isDecided ? ", before it was decided." : ": nothing is changed yet."}
    </>
  );
}

function Tried({ rows }: { readonly rows: TriedRows }) {
  return (
    <>
      {rows.tables.map((table) => (
        <div key={`${table.database}/${table.table}`} className="border-b border-line last:border-b-0">
          <Table table={table} />
        </div>
      ))}
      {rows.moreTables > 0 && (
        <p className="border-b border-line px-4 py-2 text-small text-muted">and {count(rows.moreTables, "more table")}</p>
      )}
      {rows.structure.length > 0 && <Statements label="Changes of structure" statements={rows.structure} />}
      {rows.wayBackCount > 0 && <WayBack rows={rows} />}
    </>
  );
}

function Table({ table }: { readonly table: TableRows }) {
  const { database, first } = table;
  // A list only counts.
  const more = first.length === 0 ? 0 : table.inserted + table.updated + table.deleted - first.length;
  return (
    <table className="w-full text-body">
      <caption className="px-4 pt-3 pb-1.5 text-left">
        <code className="font-medium break-all">
          <HostileText text={`${database}/${table.table}`} />
        </code>{" "}
        <span className="text-muted">{rowCounts(table)}</span>
      </caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Row</th>
          <th scope="col">What happens to it</th>
        </tr>
      </thead>
      <tbody>
        {first.map((row, index) => (
          <Row key={`${index} ${row.key}`} row={row} />
        ))}
        {more > 0 && (
          <tr>
            <td colSpan={2} className="px-4 pt-1 pb-2.5 text-small text-muted">
              and {count(more, "more row")}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

const kinds: Readonly<Record<RowPreview["kind"], readonly [sign: string, word: string]>> = {
  inserted: ["+", "inserted"],
  updated: ["~", "updated"],
  deleted: ["−", "deleted"],
};

function Row({ row: { kind, key, cells, moreCells } }: { readonly row: RowPreview }) {
  const [sign, word] = kinds[kind];
  return (
    <tr className="align-top">
      <th scope="row" className="w-px py-1.5 pr-3 pl-4 text-left font-normal">
        <span className="sr-only">{word} </span>
        <span className="flex gap-1.5">
          <span aria-hidden="true" className="w-3 shrink-0 text-center font-semibold">
            {sign}
          </span>
          <code className="max-w-[8rem] min-w-8 break-words">
            <HostileText text={key} />
          </code>
        </span>
      </th>
      <td className="py-1.5 pr-4">
        <ul className={kind === "updated" ? "flex flex-col gap-1" : "flex flex-wrap gap-x-4 gap-y-1"}>
          {cells.map((cell) => (
            <li key={cell.column} className="min-w-0 break-words">
              <span className="text-small text-muted">
                <HostileText text={cell.column} />
              </span>{" "}
              <Values cell={cell} kind={kind} />
            </li>
          ))}
          {moreCells > 0 && <li className="text-small text-muted">and {count(moreCells, "more column")}</li>}
        </ul>
      </td>
    </tr>
  );
}

/** Told by word and place, never by colour: what stands there now, and what would. */
function Values({ cell: { before, after }, kind }: { readonly cell: CellPreview; readonly kind: RowPreview["kind"] }) {
  if (kind !== "updated") return <Value text={after ?? before ?? ""} isLeaving={kind === "deleted"} />;
  return (
    <>
      <span className="sr-only">from </span>
      <Value text={before ?? ""} isLeaving />
      <span aria-hidden="true" className="mx-1.5 text-muted">
        →
      </span>
      <span className="sr-only"> to </span>
      <Value text={after ?? ""} />
    </>
  );
}

function Value({ text, isLeaving = false }: { readonly text: string; readonly isLeaving?: boolean }) {
  return (
    <code className={`text-small break-all ${isLeaving ? "text-muted" : "rounded bg-accent-wash px-1"}`}>
      <HostileText text={text === "" ? "''" : text} />
    </code>
  );
}

function WayBack({ rows: { wayBack, wayBackCount } }: { readonly rows: TriedRows }) {
  const more = wayBackCount - wayBack.length;
  return (
    <details>
      <summary className="target cursor-pointer px-4 py-2.5 text-small text-muted hover:text-ink">
        Can be undone: yes, tried, with {count(wayBackCount, "statement")}
      </summary>
      <Statements label="What takes it back" statements={wayBack} />
      {more > 0 && (
        <p className="px-4 pb-2.5 text-small text-muted">
          and {count(more, "more statement")}; the first {bounds.previewRows} are shown, without secrets
        </p>
      )}
    </details>
  );
}

function Statements({ label, statements }: { readonly label: string; readonly statements: readonly string[] }) {
  return (
    <ul aria-label={label} className="flex flex-col gap-1 px-4 py-2">
      {statements.map((statement, index) => (
        <li key={`${index} ${statement}`}>
          <code className="text-small break-words">
            <HostileText text={statement} />
          </code>
        </li>
      ))}
    </ul>
  );
}
