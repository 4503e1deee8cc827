import * as z from 'zod';
import { targets as inEnvironment } from '../../wire/environment.ts';
import { parsedText, setting } from './setting.ts';

/**
 * How long a withdrawal may take under each regime that partners are registered with. Alarms hold what happens against it; nothing is given
 * up when it is over. No regulation says minutes: Australia's CDR asks for "immediately" at its dashboard, and
 * two business days elsewhere.
 */
export const targets = setting({
  schema: z.preprocess(parsedText, inEnvironment),
  byDefault: { default: { effectSeconds: 60, completeMinutes: 60 } },
  example:
    '{"default":{"effectSeconds":60,"completeMinutes":60},"cdr":{"effectSeconds":30,"completeMinutes":15}}',
});
