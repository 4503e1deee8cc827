import { describe, expect, it } from 'vitest';
import { plansQueue, queueUrl } from '../../directory.ts';
import { neededBy } from './needed.ts';
import { account, region } from '../../language/statements.ts';

describe('SQS asks', () => {
  it.each([
    ['SendMessage', 'sqs:SendMessage'],
    ['SendMessageBatch', 'sqs:SendMessage'],
    ['ReceiveMessage', 'sqs:ReceiveMessage'],
    ['DeleteMessage', 'sqs:DeleteMessage'],
    ['DeleteMessageBatch', 'sqs:DeleteMessage'],
    ['ChangeMessageVisibility', 'sqs:ChangeMessageVisibility'],
    ['ChangeMessageVisibilityBatch', 'sqs:ChangeMessageVisibility'],
    ['GetQueueAttributes', 'sqs:GetQueueAttributes'],
    ['PurgeQueue', 'sqs:PurgeQueue'],
  ])('for %s %s on the queue', (operation, action) => {
    expect(neededBy('sqs', operation, { QueueUrl: queueUrl('plans') })).toEqual([
      { action, resource: plansQueue, context: {} },
    ]);
  });

  it('for a URL by the name of the queue', () => {
    expect(neededBy('sqs', 'GetQueueUrl', { QueueName: 'plans' })).toEqual([
      { action: 'sqs:GetQueueUrl', resource: plansQueue, context: {} },
    ]);
  });

  it('nothing for what is no URL of a queue: it fails', () => {
    expect(() => neededBy('sqs', 'SendMessage', { QueueUrl: 'plans' })).toThrow('plans is no URL of a queue');
  });
});

describe('EventBridge asks', () => {
  it('once for each bus, with the sources and detail-types of all its entries', () => {
    const Entries = [
      { EventBusName: 'signals', Source: 'rescind', DetailType: 'Case Opened', Detail: '{}' },
      { EventBusName: 'signals', Source: 'bank', DetailType: 'Case Opened' },
      { EventBusName: `arn:aws:events:${region}:${account}:event-bus/other`, Source: 'rescind' },
      { Detail: '{}' },
    ];
    const bus = (name: string) => `arn:aws:events:${region}:${account}:event-bus/${name}`;
    const direct = { 'events:eventBusInvocation': 'false' };
    expect(neededBy('events', 'PutEvents', { Entries })).toEqual([
      {
        action: 'events:PutEvents',
        resource: bus('signals'),
        context: { 'events:source': ['rescind', 'bank'], 'events:detail-type': ['Case Opened'], ...direct },
      },
      {
        action: 'events:PutEvents',
        resource: bus('other'),
        context: { 'events:source': ['rescind'], ...direct },
      },
      { action: 'events:PutEvents', resource: bus('default'), context: direct },
    ]);
  });
});
