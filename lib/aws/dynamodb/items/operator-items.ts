import * as z from 'zod';
import type { Approval } from '../../../domain/emergency/approval.ts';
import type { CutOff } from '../../../domain/emergency/cut-off.ts';
import type { Hold } from '../../../domain/emergency/hold.ts';
import { authorityId, caseId, credentialId, cutOffId, holdId, partnerId } from '../../../domain/ids.ts';
import { caseSubject, reader } from './items.ts';

const text = z.string();
const count = z.int();

export const toHold = reader<Hold>(
  z.object({
    id: text.transform(holdId),
    subject: caseSubject,
    state: z.enum(['held', 'lifted']),
    reason: text,
    by: text,
    at: text,
    liftedBy: text.optional(),
  }),
);

export const toApproval = reader<Approval>(
  z.object({ what: text, digest: text, state: z.enum(['asked', 'used']), by: text, at: text }),
);

export const toCutOff = reader<CutOff>(
  z.object({
    id: text.transform(cutOffId),
    partner: text.transform(partnerId),
    revision: count,
    reason: text,
    by: text,
    at: text,
    until: text,
    state: z.enum(['ready', 'executed']),
    count,
    uncovered: count,
    digest: text,
    case: text.transform(caseId).optional(),
  }),
);

export const toCutOffPage = reader(
  z.object({
    credentials: z.array(
      z.object({ authority: text.transform(authorityId), id: text.transform(credentialId) }),
    ),
  }),
);
