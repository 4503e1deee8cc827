import type { Fetch } from '../../../connectors/egress.ts';
import type { Rotating } from '../../../domain/decisions/rotation/rotate.ts';
import type { Hold } from '../../../domain/emergency/hold.ts';
import type { AuthorityId, ClientId } from '../../../domain/ids.ts';
import type { Authority } from '../../../domain/inventory/authority.ts';
import type { Client } from '../../../domain/rotation/client.ts';
import type { Rotation } from '../../../domain/rotation/rotation.ts';
import type { CaseSubject } from '../../../domain/subject.ts';
import type { Recorder } from '../../flow.ts';
import type { KeySecrets, KeyVersions, RegistrationTokens } from '../client-secrets.ts';
import type { CutOffReads, Standing } from '../cut-off.ts';

/** The dependencies of the rotation steps. */
export interface RotateSecret extends Recorder, CutOffReads {
  readonly clients: { find(id: ClientId): Promise<Client | undefined> };
  readonly rotations: { find(client: ClientId): Promise<Rotation | undefined> };
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
  readonly keys: KeySecrets;
  readonly holds: { find(subject: CaseSubject): Promise<Hold | undefined> };
  readonly registrationTokens: RegistrationTokens;
  /** `createEgress(...).fetch`. */
  readonly fetch: Fetch;
}

/** One step of a rotation that Rescind began, with the rows and versions that were read for it. */
export interface Step extends Rotating {
  readonly secretId: string;
  /** The id of the version that the rotation makes. */
  readonly token: string;
  readonly versions: KeyVersions;
  readonly standing: Standing;
}
