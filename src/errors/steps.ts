/** What to do next, as data. */
export type Step = {
  do: 'repeat' | 'wait' | 'ask' | 'fix' | 'read';
  /** The field of the answer that the text speaks of: without it, the step is left out. */
  needs?: 'client_token' | 'ram_policy';
  /** The field of the answer, or of its facts, that makes the step pointless: with it, the step is left out. */
  unless?: 'ram_policy' | 'certificate_count' | 'found_in_region' | 'regions';
  /** One sentence. */
  text: string;
};

const step =
  (kind: Step['do']) =>
  (text: string, condition: Pick<Step, 'needs' | 'unless'> = {}): Step => ({ do: kind, text, ...condition });

/** The same call again. */
export const repeat = step('repeat');
/** The same call again, after a while. */
export const wait = step('wait');
/** A person decides or does it. */
export const ask = step('ask');
/** Something has to be put right first. */
export const fix = step('fix');
/** Something has to be looked up first. */
export const read = step('read');

/** @param answer what is shown beside the steps, with its facts on the same level */
export function stepTexts(steps: readonly Step[], answer: object): string[] {
  return steps
    .filter(
      ({ needs, unless }) => (needs === undefined || needs in answer) && !(unless !== undefined && unless in answer),
    )
    .map(({ text }) => text);
}
