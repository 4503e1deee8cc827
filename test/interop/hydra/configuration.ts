interface Configured {
  readonly origin: string;
  readonly publicPort: number;
  readonly adminPort: number;
  readonly files: { readonly key: string; readonly cert: string };
  readonly secret: string;
}

/** As `spec/config.json` of Hydra has it. */
export const configurationOf = ({ origin, publicPort, adminPort, files, secret }: Configured): object => ({
  dsn: 'memory',
  serve: {
    public: { host: '127.0.0.1', port: publicPort },
    admin: { host: '127.0.0.1', port: adminPort },
    tls: { enabled: true, key: { path: files.key }, cert: { path: files.cert } },
  },
  urls: {
    self: { issuer: origin, public: origin, admin: origin },
    // nobody answers there: `authorize.ts` takes the challenge out of the redirect
    login: `${origin}/login`,
    consent: `${origin}/consent`,
  },
  secrets: { system: [secret] },
  oidc: { dynamic_client_registration: { enabled: true } },
  log: { level: 'warn', format: 'text' },
  sqa: { opt_out: true },
});
