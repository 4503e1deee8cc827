/** What a function's answer says about a batch of messages. */
export type BatchVerdict =
  | { readonly kind: 'all-succeeded' }
  | { readonly kind: 'some-failed'; readonly failed: ReadonlySet<string> }
  | { readonly kind: 'all-failed'; readonly because: string };

/**
 * Reads a partial batch response as AWS does (AWS Lambda Developer Guide, "Handling errors for an SQS event source in
 * Lambda", "Success and failure conditions"). An answer without `batchItemFailures` counts as empty, and an empty answer
 * as success: a misspelt outer key loses messages in silence, here as on AWS.
 */
export function readBatchResponse(response: unknown, messageIds: ReadonlySet<string>): BatchVerdict {
  const failures = failuresOf(response);
  if (failures === null) return { kind: 'all-succeeded' };
  if (!Array.isArray(failures))
    return { kind: 'all-failed', because: 'the response is not a list of batch item failures' };
  const failed = new Set<string>();
  for (const failure of failures as readonly unknown[]) {
    const id = (failure as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier;
    // an identifier that is not in the batch is no documented case; AWS was seen to retry the whole batch
    if (typeof id !== 'string' || !messageIds.has(id))
      return { kind: 'all-failed', because: 'an itemIdentifier is missing, empty or not in the batch' };
    failed.add(id);
  }
  return failed.size === 0 ? { kind: 'all-succeeded' } : { kind: 'some-failed', failed };
}

/** The list of failures, whatever it is; null where the answer has none. */
function failuresOf(response: unknown): unknown {
  // '' and [] were seen to pass as empty answers
  const empty = response === null || response === '' || (Array.isArray(response) && response.length === 0);
  if (empty) return null;
  if (typeof response !== 'object' || Array.isArray(response)) return 'invalid';
  return (response as { readonly batchItemFailures?: unknown }).batchItemFailures ?? null;
}
