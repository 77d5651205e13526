/** One field: its label, what it takes, and what is wrong with what stands in it. */
import { useEffect, useId } from 'preact/hooks';
import type { Offer } from '../offers.js';
import { usePage } from '../page.js';
import { Combobox, type Option } from '../parts/combobox.js';
import { createStore, useStore } from '../store.js';
import type { Field } from './fields.js';
import { linesOf } from './fields.js';

type Props = {
  field: Field;
  value: string;
  /** Limits what is offered to one region. */
  regionId: string;
  problem: string | undefined;
  onChange(value: string, regionId?: string): void;
};

export function FieldInput({ field, value, regionId, problem, onChange }: Props) {
  const { say } = usePage();
  const id = useId();
  const { name, kind, isRequired, choices } = field;
  const hint = say.argumentHint(name, field.hint);
  const described = `${id}-hint${problem === undefined ? '' : ` ${id}-problem`}`;
  const common = {
    id,
    'aria-describedby': described,
    'aria-invalid': problem !== undefined,
    'aria-required': isRequired,
    value,
    spellcheck: false,
    autocomplete: 'off' as const,
    onInput: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  return (
    <div class={`field ${problem === undefined ? '' : 'wrong'}`}>
      {kind === 'switch' ? (
        <label class="switch">
          <input
            type="checkbox"
            aria-describedby={described}
            checked={value === 'true'}
            onChange={(event) => onChange(event.currentTarget.checked ? 'true' : '')}
          />
          {say.argument(name)}
          <code>{name}</code>
        </label>
      ) : (
        <label for={id}>
          {say.argument(name)}
          {isRequired && <span class="required">{say('required')}</span>}
          <code>{name}</code>
        </label>
      )}
      {kind === 'choice' && (
        <select {...common}>
          <option value="">{isRequired ? say('choose') : say('leftOut')}</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      )}
      {kind === 'number' && <input {...common} type="number" min={field.min} max={field.max} />}
      {(kind === 'lines' || kind === 'json') && <textarea {...common} rows={kind === 'lines' ? 5 : 3} />}
      {kind === 'text' &&
        (field.offers === undefined ? (
          <input {...common} type="text" placeholder={field.example} />
        ) : (
          <OfferInput {...{ field, value, regionId, id, described, onChange }} isInvalid={problem !== undefined} />
        ))}
      <p id={`${id}-hint`} class="hint">
        {kind === 'lines' ? `${say('onePerLine', { count: linesOf(value).length })} ${hint}` : hint}
        {field.maxLength !== undefined && kind === 'text' && value !== '' && (
          <span class={Array.from(value).length > field.maxLength ? 'count over' : 'count'}>
            {Array.from(value).length} / {field.maxLength}
          </span>
        )}
      </p>
      {problem !== undefined && (
        <p id={`${id}-problem`} class="problem">
          {problem}
        </p>
      )}
    </div>
  );
}

type OfferProps = Omit<Props, 'problem'> & { id: string; described: string; isInvalid: boolean };

const NOTHING = createStore<readonly Offer[]>([]);
const MAX_SHOWN = 50;

function OfferInput({ field, value, regionId, id, described, isInvalid, onChange }: OfferProps) {
  const { offers, say } = usePage();
  const { name, isRequired, offers: kind } = field;
  const all = useStore(kind === undefined ? NOTHING : offers.of(kind));
  useEffect(() => {
    if (kind !== undefined) offers.load(kind);
  }, [kind, offers]);
  const chosen = all.find((offer) => offer.value === value);
  const typed = chosen === undefined ? value.toLowerCase() : '';
  const every: Option[] = field.hint.startsWith('Region or all')
    ? [{ value: 'all', label: 'all', detail: say('allRegions') }]
    : [];
  const options = [...every, ...all.filter((offer) => fits(offer, typed, regionId))].slice(0, MAX_SHOWN);
  return (
    <>
      <Combobox
        id={id}
        value={value}
        options={options}
        placeholder={say('chooseOrType')}
        label={say.argument(name)}
        describedBy={described}
        isInvalid={isInvalid}
        isRequired={isRequired}
        onText={(text) => onChange(text)}
        onPick={(option) => onChange(option.value, all.find((offer) => offer.value === option.value)?.regionId)}
      />
      {chosen !== undefined && (
        <p class="chosen">
          <strong>{chosen.label}</strong> {chosen.regionId ?? ''}
        </p>
      )}
    </>
  );
}

function fits({ value, label, detail, regionId }: Offer, typed: string, wantedRegion: string): boolean {
  const inRegion = regionId === undefined || ['', 'all', regionId].includes(wantedRegion);
  return (typed === '' ? inRegion : true) && `${value} ${label} ${detail}`.toLowerCase().includes(typed);
}
