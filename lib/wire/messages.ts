import * as z from 'zod';
import { authorityId, caseId } from '../domain/ids.ts';

/** See `operateRequest`: kind and ids of a case, percent-encoded. */
const caseName = z.string().min(1).max(900).transform(caseId);

/** Wakes a planner: this case has nodes to walk, or may be closed. */
export const planMessage = z.object({ case: caseName });

/** Wakes a worker: these obligations of this case may be due. */
export const obligationMessage = z.object({
  case: caseName,
  shard: z.int().min(0),
  authority: z.string().min(1).max(128).transform(authorityId),
});
