interface SharefileEvents {
  readonly callback: string;
  readonly name: string;
  readonly kind: 'polling' | 'webhook';
}

const poller = `  event.poller.refresh_interval: 15
  event.poller.configuration: { documents: { url: "/x?where=d='\${gmtDate:yyyy-MM-dd}'", idField: Id } }
`;

/** A definition of ShareFile with events. Its key for signatures and the secrets of its app are the secret `APP`. */
export function sharefileEvents({ callback, name, kind }: SharefileEvents): string {
  return `connector: sharefile
name: ${name}
configuration:
  oauth.api.key: \${{ secrets.APP }}
  oauth.api.secret: \${{ secrets.APP }}
  oauth.callback.url: https://app.example/oauth
  document.root.folder.name: /top
  sharefile.subdomain: acme
  event.notification.enabled: true
  event.vendor.type: ${kind}
  event.notification.callback.url: ${callback}
  event.notification.signature.key: \${{ secrets.APP }}
${kind === 'polling' ? poller : ''}providerData: { code: sandbox-code }
`;
}
