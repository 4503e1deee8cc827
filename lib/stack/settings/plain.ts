import * as z from 'zod';
import { setting } from './setting.ts';

/** Tells deployments apart: it becomes the tag `rescind:stage`. */
export const stage = setting({
  schema: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,15}$/, 'must be 1 to 16 lower-case letters, digits and hyphens'),
  byDefault: 'dev',
  example: 'prod',
});

/** Who is written to when an alarm sounds; without it the topic has no subscriber but those that are added by hand. */
export const alarmAddress = setting({
  schema: z.email('must be an e-mail address').optional(),
  example: 'on-call@bank.example',
});

/** The account of whoever audits: it may read the public half of the ledger's key without asking us. */
export const anchorAccount = setting({
  schema: z.preprocess(
    // the command line turns no text into numbers, but a cdk.json may hold one
    (value) => (typeof value === 'number' ? String(value) : value),
    z
      .string()
      .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')
      .optional(),
  ),
  example: '444455556666',
});
