import { senders } from '../../lib/stack/settings/senders.ts';

/** Whoever deploys has senders of their own in cdk.json, by whose roles nobody in the story speaks. */
export const ownContext = { senders: senders.byDefault } as const;
