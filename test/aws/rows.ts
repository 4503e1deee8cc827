import type { Case } from '../../lib/domain/case/case.ts';
import {
  consentId,
  credentialId,
  customerId,
  customerPrint,
  entryId,
  grantId,
} from '../../lib/domain/ids.ts';
import { partnerFenceCopies } from '../../lib/domain/limits.ts';
import type { Write, WriteKind } from '../../lib/domain/transaction/write.ts';
import {
  at,
  authorityOf,
  caseOf,
  consentOf,
  credentialOf,
  fenceOf,
  obligationOf,
  partnerOf,
} from '../domain/objects.ts';
import { authorityId, partnerId } from '../../lib/domain/ids.ts';
import { operatorSituations } from './operator-rows.ts';
import type { Situation } from './situation.ts';
import { fresh } from './world.ts';

/** A case of its own for each test. */
export const freshCase = (over: Partial<Case> = {}): Case =>
  caseOf({ subject: { type: 'consent', id: consentId(fresh('consent')) }, ...over });

export const opened = (of: Case): Write => ({
  kind: 'open-case',
  case: of,
  root: { kind: 'consent', id: of.subject.id, generation: of.generation },
  dueAt: at,
});

const noTally = { planned: 0, dead: 0, draining: 0, waived: 0, open: 0, uncovered: 0 };
const settled = { attempts: 1, dueAt: at, uncovered: false, last: 'accepted/dead' };

/** Every kind of write in one or more situations, with ids of their own; a new kind does not compile without one. */
export const situations: { readonly [Kind in WriteKind]: () => Readonly<Record<string, Situation>> } = {
  ...operatorSituations,
  'register-partner': () => {
    const partner = partnerOf({ id: partnerId(fresh('partner')) });
    const first: Write = { kind: 'register-partner', partner, from: null };
    const second: Write = { kind: 'register-partner', partner: { ...partner, revision: 2 }, from: 1 };
    const third: Write = { kind: 'register-partner', partner: { ...partner, revision: 3 }, from: 2 };
    return {
      'that is new': { write: first, holds: [], fails: [first] },
      'of the next revision': { write: second, holds: [first], fails: [first, second, third] },
      'that was never there': { write: second, holds: [first], fails: [] },
    };
  },
  'register-authority': () => {
    const authority = authorityOf({ id: authorityId(fresh('authority')), limits: { concurrency: 3 } });
    const first: Write = { kind: 'register-authority', authority, from: null };
    const second: Write = { kind: 'register-authority', authority: { ...authority, revision: 2 }, from: 1 };
    return {
      'that is new': { write: first, holds: [], fails: [first] },
      'of the next revision': { write: second, holds: [first], fails: [] },
    };
  },
  'publish-keys': () => {
    const publish = (keyId: string, from: string | null): Write => ({
      kind: 'publish-keys',
      jwks: '{"keys":[]}',
      keyId,
      from,
    });
    return {
      'after the ones that were read': {
        write: publish('k3', 'k1'),
        holds: [],
        fails: [publish('k2', 'k1')],
      },
    };
  },
  'require-partner': () => {
    const partner = partnerOf({ id: partnerId(fresh('partner')) });
    const registered: Write = { kind: 'register-partner', partner, from: null };
    return {
      'that is registered': {
        write: { kind: 'require-partner', partner: partner.id },
        holds: [registered],
        fails: [],
      },
      'in the revision that was read': {
        write: { kind: 'require-partner', partner: partner.id, revision: 1 },
        holds: [registered],
        fails: [{ kind: 'register-partner', partner: { ...partner, revision: 2 }, from: null }],
      },
    };
  },
  'see-signal': () => {
    const signal = { account: '111122223333', source: 'bank', id: fresh('event') };
    const write: Write = { kind: 'see-signal', signal, digest: 'd', at };
    return { 'that is new': { write, holds: [], fails: [{ ...write, digest: 'another' }] } };
  },
  'see-rejection': () => {
    const write: Write = { kind: 'see-rejection', digest: fresh('digest'), reason: 'malformed', at };
    return { 'that is new': { write, holds: [], fails: [write] } };
  },
  'add-consent': () => {
    const consent = consentOf({ id: consentId(fresh('consent')), generation: 2 });
    const write: Write = { kind: 'add-consent', consent };
    const earlier: Write = { kind: 'add-consent', consent: { ...consent, generation: 1 } };
    return {
      'of a new generation': {
        write,
        holds: [earlier],
        fails: [{ ...write, consent: { ...consent, state: 'withdrawn' } }],
      },
    };
  },
  'add-credential': () => {
    const credential = credentialOf({ id: credentialId(fresh('rt')) });
    const write: Write = { kind: 'add-credential', credential };
    return {
      'that is new': {
        write,
        holds: [],
        fails: [{ ...write, credential: { ...credential, state: 'condemned' } }],
      },
    };
  },
  'move-credential': () => {
    const credential = credentialOf({ id: credentialId(fresh('rt')) });
    const add = (over: object): Write => ({ kind: 'add-credential', credential: { ...credential, ...over } });
    const move = { kind: 'move-credential', credential, round: 1, from: 'live', to: 'condemned' } as const;
    return {
      'in the state that was read': { write: move, holds: [add({})], fails: [add({ state: 'condemned' })] },
      'in the round that was read': { write: move, holds: [add({})], fails: [add({ round: 2 })] },
      'that is there': { write: move, holds: [add({})], fails: [] },
    };
  },
  'link-customer': () => {
    const customer = { print: customerPrint(fresh('print')), pseudonym: customerId(fresh('customer')) };
    const write: Write = { kind: 'link-customer', customer };
    const of = (over: object): Write => ({ kind: 'link-customer', customer: { ...customer, ...over } });
    return {
      'of a customer without a pseudonym': {
        write,
        holds: [],
        fails: [of({ pseudonym: customerId(fresh('customer')) })],
      },
      'to a pseudonym that is nobody’s': {
        write,
        holds: [],
        fails: [of({ print: customerPrint(fresh('print')) })],
      },
    };
  },
  'forget-customer': () => {
    const customer = { print: customerPrint(fresh('print')), pseudonym: customerId(fresh('customer')) };
    const link: Write = { kind: 'link-customer', customer };
    const write: Write = { kind: 'forget-customer', customer };
    return { 'that is linked': { write, holds: [link], fails: [link, write] } };
  },
  'withdraw-consent': () => {
    const consent = consentOf({ id: consentId(fresh('consent')) });
    const add = (state: 'granted' | 'withdrawn'): Write => ({
      kind: 'add-consent',
      consent: { ...consent, state },
    });
    const write: Write = { kind: 'withdraw-consent', consent };
    return {
      'that is granted': { write, holds: [add('granted')], fails: [add('withdrawn')] },
      'that is there': { write, holds: [add('granted')], fails: [] },
    };
  },
  'mark-credential': () => {
    const credential = credentialOf({ id: credentialId(fresh('rt')), state: 'dead' });
    const add: Write = { kind: 'add-credential', credential };
    const write: Write = { kind: 'mark-credential', credential, by: caseOf().id };
    return {
      'that no walk came through': { write, holds: [add], fails: [add, write] },
      'that is there': { write, holds: [add], fails: [] },
    };
  },
  'condemn-grant': () => {
    const grant = { authority: authorityId('bank'), grant: grantId(fresh('grant')), partner: partnerId('p') };
    const write: Write = { kind: 'condemn-grant', grant, by: caseOf().id };
    return { 'that no walk came through': { write, holds: [], fails: [write] } };
  },
  'require-not-condemned': () => {
    const credential = credentialOf({ id: credentialId(fresh('rt')) });
    const grant = { authority: authorityId('bank'), grant: grantId(fresh('grant')), partner: partnerId('p') };
    const ofCredential: Write = { kind: 'require-not-condemned', origin: credential };
    const ofGrant: Write = { kind: 'require-not-condemned', origin: grant };
    const add: Write = { kind: 'add-credential', credential };
    const condemn = { kind: 'move-credential', credential, round: 1, from: 'live', to: 'condemned' } as const;
    return {
      'of a credential that is not known': {
        write: ofCredential,
        holds: [],
        fails: [{ ...add, credential: { ...credential, state: 'condemned', condemnedBy: caseOf().id } }],
      },
      'of one that died of its age': { write: ofCredential, holds: [add, condemn] },
      'of one that a walk condemned': {
        write: ofCredential,
        holds: [add],
        fails: [add, { ...condemn, by: caseOf().id }],
      },
      'of a grant': {
        write: ofGrant,
        holds: [],
        fails: [{ kind: 'condemn-grant', grant, by: caseOf().id }],
      },
    };
  },
  'clear-due': () => {
    const credential = credentialOf({ id: credentialId(fresh('rt')) });
    const clear = { kind: 'clear-due', of: { authority: credential.authority, id: credential.id } } as const;
    return { 'that is there': { write: clear, holds: [{ kind: 'add-credential', credential }], fails: [] } };
  },
  'raise-fence': () => {
    const subject = { type: 'consent', id: consentId(fresh('consent')) } as const;
    const raise = (generation: number, from: number | null): Write => ({
      kind: 'raise-fence',
      fence: fenceOf({ subject, generation }),
      from,
    });
    const partner = { type: 'partner', id: partnerId(fresh('partner')) } as const;
    const raisePartner = (generation: number, from: number | null): Write => ({
      kind: 'raise-fence',
      fence: fenceOf({ subject: partner, generation }),
      from,
    });
    return {
      'where none stood': { write: raise(2, null), holds: [], fails: [raise(1, null)] },
      'from where it stood': {
        write: raise(4, 2),
        holds: [raise(2, null)],
        fails: [raise(2, null), raise(3, 2)],
      },
      'from one that was read': { write: raise(4, 2), holds: [raise(2, null)], fails: [] },
      'over a partner, where none stood': {
        write: raisePartner(1, null),
        holds: [],
        fails: [raisePartner(1, null)],
      },
    };
  },
  'require-no-fence': () => {
    const subject = { type: 'consent', id: consentId(fresh('consent')) } as const;
    const raise = (generation: number): Write => ({
      kind: 'raise-fence',
      fence: fenceOf({ subject, generation }),
      from: null,
    });
    const write: Write = { kind: 'require-no-fence', subject, generation: 3 };
    return {
      'where none stands': { write, holds: [], fails: [raise(3)] },
      'above a lower one': { write, holds: [raise(2)], fails: [raise(4)] },
      ...partnerCopies(),
    };
  },
  'open-case': () => {
    const of = freshCase();
    return { 'that is new': { write: opened(of), holds: [], fails: [opened({ ...of, state: 'working' })] } };
  },
  'move-case': () => {
    const of = freshCase({ state: 'planning', cursors: 1 });
    const move = { kind: 'move-case', case: of.id, from: { state: 'planning', cursors: 1 } } as const;
    const on: Write = { ...move, to: { state: 'working', cursors: 0 }, dueAt: at };
    const worked = { ...of, state: 'working', cursors: 0 } as const;
    const close: Write = {
      ...move,
      from: { state: 'working', cursors: 0 },
      to: { state: 'closed', cursors: 0 },
      completeAt: at,
    };
    return {
      'in the state that was read': {
        write: on,
        holds: [opened(of)],
        fails: [opened({ ...of, state: 'open' })],
      },
      'with the cursors that were read': {
        write: on,
        holds: [opened(of)],
        fails: [opened({ ...of, cursors: 2 })],
      },
      'that is there': { write: on, holds: [opened(of)], fails: [] },
      'to its end': { write: close, holds: [opened(worked)], fails: [opened({ ...worked, cursors: 1 })] },
    };
  },
  'require-planned': () => {
    const of = freshCase({ state: 'working', cursors: 0 });
    const write: Write = { kind: 'require-planned', case: of.id };
    return {
      'that lists nothing more': { write, holds: [opened(of)], fails: [opened({ ...of, cursors: 1 })] },
      'that is there': { write, holds: [opened(of)], fails: [] },
    };
  },
  'add-cursor': () => {
    const of = freshCase();
    const node = { kind: 'credential', authority: 'bank', id: 'rt-1' } as const;
    const write: Write = { kind: 'add-cursor', case: of.id, node, dueAt: '2026-01-01T00:00:00.000Z' };
    return {
      'of a case that runs': { write, holds: [opened(of)], fails: [opened({ ...of, state: 'closed' })] },
      'that is new': { write, holds: [opened(of)], fails: [opened(of), write] },
      'of a case that is there': { write, holds: [opened(of)], fails: [] },
    };
  },
  'branch-cursor': () => {
    const of = freshCase();
    const walked = [
      {
        authority: authorityId('bank'),
        id: credentialId('rt-1'),
        partner: partnerId('p'),
        grant: grantId('g'),
      },
    ];
    const cursor = { node: { kind: 'batch', id: fresh('batch'), walked } } as const;
    const write: Write = { kind: 'branch-cursor', case: of.id, cursor };
    return { 'that is new': { write, holds: [], fails: [write] } };
  },
  'note-credential': () => {
    const { authority, id } = credentialOf({ id: credentialId(fresh('rt')) });
    const note = { case: freshCase().id, shard: 0, authority, id, as: 'passed' } as const;
    const write: Write = { kind: 'note-credential', note };
    return {
      'that is new': { write, holds: [], fails: [{ ...write, note: { ...note, as: 'shared' } }] },
    };
  },
  'note-grant': () => {
    const grant = {
      authority: authorityId('bank'),
      grant: grantId(fresh('grant')),
      partner: partnerId('p'),
    };
    const write: Write = { kind: 'note-grant', case: freshCase().id, grant };
    return { 'that is new': { write, holds: [], fails: [write] } };
  },
  'move-cursor': () => {
    const of = freshCase();
    const node = { kind: 'consent', id: of.subject.id, generation: of.generation } as const;
    const move = (from: string | undefined, after: string): Write => ({
      kind: 'move-cursor',
      case: of.id,
      cursor: { node, after: from },
      after,
    });
    return {
      'from the beginning': {
        write: move(undefined, 'b'),
        holds: [opened(of)],
        fails: [opened(of), move(undefined, 'a')],
      },
      'from where it was read': {
        write: move('a', 'b'),
        holds: [opened(of), move(undefined, 'a')],
        fails: [opened(of), move(undefined, 'c')],
      },
      'that is there': { write: move(undefined, 'b'), holds: [opened(of)], fails: [] },
    };
  },
  'drop-cursor': () => {
    const of = freshCase();
    const node = { kind: 'consent', id: of.subject.id, generation: of.generation } as const;
    const move: Write = { kind: 'move-cursor', case: of.id, cursor: { node }, after: 'a' };
    const drop = (after?: string): Write => ({ kind: 'drop-cursor', case: of.id, cursor: { node, after } });
    return {
      'at the beginning': { write: drop(), holds: [opened(of)], fails: [opened(of), move] },
      'where it was read': { write: drop('a'), holds: [opened(of), move], fails: [opened(of)] },
      'that is there': { write: drop(), holds: [opened(of)], fails: [] },
    };
  },
  'open-obligation': () => {
    const obligation = obligationOf({ case: freshCase().id });
    const write: Write = { kind: 'open-obligation', obligation };
    return {
      'that is new': { write, holds: [], fails: [{ ...write, obligation: { ...obligation, attempts: 3 } }] },
    };
  },
  'settle-obligation': () => {
    const from = obligationOf({ case: freshCase().id, attempts: 1 });
    const open = (over: object): Write => ({ kind: 'open-obligation', obligation: { ...from, ...over } });
    const settle = (over: object): Write => ({
      kind: 'settle-obligation',
      from,
      to: { ...settled, attempts: 2, state: 'open', ...over },
    });
    const ended = settle({ state: 'dead', deadBy: at, seenActiveAt: 5 });
    return {
      'after the attempt that was read': {
        write: settle({}),
        holds: [open({})],
        fails: [open({ attempts: 2 })],
      },
      'in the attempt that was read': {
        write: settle({}),
        holds: [open({})],
        fails: [open({ attempts: 0 })],
      },
      'in the state that was read': {
        write: settle({}),
        holds: [open({})],
        fails: [open({ state: 'waived' })],
      },
      'in the round that was read': { write: settle({}), holds: [open({})], fails: [open({ round: 2 })] },
      'that is there': { write: settle({ state: 'dead' }), holds: [open({})], fails: [] },
      'that drains': { write: settle({ state: 'draining', deadBy: at }), holds: [open({})], fails: [] },
      'that ends with all that was seen': {
        write: ended,
        holds: [open({})],
        fails: [open({ state: 'draining' })],
      },
    };
  },
  'accept-collateral': () => {
    const obligation = obligationOf({ case: freshCase().id, attempts: 1 });
    const open = (over: object): Write => ({
      kind: 'open-obligation',
      obligation: { ...obligation, ...over },
    });
    const write: Write = { kind: 'accept-collateral', obligation, dueAt: at };
    return {
      'of one that is open': { write, holds: [open({})], fails: [open({ state: 'dead' })] },
      'of one that drains': {
        write,
        holds: [open({ state: 'draining' })],
        fails: [open({ state: 'waived' })],
      },
      'whatever was tried meanwhile': { write, holds: [open({ attempts: 7 })], fails: [open({}), write] },
      'of one that is there': { write, holds: [open({})], fails: [] },
    };
  },
  'postpone-obligation': () => {
    const obligation = obligationOf({ case: freshCase().id, attempts: 1 });
    const open = (over: object): Write => ({
      kind: 'open-obligation',
      obligation: { ...obligation, ...over },
    });
    const write: Write = { kind: 'postpone-obligation', obligation, dueAt: at };
    return {
      'after the attempt that was read': { write, holds: [open({})], fails: [open({ attempts: 2 })] },
      'in the attempt that was read': { write, holds: [open({})], fails: [open({ attempts: 0 })] },
      'in the state that was read': { write, holds: [open({})], fails: [open({ state: 'dead' })] },
      'that is there': { write, holds: [open({})], fails: [] },
    };
  },
  'postpone-case': () => {
    const of = freshCase();
    const write: Write = { kind: 'postpone-case', case: of.id, dueAt: at };
    return {
      'that is not closed': { write, holds: [opened(of)], fails: [opened({ ...of, state: 'closed' })] },
      'that is there': { write, holds: [opened(of)], fails: [] },
    };
  },
  'add-tally': () => ({
    'of any shard': {
      write: { kind: 'add-tally', case: freshCase().id, shard: 0, tally: { open: 1 } },
      holds: [],
    },
  }),
  'require-tally': () => {
    const { id } = freshCase();
    const counted = (tally: object): Write => ({ kind: 'add-tally', case: id, shard: 0, tally });
    const write: Write = {
      kind: 'require-tally',
      case: id,
      shard: 0,
      tally: { ...noTally, planned: 2, dead: 2 },
    };
    const none: Write = { ...write, tally: noTally };
    return {
      'that is exactly this': {
        write,
        holds: [counted({ planned: 2, dead: 2 })],
        fails: [counted({ planned: 3, dead: 2, open: 1 })],
      },
      'that is there': { write, holds: [counted({ planned: 2, dead: 2 })], fails: [] },
      'that is not there': { write: none, holds: [], fails: [counted({ planned: 1, open: 1 })] },
    };
  },
  'queue-event': () => {
    const detail = { case: freshCase().id, credentials: [], at };
    const event = { id: fresh('event'), type: 'Credential Revoked', detail } as const;
    const write: Write = { kind: 'queue-event', event };
    return {
      'that is new': {
        write,
        holds: [],
        fails: [{ ...write, event: { ...event, detail: { ...detail, at: 'later' } } }],
      },
    };
  },
  'append-entry': () => {
    const entry = {
      version: 1,
      id: entryId(fresh('entry')),
      kind: 'granted',
      at,
      subject: fresh('consent/c'),
      changes: [],
      facts: { n: 1 },
    } as const;
    const write: Write = { kind: 'append-entry', entry };
    return {
      'that is new': { write, holds: [], fails: [{ ...write, entry: { ...entry, facts: { n: 2 } } }] },
      'whose marker is new': {
        write,
        holds: [],
        fails: [{ ...write, entry: { ...entry, subject: 'elsewhere' } }],
      },
    };
  },
};

/** Each copy of a partner's fence answers for all. */
function partnerCopies(): Readonly<Record<string, Situation>> {
  const subject = { type: 'partner', id: partnerId(fresh('partner')) } as const;
  const raise: Write = { kind: 'raise-fence', fence: fenceOf({ subject, generation: 1 }), from: null };
  return Object.fromEntries(
    Array.from({ length: partnerFenceCopies }, (_, copy) => [
      `over a partner, asked of copy ${copy}`,
      { write: { kind: 'require-no-fence', subject, generation: 0, copy }, holds: [], fails: [raise] },
    ]),
  );
}
