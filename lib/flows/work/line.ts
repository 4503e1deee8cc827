import type { Connector } from '../../connectors/connector.ts';
import type { Pace } from '../../connectors/egress/pace.ts';
import type { ClientKeys } from './connect-client.ts';

/** The way of one worker to one authority: every connector calls through the same pace. */
export interface Line {
  /** To the tokens of the authority, or to the keys of one client there. */
  readonly connector: (keys?: ClientKeys) => Connector;
  /** The authority failed before and has not answered since. */
  readonly halfOpen: boolean;
  readonly pace: Pick<Pace, 'stopped' | 'answered'>;
}
