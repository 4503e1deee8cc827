import { neededFor } from '../requests.ts';
import { directory } from '../../directory.ts';

/** What a call needs in the small cloud, with the context as an object. */
export const neededBy = (service: string, operation: string, input: object) =>
  neededFor({ service, operation, input }, directory).map(({ action, resource, context }) => ({
    action,
    resource,
    context: Object.fromEntries(context),
  }));
