import * as z from 'zod';
import {
  type EntryRef,
  type KeptEntry,
  type Marker,
  nameOf,
  type Order,
  sizeAfter,
} from '../domain/ledger/order.ts';
import { hash, publicKey, type PublicKey } from './signed-checkpoint.ts';

const ref = { pk: z.string(), sk: z.string() };
const index = z.int().min(0);

/**
 * One line of an export. JSON lines and not one document: a ledger outgrows what fits into one string, and lines
 * are written while the table is read, searched with grep, and cut where a reader notices (the last line counts them).
 */
export const exportLine = z.discriminatedUnion('line', [
  z.object({
    line: z.literal('ledger'),
    version: z.literal(1),
    origin: z.string(),
    /** For convenience: a verifier trusts keys that it had before, or none. */
    keys: z.array(publicKey),
  }),
  z.object({
    line: z.literal('order'),
    first: index,
    entries: z.array(z.object({ ...ref, leaf: hash })),
  }),
  z.object({ line: z.literal('checkpoint'), jws: z.string() }),
  z.object({ line: z.literal('entry'), ...ref, body: z.string() }),
  z.object({ line: z.literal('pending'), ...ref, digest: z.string() }),
  z.object({ line: z.literal('end'), lines: index }),
]);
export type ExportLine = z.infer<typeof exportLine>;

/** A whole ledger, as it was read; nothing in it is believed. */
export interface LedgerExport {
  readonly origin: string;
  readonly keys: readonly PublicKey[];
  readonly entries: readonly KeptEntry[];
  readonly orders: readonly {
    readonly first: number;
    readonly entries: readonly (EntryRef & { readonly leaf: string })[];
  }[];
  readonly checkpoints: readonly string[];
  /** Markers of entries that wait for their seal. */
  readonly pending: readonly (EntryRef & { readonly digest: string })[];
}

/** A row of the ledger's table, as a scan finds it. */
export type LedgerRow =
  | ({ readonly row: 'entry' } & KeptEntry)
  | ({ readonly row: 'order' } & Order)
  | { readonly row: 'checkpoint'; readonly size: number; readonly jws: string }
  | ({ readonly row: 'pending' } & Marker);

/** What an export reads; all of it strongly consistent. A row that does not parse is not there. */
export interface LedgerReads {
  order(first: number): Promise<Order | undefined>;
  checkpoint(size: number): Promise<string | undefined>;
  entries(refs: readonly EntryRef[]): Promise<readonly KeptEntry[]>;
  /** The markers of these entries, where they are. */
  markers(refs: readonly EntryRef[]): Promise<readonly Marker[]>;
  /** Every row, in no order; rows that change meanwhile may or may not be in it. */
  rows(): AsyncIterable<LedgerRow>;
}

/**
 * Reads a whole ledger while others write to it and seal it, so that the result is one that could have been at rest:
 * the order rows by arithmetic, then every row, then what was sealed meanwhile.
 */
export async function* exportLedger(
  reads: LedgerReads,
  { origin, keys }: Pick<LedgerExport, 'origin' | 'keys'>,
): AsyncGenerator<ExportLine, void, undefined> {
  let lines = 0;
  const counted = (line: ExportLine): ExportLine => {
    lines += 1;
    return line;
  };
  yield counted({ line: 'ledger', version: 1, origin, keys: [...keys] });

  const ordered = new Map<string, EntryRef>();
  const given = new Set<string>();
  let size = 0;
  async function* walk(): AsyncGenerator<ExportLine, void, undefined> {
    for (let order = await reads.order(size); order; order = await reads.order(size)) {
      for (const entry of order.entries) ordered.set(nameOf(entry), entry);
      yield orderLine(order);
      given.add(`order ${order.first}`);
      // an order row without entries would be walked for ever
      if (order.entries.length === 0) return;
      size = sizeAfter(order);
      const jws = await reads.checkpoint(size);
      if (jws === undefined) continue;
      yield { line: 'checkpoint', jws };
      given.add(`checkpoint ${size}`);
    }
  }

  for await (const line of walk()) yield counted(line);

  const loose: LedgerRow[] = [];
  const waiting = new Map<string, EntryRef>();
  for await (const row of reads.rows()) {
    switch (row.row) {
      case 'entry': {
        const { pk, sk, body } = row;
        given.add(nameOf(row));
        if (!ordered.has(nameOf(row))) waiting.set(nameOf(row), { pk, sk });
        yield counted({ line: 'entry', pk, sk, body });
        break;
      }
      case 'pending':
        given.add(`pending ${nameOf(row)}`);
        yield counted(pendingLine(row));
        break;
      case 'order':
      case 'checkpoint':
        loose.push(row);
        break;
    }
  }

  // an entry that came during the scan, or was sealed during it, may be here without its marker: the marker first,
  // then the order row, for a marker goes only after its order row came
  const unmarked = [...waiting].filter(([name]) => !given.has(`pending ${name}`)).map(([, entry]) => entry);
  for (const marker of await reads.markers(unmarked)) yield counted(pendingLine(marker));
  for await (const line of walk()) yield counted(line);
  const missed = [...ordered].filter(([name]) => !given.has(name)).map(([, entry]) => entry);
  for (const { pk, sk, body } of await reads.entries(missed)) yield counted({ line: 'entry', pk, sk, body });

  // rows that the walk did not come to: a gap is before them
  for (const row of loose) {
    if (row.row === 'order' && !given.has(`order ${row.first}`)) yield counted(orderLine(row));
    if (row.row === 'checkpoint' && !given.has(`checkpoint ${row.size}`))
      yield counted({ line: 'checkpoint', jws: row.jws });
  }
  yield { line: 'end', lines };
}

const orderLine = ({ first, entries }: Order): ExportLine => ({
  line: 'order',
  first,
  entries: entries.map(({ pk, sk, leaf }) => ({ pk, sk, leaf })),
});

const pendingLine = ({ pk, sk, digest }: Marker): ExportLine => ({ line: 'pending', pk, sk, digest });

/** Reads an export back from its lines. Throws `ExportUnreadable` on anything that is not one, or was cut off. */
export async function readExport(lines: AsyncIterable<string> | Iterable<string>): Promise<LedgerExport> {
  const entries: KeptEntry[] = [];
  const orders: LedgerExport['orders'][number][] = [];
  const checkpoints: string[] = [];
  const pending: LedgerExport['pending'][number][] = [];
  let ledger: Pick<LedgerExport, 'origin' | 'keys'> | undefined;
  let count = 0;
  let end: number | undefined;
  for await (const text of lines) {
    if (text === '') continue;
    if (end !== undefined) throw new ExportUnreadable(`line ${count + 2} comes after the end`);
    const line = parseLine(text, count + 1);
    if (ledger === undefined && line.line !== 'ledger')
      throw new ExportUnreadable('the first line does not name the ledger');
    switch (line.line) {
      case 'ledger':
        if (ledger) throw new ExportUnreadable(`line ${count + 1} begins another ledger`);
        ledger = line;
        break;
      case 'order':
        orders.push(line);
        break;
      case 'checkpoint':
        checkpoints.push(line.jws);
        break;
      case 'entry':
        entries.push(line);
        break;
      case 'pending':
        pending.push(line);
        break;
      case 'end':
        end = line.lines;
        continue;
    }
    count += 1;
  }
  if (!ledger || end !== count)
    throw new ExportUnreadable(
      `${count} lines are here, and the last line ${end === undefined ? 'is missing' : `counts ${end}`}`,
    );
  const { origin, keys } = ledger;
  return { origin, keys, entries, orders, checkpoints, pending };
}

function parseLine(text: string, at: number): ExportLine {
  try {
    return exportLine.parse(JSON.parse(text));
  } catch (cause) {
    throw new ExportUnreadable(`line ${at} is not a line of an export`, { cause });
  }
}

/** The file is no export, or not all of one: nothing is said about the ledger. */
export class ExportUnreadable extends Error {
  readonly disposition = 'reject';

  constructor(what: string, options?: ErrorOptions) {
    super(`${what}: export the ledger again`, options);
    this.name = 'ExportUnreadable';
  }
}
