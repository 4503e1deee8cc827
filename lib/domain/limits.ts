/** Every number that bounds the work, each with its reason. */

/** Lambda ends a function after this; turns and visibility are longer, so that the ended one is never overtaken while it still runs. */
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

/** A worker begins no group with less than this left: two of the longest calls and a commit. */
export const groupReserveMs = 22_000;

/** No call to an authority begins with less than this left: it may take 10 s, and what was seen has to be committed. */
export const callReserveMs = 13_000;

/** A group that took longer than this is followed by a small one. */
export const slowGroupMs = 3_000;

/** Longer than a function may live: a worker that died keeps its authority from the next worker for no longer than this. */
export const turnSeconds = 40;

/** One page of the delegation walk: two BatchGetItem calls of 100 keys. */
export const planPageCredentials = 200;

/** Up to four actions a credential, with cursors, entry and case beside them: under DynamoDB's 100 actions. */
export const planGroup = 20;

/** More edges than this from one node of a walk, and it is listed page by page by itself. */
export const walkEdges = 50;

/** A grant with more members than this is no customer's: what is beyond is not asked whether it would die too. */
export const grantMembersMax = 500;

/** Refreshes are found one after the other, before a call is made: whoever tells no grant has so many of them looked at. */
export const refreshesMax = 100;

/** Nodes that a step of the walk leaves to be listed by themselves, and consents that it withdraws, in one transaction. */
export const walkBranches = 10;

/** Two or three actions a credential, entry, tally and cursor beside them: well under DynamoDB's 100 actions. */
export const outcomeGroup = 25;

/** A closing transaction checks every tally of its case and has at most 100 actions. */
export const caseShardsMax = 90;

/** Pending ledger markers are spread over this many partitions. */
export const pendingShards = 8;

/** Sparse due indexes are spread over this many partitions; a sweep reads all of them. */
export const dueShards = 8;

/** Outbox rows are spread over this many partitions. */
export const outboxShards = 4;

/** A partner may hold millions of credentials: its edges are spread over this many partitions. */
export const partnerShards = 16;

/** A partner's fence is asked for at each of its credentials: its row is written in this many copies, and one is asked. */
export const partnerFenceCopies = 4;

/** One transaction holds a plan with its set, 200 credentials a row: a partner with more is cut off consent by consent. */
export const cutOffCredentialsMax = 10_000;

/** One row of a plan's set: well under DynamoDB's 400 KB an item. */
export const cutOffPageCredentials = 200;

/** What was previewed longer ago than this is not what would be killed now. */
export const cutOffMinutes = 60;

/** The second of two people acts within this, or the first asks again. */
export const approvalHours = 24;

/** An overlap shorter than this ends before every user of the secret has read the new one (clients cache for five minutes). */
export const overlapSecondsMin = 300;

/** An old key is usually proven dead within seconds: the sweep that comes after this finds it, and the rotation rests. */
export const retireLookMs = 60_000;

/** A step that looked before a cut-off ends within its function's time and one call: keys taken out after this stay out. */
export const abandonAfterMs = 120_000;

/** A rotation that has not moved for this long is looked at again. */
export const rotationLookMs = 600_000;

/** Partner clocks drift; accept five minutes. */
export const skewSeconds = 300;

/** The first retry of an attempt waits up to this. */
export const backoffBaseMs = 2_000;

/** No attempt waits longer than this for its successor. */
export const backoffCapMs = 3_600_000;

/** SQS delays a message by at most this; later wake-ups are the chaser's. */
export const wakeDelaySecondsMax = 900;

/** What the chaser leaves alone: work that a message was just sent for. */
export const chaseGraceMs = 60_000;

/** A canary's answer vouches for a negative for this long. */
export const canaryMs = 60_000;

/** Calls in flight at one authority from one worker, unless its registration says otherwise. */
export const authorityConcurrency = 5;

/** A cancelled transaction is decided anew this often before the message goes back to its queue. */
export const decisionsMax = 6;

/** The sweep sends at most this many events in one run of each outbox shard; the next run goes on. */
export const outboxPage = 50;

/** One page of an index of what is due; a sweep reads page after page while it has time. */
export const duePage = 500;

/** Due times are compared as text, which ends with 9999-12-31T23:59:59.999Z: what expires later never does. */
export const dueMsMax = 253_402_300_799_999;

/** A case that waits for its obligations is looked at again after this; its last outcome closes it sooner. */
export const caseLookMs = 600_000;

/** A credential without a connector is looked at again after this: its authority may have been registered since. */
export const uncoveredLookMs = 600_000;

/** Of a consent: what a key has room for. */
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
