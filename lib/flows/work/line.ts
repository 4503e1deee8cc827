import type { Connector } from '../../connectors/connector.ts';
import type { Pace } from '../../connectors/egress/pace.ts';
import type { ClientKeys } from './connect-client.ts';

/** The line of one worker to one authority: all its connectors call through the same pace. */
export interface Line {
  /** Returns the connector for the tokens of the authority, or for the keys of one client there. */
  readonly connector: (keys?: ClientKeys) => Connector;
  /** True if the authority failed before and has not answered since. */
  readonly halfOpen: boolean;
  readonly pace: Pick<Pace, 'stopped' | 'answered'>;
}
