import * as z from 'zod';
import { contextOf, type Needs } from '../../language/authorization.ts';

const putEvents = z.object({
  Entries: z.array(
    z.object({
      EventBusName: z.string().min(1).default('default'),
      Source: z.string().optional(),
      DetailType: z.string().optional(),
    }),
  ),
});

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 * A request with several entries is asked once for each bus, with the values of all its entries: the condition keys
 * "may hold several values" (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html), where
 * `events:eventBusInvocation` is false for PutEvents.
 */
export const eventsNeeds: Needs = {
  PutEvents: (input, { account, region }) => {
    const { Entries } = putEvents.parse(input);
    const buses = [...new Set(Entries.map(({ EventBusName }) => EventBusName))];
    return buses.map((bus) => {
      const entries = Entries.filter(({ EventBusName }) => EventBusName === bus);
      return {
        action: 'events:PutEvents',
        resource: bus.startsWith('arn:') ? bus : `arn:aws:events:${region}:${account}:event-bus/${bus}`,
        context: contextOf({
          'events:source': distinct(entries.map(({ Source }) => Source)),
          'events:detail-type': distinct(entries.map(({ DetailType }) => DetailType)),
          'events:eventBusInvocation': 'false',
        }),
      };
    });
  },
};

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
