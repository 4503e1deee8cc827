import { channel } from 'node:diagnostics_channel';
import type { Call } from '../service.ts';
import type { Act } from './needs/acting-services.ts';
import { administratorAccess } from './template/administrators.ts';
import type { Directory, SentCall } from './language/authorization.ts';
import { actsOf, authorize, type PolicySource, type Ruling } from './authorize.ts';
import { accessDenied, type Refusal, refusalMessage } from './needs/denied.ts';
import { neededOnBehalf, withKeys } from './needs/on-behalf.ts';
import type { Statement } from './language/policy.ts';
import type { TemplatePolicies } from './template/policy-collection.ts';
import type { Principal } from './language/principal.ts';
import { createRecord, type ProofReport } from './record.ts';
import { isKnown, neededFor } from './needs/requests.ts';

/** Who may do a call, and what it proved. */
export interface Enforcement {
  /** Throws what the service answers to a caller who may not. */
  guard(call: Call): void;
  /** Whether a caller may do a call that comes in at another door. */
  allowsCall(accessKeyId: string, call: SentCall): boolean;
  /** Whether all of these are allowed. */
  allows(acts: readonly Act[]): boolean;
  /** Throws what the service answers unless all of these are allowed. */
  demand(service: string, acts: readonly Act[]): void;
  /** The same for what AWS will do and nobody does here: it is decided, and proves nothing. */
  foresee(service: string, acts: readonly Act[]): void;
  /** Every refusal, in the words that AWS has for it. */
  readonly denials: readonly string[];
  /** Which statements of the template were needed, and which were not. */
  report(): ProofReport;
}

/** Something that the policies refused. */
export interface Refused {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  /** In the words that AWS has for it. */
  readonly message: string;
}

/**
 * Hears every refusal (`Refused`) in this process, also of a world that did not come up: who takes a grant away to see what
 * happens may have no world to ask.
 */
export const refusals = channel('rescind:iam:refused');

/** Who a caller is. */
export interface Holder {
  readonly principal: Principal;
  /** Of the account, not of the template: its own policies allow everything, and only a Deny of a resource keeps it out. */
  readonly administers: boolean;
}

export interface EnforcementOptions {
  readonly policies: TemplatePolicies;
  readonly directory: Directory;
  /** Whose the keys are; undefined for keys that nobody has. */
  readonly holderOf: (accessKeyId: string) => Holder | undefined;
  /** What users who do not administer may: the template has no users. */
  readonly ofUsers: readonly Statement[];
}

/** Enforces the policies of a template. */
export function createEnforcement(options: EnforcementOptions): Enforcement {
  const { policies, directory, holderOf, ofUsers } = options;
  const record = createRecord(policies.statements);
  const known = new Set(policies.statements.map(({ id }) => id));
  const denials: string[] = [];
  const source: PolicySource = {
    identityOf: (principal) => {
      if (principal.kind === 'role') return policies.ofRole(principal.arn);
      return principal.kind === 'user' ? ofUsers : [];
    },
    resourceOf: (arn) => policies.ofResource(arn),
  };

  const note = ({ principal, authorization, decision }: Ruling): void => {
    if (!decision.allowed && decision.because === 'no-allow') return;
    const by = decision.by.filter((id) => known.has(id));
    record.note({ principal, ...authorization }, { ...decision, by });
  };
  const asAdministrator: PolicySource = { ...source, identityOf: () => administratorAccess };
  const refusedOf = (acts: readonly Act[], proves = true) =>
    refusedBy(authorize(withKeys(acts, directory), source), proves);
  const refusedBy = (rulings: readonly Ruling[], proves: boolean) => {
    const refused = rulings.find(isRefused);
    // a call that was refused proves nothing but the refusal; who may everything needs no statement of the template
    for (const ruling of rulings) if (refused ? ruling === refused : proves) note(ruling);
    if (refused) tell(refused);
    return refused;
  };
  const tell = (refused: Ruling & { readonly decision: Refusal }): void => {
    const { principal, authorization } = refused;
    const { action, resource } = authorization;
    const message = refusalMessage(refused);
    denials.push(message);
    refusals.publish({ principal, action, resource, message } satisfies Refused);
  };
  const refuse = (service: string, refused: ReturnType<typeof refusedOf>): void => {
    if (refused) throw accessDenied(service, refused);
  };
  const refusedCall = (accessKeyId: string, call: SentCall) => {
    const holder = holderOf(accessKeyId);
    if (!holder) throw new Error(`${accessKeyId} has come to the door, and nobody said whose key it is.`);
    // what a person may ask of AWS beside is not known here, and no policy is about it
    if (holder.administers && !isKnown(call)) return undefined;
    const needed = [...neededFor(call, directory), ...neededOnBehalf(call, directory)];
    const rulings = authorize(
      actsOf(holder.principal, needed),
      holder.administers ? asAdministrator : source,
    );
    return refusedBy(rulings, !holder.administers);
  };

  return {
    guard: (call) => refuse(call.service, refusedCall(call.caller.accessKeyId, call)),
    allowsCall: (accessKeyId, call) => refusedCall(accessKeyId, call) === undefined,
    allows: (acts) => refusedOf(acts) === undefined,
    demand: (service, acts) => refuse(service, refusedOf(acts)),
    foresee: (service, acts) => refuse(service, refusedOf(acts, false)),
    denials,
    report: () => record.report(),
  };
}

function isRefused(ruling: Ruling): ruling is Ruling & { readonly decision: Refusal } {
  return !ruling.decision.allowed;
}
