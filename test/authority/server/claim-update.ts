import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

/**
 * Answers an update of a client (RFC 7592 section 2.2) as a server that did it and leaves the token as it is would, and
 * does nothing. Gives the status.
 */
export function claimUpdate(request: IncomingMessage, response: ServerResponse, uri: string): number {
  const token = request.headers.authorization?.replace(/^Bearer /i, '');
  const say = (metadata: object): void => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(
      JSON.stringify({ ...metadata, registration_access_token: token, registration_client_uri: uri }),
    );
  };
  json(request).then(
    (asked) => say(asked as object),
    () => request.destroy(),
  );
  return 200;
}
