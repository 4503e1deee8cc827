import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../../../lib/cli/sha256.ts';

/** One request as it goes on the wire; tests bend it after it was signed. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Signing {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region?: string;
  readonly service?: string;
  readonly at?: number;
}

/** Signs as AWS's own clients do, with their own signer. */
export async function signed(request: WireRequest, how: Signing): Promise<WireRequest> {
  const { accessKeyId, secretAccessKey, region = 'eu-west-1', service = 'lambda', at } = how;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey },
    region,
    service,
    sha256: Sha256,
  });
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(request.url);
  const names = [...new Set(searchParams.keys())];
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol,
      hostname,
      port: Number(port),
      path: pathname,
      query: Object.fromEntries(names.map((name) => [name, searchParams.getAll(name)])),
      headers: { host, ...request.headers },
      ...(request.body !== undefined && { body: request.body }),
    },
    at === undefined ? {} : { signingDate: new Date(at) },
  );
  return { ...request, headers };
}
