/** PEM as it arrives, words and dumps around it included, and as it is written. */

export type PemBlock = {
  label: string;
  /** Between the lines of its label, without white space. */
  body: string;
};

/** In time linear in the length of the text: no two runs of characters that could be a body overlap. */
export function pemBlocks(text: string, ...labels: readonly string[]): PemBlock[] {
  const pattern = new RegExp(`-----BEGIN (${labels.join('|')})-----([A-Za-z0-9+/=\\s]+)-----END \\1-----`, 'g');
  return Array.from(text.matchAll(pattern), ([, label = '', body = '']) => ({ label, body: body.replace(/\s/g, '') }));
}

export function pemOf({ label, body }: PemBlock, width = 64): string {
  const lines = body.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\n');
}
