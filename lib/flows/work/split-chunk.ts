import type { Connector } from '../../connectors/connector.ts';
import { type Authority, covers } from '../../domain/inventory/authority.ts';
import type { CaseId, ClientId } from '../../domain/ids.ts';
import type { Chunk, Obligation } from '../../domain/case/obligation.ts';
import type { Case } from '../../domain/case/case.ts';
import type { Client } from '../../domain/rotation/client.ts';
import type { Recorder } from '../flow.ts';
import type { Line } from './line.ts';

/** Obligations that one connector works on; undefined: no connector can. */
export interface Part {
  readonly connector: Connector | undefined;
  readonly obligations: readonly Obligation[];
}

export interface SplitChunk extends Pick<Recorder, 'log'> {
  readonly clients: { find(id: ClientId): Promise<Client | undefined> };
  readonly cases: { find(id: CaseId): Promise<Case | undefined> };
}

/**
 * Returns a function that splits groups of one chunk by connector: first the obligations without one, then the tokens, then
 * the keys, client by client. Each connector is made once.
 */
export function splitter(
  chunk: Chunk,
  { authority, line }: { readonly authority: Authority | undefined; readonly line: Line | undefined },
  deps: SplitChunk,
) {
  const tokens = line?.connector();
  const clients = new Map<ClientId, Promise<Connector | undefined>>();

  const connectorOf = async (obligation: Obligation): Promise<Connector | undefined> => {
    const { client } = obligation;
    if (!authority || !line || !covers(authority, obligation)) return undefined;
    if (client === undefined) return tokens;
    const known = clients.get(client) ?? connectClient(client, { line, chunk }, deps);
    clients.set(client, known);
    return known;
  };

  return async (group: readonly Obligation[]): Promise<readonly Part[]> => {
    const parts = new Map<Connector | undefined, Obligation[]>([
      [undefined, []],
      [tokens, []],
    ]);
    for (const obligation of group) {
      const connector = await connectorOf(obligation);
      parts.set(connector, [...(parts.get(connector) ?? []), obligation]);
    }
    return [...parts]
      .map(([connector, obligations]) => ({ connector, obligations }))
      .filter(({ obligations }) => obligations.length > 0);
  };
}

async function connectClient(
  id: ClientId,
  { line, chunk }: { readonly line: Line; readonly chunk: Chunk },
  deps: SplitChunk,
): Promise<Connector | undefined> {
  const [client, of] = await Promise.all([deps.clients.find(id), deps.cases.find(chunk.case)]);
  if (client) return line.connector({ client, guarded: of?.kind === 'secret-retired' });
  deps.log.error('a key belongs to a client that is not registered: register the client', {
    ...chunk,
    client: id,
  });
  return undefined;
}
