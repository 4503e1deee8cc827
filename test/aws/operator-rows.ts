import type { Approval } from '../../lib/domain/emergency/approval.ts';
import { cutOffId, holdId } from '../../lib/domain/ids.ts';
import type { Write } from '../../lib/domain/transaction/write.ts';
import { at, clientOf, credentialsOf, cutOffOf, holdOf, rotationOf } from '../domain/objects.ts';
import { caseOf } from '../domain/objects.ts';
import { clientId, partnerId } from '../../lib/domain/ids.ts';
import type { Situation } from './situation.ts';
import { fresh } from './world.ts';

const alice = 'arn:aws:iam::111122223333:user/alice';
const bob = 'arn:aws:iam::111122223333:user/bob';

/** The situations of what operators write; see `situations`. */
export const operatorSituations = {
  'register-client': (): Readonly<Record<string, Situation>> => {
    const client = clientOf({ id: clientId(fresh('client')) });
    const first: Write = { kind: 'register-client', client, from: null };
    const second: Write = { kind: 'register-client', client: { ...client, revision: 2 }, from: 1 };
    return {
      'that is new': { write: first, holds: [], fails: [first] },
      'of the next revision': { write: second, holds: [first], fails: [first, second] },
    };
  },
  'move-rotation': (): Readonly<Record<string, Situation>> => {
    const resting = rotationOf({ client: clientId(fresh('client')) });
    const begun = { ...resting, state: 'begun', number: 1 } as const;
    const first: Write = { kind: 'move-rotation', from: null, to: resting };
    const begin: Write = { kind: 'move-rotation', from: resting, to: begun };
    return {
      'of a client that has none': { write: first, holds: [], fails: [first] },
      'in the state that was read': { write: begin, holds: [first], fails: [first, begin] },
      'with the number that was read': {
        write: begin,
        holds: [first],
        fails: [{ kind: 'move-rotation', from: null, to: { ...resting, number: 7 } }],
      },
    };
  },
  'place-hold': (): Readonly<Record<string, Situation>> => {
    const hold = holdOf({ subject: { type: 'partner', id: partnerId(fresh('partner')) } });
    const next = { ...hold, id: holdId(`${hold.id}2`) };
    const first: Write = { kind: 'place-hold', hold, after: null };
    const second: Write = { kind: 'place-hold', hold: next, after: hold.id };
    const lift: Write = { kind: 'lift-hold', hold, by: bob, at };
    return {
      'where none is': { write: first, holds: [], fails: [first] },
      'after a lifted one': { write: second, holds: [first, lift], fails: [first] },
      'after the lifted one that was read': {
        write: { kind: 'place-hold', hold: next, after: holdId('another') },
        holds: [
          { kind: 'place-hold', hold: { ...hold, id: holdId('another'), state: 'lifted' }, after: null },
        ],
        fails: [first, lift],
      },
    };
  },
  'lift-hold': (): Readonly<Record<string, Situation>> => {
    const hold = holdOf({ subject: { type: 'partner', id: partnerId(fresh('partner')) } });
    const place: Write = { kind: 'place-hold', hold, after: null };
    const lift: Write = { kind: 'lift-hold', hold, by: bob, at };
    return {
      'that stands': { write: lift, holds: [place], fails: [] },
      once: { write: lift, holds: [place], fails: [place, lift] },
      'by its id': {
        write: { ...lift, hold: { ...hold, id: holdId('another') } },
        holds: [{ kind: 'place-hold', hold: { ...hold, id: holdId('another') }, after: null }],
        fails: [place],
      },
    };
  },
  'ask-approval': (): Readonly<Record<string, Situation>> => {
    const asked = approvalOf();
    const first: Write = { kind: 'ask-approval', approval: asked, over: null };
    const later: Write = { kind: 'ask-approval', approval: { ...asked, by: bob }, over: asked };
    const used: Write = { kind: 'use-approval', approval: asked, by: bob, at };
    return {
      'that nobody asked for': { write: first, holds: [], fails: [first] },
      'over the one that was read': { write: later, holds: [first], fails: [first, used] },
    };
  },
  'use-approval': (): Readonly<Record<string, Situation>> => {
    const asked = approvalOf();
    const ask: Write = { kind: 'ask-approval', approval: asked, over: null };
    const use: Write = { kind: 'use-approval', approval: asked, by: bob, at };
    return {
      'that somebody else asked for': { write: use, holds: [ask], fails: [] },
      once: { write: use, holds: [ask], fails: [ask, use] },
      'and never by the one who asked': {
        write: { ...use, by: alice, approval: { ...asked, by: bob } },
        holds: [{ ...ask, approval: { ...asked, by: bob } }],
        fails: [ask],
      },
      'of exactly this': {
        write: { ...use, approval: { ...asked, digest: 'another' } },
        holds: [{ ...ask, approval: { ...asked, digest: 'another' } }],
        fails: [ask],
      },
    };
  },
  'add-cut-off': (): Readonly<Record<string, Situation>> => {
    const cutOff = cutOffOf({ id: cutOffId(fresh('plan')) });
    const write: Write = { kind: 'add-cut-off', cutOff, set: credentialsOf(450) };
    return { 'that is new': { write, holds: [], fails: [{ ...write, cutOff: { ...cutOff, count: 7 } }] } };
  },
  'use-cut-off': (): Readonly<Record<string, Situation>> => {
    const cutOff = cutOffOf({ id: cutOffId(fresh('plan')) });
    const add: Write = { kind: 'add-cut-off', cutOff, set: [] };
    const use: Write = { kind: 'use-cut-off', cutOff, case: caseOf().id };
    return { once: { write: use, holds: [add], fails: [add, use] } };
  },
} as const;

const approvalOf = (): Approval => ({
  what: `lift/${fresh('hold')}`,
  digest: 'd',
  state: 'asked',
  by: alice,
  at,
});
