/** What keeps a client's registration from being read or changed. */
export type RegistrationCode =
  /** 401: replaced by a later one (perhaps in an answer that was lost), withdrawn, or of another client. */
  | 'registration-token-refused'
  | 'management-forbidden'
  | 'management-unsupported'
  | 'metadata-refused'
  | 'unavailable'
  /** Sent, perhaps; not answered. A change may have been made. */
  | 'silent'
  | 'unsendable'
  | 'not-registration'
  | 'not-by-key'
  | 'keys-by-uri'
  | 'keys';

/** `retry`: the same call again is safe and may help; `reject`: it will never work until a person has done something. */
export type RegistrationDisposition = 'retry' | 'reject';

const dispositions = {
  'registration-token-refused': 'reject',
  'management-forbidden': 'reject',
  'management-unsupported': 'reject',
  'metadata-refused': 'reject',
  unavailable: 'retry',
  silent: 'retry',
  unsendable: 'reject',
  // as a proxy's page in the server's place would look
  'not-registration': 'retry',
  'not-by-key': 'reject',
  'keys-by-uri': 'reject',
  keys: 'reject',
} as const satisfies Record<RegistrationCode, RegistrationDisposition>;

/**
 * A registration that could not be read or changed. Message and `because` are made of the host, codes and statuses;
 * never of a token, a key, a path or a body.
 */
export class RegistrationError extends Error {
  override readonly name = 'RegistrationError';
  readonly code: RegistrationCode;
  readonly disposition: RegistrationDisposition;
  /** A finer code: `http-503`, `timeout`, `invalid-client-metadata`, `private-key`. */
  readonly because: string;

  constructor(code: RegistrationCode, because: string, message: string) {
    super(message);
    this.code = code;
    this.because = because;
    this.disposition = dispositions[code];
  }
}
