/** The page, with a policy under which it can run nothing but itself and reach nobody but this process. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Route } from '../../mcp/http/reply.js';

const PAGE = new URL('../explorer.html', import.meta.url);

export async function pageRoute(): Promise<Route> {
  const html = await readFile(PAGE, 'utf8');
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(html),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  };
  return ({ method, path }) =>
    path === '/' && (method === 'GET' || method === 'HEAD') ? { status: 200, headers, body: html } : undefined;
}

function contentSecurityPolicy(html: string): string {
  const hashes = (tag: string): string =>
    [...html.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))]
      .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  return [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // No text can become markup: the page makes none of texts.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
