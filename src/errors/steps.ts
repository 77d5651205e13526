/** What to do next, as data. */
export type Step = {
  do: 'repeat' | 'wait' | 'ask' | 'fix' | 'read';
  /** What the text speaks of: the step is left out where the answer does not have it. */
  needs?: Need;
  /** Left out where facts of the case already say what it would find out. */
  unless?: 'facts';
  /** One sentence. */
  text: string;
};

export type Need = 'client_token' | 'ram_policy';

const step =
  (kind: Step['do']) =>
  (text: string, condition: Pick<Step, 'needs' | 'unless'> = {}): Step => ({ do: kind, text, ...condition });

/** The same call again. */
export const repeat = step('repeat');
export const wait = step('wait');
/** A person, who decides or does it. */
export const ask = step('ask');
/** Something is to be put right first. */
export const fix = step('fix');
/** Something is to be looked up. */
export const read = step('read');
