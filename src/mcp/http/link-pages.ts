/** The pages of links: plain HTML with forms, without a script, which nothing may keep, frame or be told about. */
import { createHash } from 'node:crypto';
import { visible } from '../../errors/external-text.js';
import type { Kept } from './links.js';
import type { Reply } from './reply.js';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}' +
  'h1{font-size:1.4rem}dt{color:#595959}dd{margin:0 0 .5rem;overflow-wrap:anywhere}form{display:inline}' +
  'button,a.button{font:inherit;padding:.6rem 1rem;margin:.5rem .5rem 0 0;border:1px solid #0b57d0;border-radius:.4rem;background:#0b57d0;color:#fff;cursor:pointer;text-decoration:none;display:inline-block}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#111}dt{color:#aaa}}';

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  // Browsers send no Origin with a form of a page that refers nowhere at all; to others, this one does not refer either.
  'referrer-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; form-action 'self' openvpn:; frame-ancestors 'none'; base-uri 'none'`,
};

/** What is handed over, whose it is, and until when. */
export function linkPage({ name, certificateId, serverId, regionId, person, expires }: Kept, secret: string): Reply {
  const facts = [
    ['Certificate', name === '' ? certificateId : `${name} (${certificateId})`],
    ['VPN server', `${serverId} (${regionId})`],
    ...(person === undefined ? [] : [['Handed over by', person.label]]),
    ['Works once, until', `${new Date(expires).toISOString().slice(0, 16).replace('T', ' ')} UTC`],
  ];
  return page(
    200,
    'Your VPN access',
    `<dl>${facts.map(([term = '', text = '']) => `<dt>${escaped(term)}</dt><dd>${escaped(text)}</dd>`).join('')}</dl>
<form method="post" action="${secret}/import"><button>Open in OpenVPN Connect</button></form>
<form method="post" action="${secret}/file"><button>Download the file</button></form>
<p>Either button uses the link up. Whoever has the file can connect as you: keep it to yourself.</p>`,
  );
}

/** @param address that OpenVPN Connect opens */
export function connectPage(address: string): Reply {
  const reply = page(
    303,
    'Opening OpenVPN Connect',
    `<p>If nothing happens, install OpenVPN Connect and press the button within a minute.</p>
<p><a class="button" href="${escaped(address)}">Open in OpenVPN Connect</a></p>`,
  );
  return { ...reply, headers: { ...reply.headers, location: address } };
}

/** The same for a link that was used, has expired, or never was. */
export function usedPage(): Reply {
  return page(404, 'This link does not work', '<p>It may have been used, or it has expired. Ask for a new one.</p>');
}

export function brokenPage(): Reply {
  const reply = page(
    503,
    'Not now',
    '<p>The file could not be fetched. Try again in a minute; if the link does not work then, ask for a new one.</p>',
  );
  return { ...reply, headers: { ...reply.headers, 'retry-after': '30' } };
}

function page(status: number, title: string, body: string): Reply {
  return {
    status,
    headers: { ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head>
<body><h1>${title}</h1>
${body}
</body></html>
`,
  };
}

function escaped(text: string): string {
  return visible(text, 2_000).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
