/** Why a call did not leave, or why its answer does not count. */
export type EgressCode =
  /** The configuration is wrong, not a call. */
  | 'rule'
  | 'url'
  | 'not-https'
  | 'user-info'
  | 'port'
  /** The host has a name that means something inside a network only, and no rule lists it. */
  | 'private-name'
  /** The host resolves to an address that it may not have. */
  | 'address'
  | 'dns'
  | 'connection'
  /** The certificate does not prove the host, or the handshake failed. */
  | 'tls'
  | 'timeout'
  | 'aborted'
  /** Nothing was sent: the authority failed, or asked us to wait. */
  | 'paused'
  | 'redirect'
  | 'too-large'
  /** A method or header of ours that HTTP cannot carry. */
  | 'request'
  /** What came back is not HTTP. */
  | 'not-http';

/** A refused or failed call; the message names the host and what to do, never a path, query, header or body. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code: EgressCode;

  constructor(code: EgressCode, message: string) {
    super(message);
    this.code = code;
  }
}
