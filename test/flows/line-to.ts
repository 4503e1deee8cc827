import type { Connector } from '../../lib/connectors/connector.ts';
import type { Line } from '../../lib/flows/work/line.ts';

/** A line to an authority that answers every call, by this connector. */
export const lineTo = (connector: Connector): Line => ({
  connector: () => connector,
  halfOpen: false,
  pace: { stopped: () => undefined, answered: () => true },
});
