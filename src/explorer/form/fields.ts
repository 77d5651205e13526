/** Fields of a form, made of a tool's JSON Schema, and the arguments made of what stands in them. */

import { type Fields, fieldsOf, listOf, textOf } from '../link/values.js';
import type { OfferKind } from '../offers.js';

export type Field = {
  name: string;
  kind: 'text' | 'choice' | 'switch' | 'number' | 'lines' | 'json';
  isRequired: boolean;
  /** What is accepted, with an example. */
  hint: string;
  example: string;
  choices: readonly string[];
  minLength?: number;
  maxLength?: number;
  min?: number;
  max?: number;
  offers?: OfferKind;
  /** Seldom needed, so it stands behind the others. */
  isRare: boolean;
};

/** As they stand in the form. */
export type Values = Readonly<Record<string, string>>;

const OFFERS: Readonly<Record<string, OfferKind>> = {
  region_id: 'regions',
  ssl_vpn_server_id: 'servers',
  ssl_vpn_client_cert_id: 'certificates',
};
const RARE = ['client_token', 'owner_account', 'batch_id', 'cursor', 'limit', 'confirm_name', 'confirm_names'];

/** What is chosen from the cloud comes first: it brings its region. */
const FIRST = ['ssl_vpn_server_id', 'ssl_vpn_client_cert_id'];

export function fieldsFrom(schema: Fields): Field[] {
  const required = listOf(schema.required);
  const fields = Object.entries(fieldsOf(schema.properties)).map(([name, property]) =>
    fieldFrom(name, fieldsOf(property), required.includes(name)),
  );
  const rank = ({ name, isRequired }: Field): number => (isRequired && FIRST.includes(name) ? 0 : isRequired ? 1 : 2);
  return fields.sort((one, other) => rank(one) - rank(other));
}

function fieldFrom(name: string, property: Fields, isRequired: boolean): Field {
  const hint = textOf(property.description);
  const offers = OFFERS[name];
  return {
    name,
    kind: kindOf(property),
    isRequired,
    hint,
    example: /, e\.g\. (.*)$/.exec(hint)?.[1] ?? '',
    choices: listOf(property.enum).map(textOf),
    isRare: RARE.includes(name),
    ...(offers !== undefined && { offers }),
    ...numbers(property, { minLength: 'minLength', maxLength: 'maxLength', minimum: 'min', maximum: 'max' }),
  };
}

function kindOf({ type, enum: choices }: Fields): Field['kind'] {
  if (choices !== undefined) return 'choice';
  if (type === 'boolean') return 'switch';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'array') return 'lines';
  return type === 'object' ? 'json' : 'text';
}

function numbers(property: Fields, names: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([from, to]) => {
      const value = property[from];
      return typeof value === 'number' ? [[to, value]] : [];
    }),
  );
}

/** Empty fields are left out. What is no number or no JSON is sent as it is, so that the server says what is wrong. */
export function argumentsFrom(fields: readonly Field[], values: Values): Fields {
  return Object.fromEntries(
    fields.flatMap(({ name, kind }): [string, unknown][] => {
      const text = values[name] ?? '';
      if (text === '') return [];
      if (kind === 'lines') return [[name, linesOf(text)]];
      return [[name, kind === 'switch' || kind === 'number' || kind === 'json' ? parsed(text) : text]];
    }),
  );
}

/** The other way round: what stands in the form for these arguments. */
export function valuesFrom(args: Fields): Values {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(textOf).join('\n') : typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** One a line, or with commas between them. */
export function linesOf(text: string): string[] {
  return text
    .split(/[\n,;，、；]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
