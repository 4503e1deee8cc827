import * as z from 'zod';
import { authorityId, caseId } from '../domain/ids.ts';

/** Wakes a planner: this case has nodes to walk, or may be closed. */
export const planMessage = z.object({ case: z.string().min(1).transform(caseId) });

/** Wakes a worker: these obligations of this case may be due. */
export const obligationMessage = z.object({
  case: z.string().min(1).transform(caseId),
  shard: z.int().min(0),
  authority: z.string().min(1).transform(authorityId),
});
