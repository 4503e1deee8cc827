import { describe, expect, it } from 'vitest';
import { readBatchResponse } from './batch-response.ts';

const ids = new Set(['a', 'b']);

describe('readBatchResponse', () => {
  // the empty answers of AWS's documentation, and those that others saw AWS take for empty
  it.each([
    [null],
    [''],
    [[]],
    [{}],
    [{ batchItemFailures: [] }],
    [{ batchItemFailures: null }],
    // a misspelt outer key: silent success and loss
    [{ batchItemFailure: [{ itemIdentifier: 'a' }] }],
    [{ BatchItemFailures: [{ itemIdentifier: 'a' }] }],
  ])('takes %j for success of the whole batch', (response) => {
    expect(readBatchResponse(response, ids)).toEqual({ kind: 'all-succeeded' });
  });

  it.each([
    [{ batchItemFailures: [{ itemIdentifier: '' }] }],
    [{ batchItemFailures: [{ itemIdentifier: null }] }],
    [{ batchItemFailures: [{ itemIdentifier: 123 }] }],
    [{ batchItemFailures: [{ messageId: 'a' }] }],
    [{ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'unknown' }] }],
    [{ batchItemFailures: ['a'] }],
    [{ batchItemFailures: [null] }],
    [{ batchItemFailures: 'a' }],
    [{ batchItemFailures: { itemIdentifier: 'a' } }],
    ['done'],
    [7],
    [true],
    [['a']],
  ])('takes %j for failure of the whole batch', (response) => {
    expect(readBatchResponse(response, ids).kind).toBe('all-failed');
  });

  it('names exactly the reported messages', () => {
    const response = { batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'b' }] };
    expect(readBatchResponse(response, ids)).toEqual({ kind: 'some-failed', failed: new Set(['b']) });
  });
});
