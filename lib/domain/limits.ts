/** The limits of the work, each with its reason. */

/**
 * Lambda ends an invocation after this. Turns and visibility timeouts are longer, so that no second worker begins while the first one
 * runs.
 */
export const functionTimeoutSeconds = 30;

/** A signal that failed is tried again after this, and later twice as late each time: a fault that passes costs seconds of the time that a withdrawal has. */
export const signalRetrySecondsMin = 2;

/** A signal that goes on failing is tried this often: when an outage is over, it takes effect well within a target of 60 s. */
export const signalRetrySecondsMax = 15;

/** To bring a failed signal back sooner is one call: where that hangs, the other signals of its batch do not wait for it. */
export const signalRetryCallMs = 3_000;

/** The most that SQS counts: a signal that fails for hours is our outage, not its fault. After this it makes way in its queue, and is given back to it. */
export const signalReceivesMax = 1_000;

/** Plans and obligations are rows: after so many receives their message goes, and the chaser sends another. */
export const wakeUpReceivesMax = 5;

/** A worker begins a new group only with at least this much time left: enough for two calls of maximum length and a commit. */
export const groupReserveMs = 22_000;

/** A call to an authority begins only with at least this much time left: it may take 10 s, and its result has to be committed. */
export const callReserveMs = 13_000;

/** The group after one that took longer than this is small. */
export const slowGroupMs = 3_000;

/** Longer than a function may live: a worker that died keeps its authority from the next worker for no longer than this. */
export const turnSeconds = 40;

/** Credentials in one page of the walk: two BatchGetItem calls of 100 keys. */
export const planPageCredentials = 200;

/** Credentials in one transaction of the walk. Each needs up to four actions; with cursors, entry and case this is below DynamoDB's 100. */
export const planGroup = 20;

/** A node with more edges than this gets a cursor of its own and is listed page by page. */
export const walkEdges = 50;

/** Members of a grant that are checked for collateral. No customer's grant has more; the members beyond this number are not checked. */
export const grantMembersMax = 500;

/** Refreshes that are followed before a call, where the sender names no grant. Each is found by a read of its own. */
export const refreshesMax = 100;

/** Nodes that get a cursor of their own in one transaction of the walk, and also the consents that one transaction withdraws. */
export const walkBranches = 10;

/**
 * Credentials in one group of attempts. Each needs two or three actions; with entry, tally and cursor this is well below DynamoDB's
 * 100.
 */
export const outcomeGroup = 25;

/** Shards of a case. The transaction that closes it checks every shard's tally and has at most 100 actions. */
export const caseShardsMax = 90;

/** The markers of unsealed ledger entries are spread over this many partitions. */
export const pendingShards = 8;

/** A sparse index of due rows is spread over this many partitions. A sweep reads all of them. */
export const dueShards = 8;

/** Outbox rows are spread over this many partitions. */
export const outboxShards = 4;

/** The edges of a partner are spread over this many partitions, because a partner may hold millions of credentials. */
export const partnerShards = 16;

/** A partner's fence is stored in this many copies, because each announcement of a credential checks it. A check reads one copy. */
export const partnerFenceCopies = 4;

/** Credentials in one plan, which one transaction writes in rows of 200. A partner with more is cut off consent by consent. */
export const cutOffCredentialsMax = 10_000;

/** Credentials in one row of a plan: well below DynamoDB's 400 KB for an item. */
export const cutOffPageCredentials = 200;

/** A plan expires after this, because the partner's credentials change. */
export const cutOffMinutes = 60;

/** The second of two people acts within this time. After it the first has to ask again. */
export const approvalHours = 24;

/** Shortest overlap. Clients cache a secret for five minutes: a shorter overlap would end before all of them have read the new one. */
export const overlapSecondsMin = 300;

/** Wait before the first look at a retiring key. An old key is usually proven dead within seconds, and the rotation then rests. */
export const retireLookMs = 60_000;

/**
 * Wait after a cut-off before its rotation rests. A step that read before the cut-off has ended by then: it cannot register a key
 * again.
 */
export const abandonAfterMs = 120_000;

/** A rotation whose state has not changed for this long is looked at again. */
export const rotationLookMs = 600_000;

/** The clocks of partners drift: Rescind accepts five minutes. */
export const skewSeconds = 300;

/** Upper bound of the wait before the first retry. */
export const backoffBaseMs = 2_000;

/** Upper bound of the wait before any retry. */
export const backoffCapMs = 3_600_000;

/** SQS delays a message by at most this. The chaser sends the later wake-ups. */
export const wakeDelaySecondsMax = 900;

/** The chaser ignores work that became due less than this ago: a message for it was just sent. */
export const chaseGraceMs = 60_000;

/** A positive control makes a negative count only within this time. */
export const canaryMs = 60_000;

/** Concurrent calls of one worker to one authority, where its registration sets no other limit. */
export const authorityConcurrency = 5;

/** A decision whose transaction is cancelled is made again this many times. After that the message returns to its queue. */
export const decisionsMax = 6;

/** Events that one run of the sweep sends from each outbox shard. The next run continues. */
export const outboxPage = 50;

/** Rows in one page of an index of due rows. A sweep reads more pages while it has time. */
export const duePage = 500;

/** The latest due time, 9999-12-31T23:59:59.999Z, because due times are compared as text. A row with a later expiry never becomes due. */
export const dueMsMax = 253_402_300_799_999;

/** A case that waits for its obligations is looked at again after this. Its last outcome closes it earlier. */
export const caseLookMs = 600_000;

/** An uncovered credential is looked at again after this, because its authority may have been registered meanwhile. */
export const uncoveredLookMs = 600_000;

/** The highest generation of a consent: a sort key holds twelve digits. */
export const generationMax = 999_999_999_999;

/** An endpoint that fails this often in a row is not called again by the worker at hand. */
export const failuresMax = 5;

/**
 * Nobody calls a failing authority for this long; then one worker makes at most two calls. That is 40 calls an hour, and some 20
 * more in the first one.
 */
export const pauseMs = 180_000;

/** An authority that asks for more is asked again after a day. */
export const retryAfterMsMax = 86_400_000;
