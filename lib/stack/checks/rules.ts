import type { Rule } from './rule.ts';
import { actionsAreNamed } from './rules/actions-are-named.ts';
import { authorizersCacheNothing } from './rules/authorizers-cache-nothing.ts';
import { deploysTouchNoSecret } from './rules/deploys-touch-no-secret.ts';
import { doorsAskWhoItIs } from './rules/doors-ask-who-it-is.ts';
import { evidenceIsKept } from './rules/evidence-is-kept.ts';
import { evidenceNeverExpires } from './rules/evidence-never-expires.ts';
import { indexedTablesTakeTurns } from './rules/indexed-tables-take-turns.ts';
import { oneTemplate } from './rules/one-template.ts';
import { policiesAdmitNoStranger } from './rules/policies-admit-no-stranger.ts';
import { policiesAreOneWrite } from './rules/policies-are-one-write.ts';
import { queuesLoseNothing } from './rules/queues-lose-nothing.ts';
import { retriesAreStated } from './rules/retries-are-stated.ts';

/** What every template of ours keeps. */
export const rules: readonly Rule[] = [
  // nothing is out of sight
  oneTemplate,
  // what CloudFormation does side by side does not get in its own way
  policiesAreOneWrite,
  indexedTablesTakeTurns,
  // work is not lost
  queuesLoseNothing,
  retriesAreStated,
  // evidence stays
  evidenceIsKept,
  evidenceNeverExpires,
  // what is dead stays dead, and what lives is not killed by a deploy
  deploysTouchNoSecret,
  authorizersCacheNothing,
  // nobody gets in by accident
  actionsAreNamed,
  doorsAskWhoItIs,
  policiesAdmitNoStranger,
];
