/** A text field with a list of what fits, by mouse and by keyboard. Source of the pattern: WAI-ARIA, combobox with list. */
import { useId, useRef, useState } from 'preact/hooks';

export type Option = { value: string; label: string; detail: string; kind?: string };

type Props = {
  id?: string;
  label?: string;
  value: string;
  /** Those that fit, the best first. */
  options: readonly Option[];
  placeholder?: string;
  describedBy?: string | undefined;
  isInvalid?: boolean;
  isRequired?: boolean;
  /** What to say where nothing fits; without it, no list is shown then. */
  nothing?: string;
  onText(text: string): void;
  onPick(option: Option): void;
};

export function Combobox(props: Props) {
  const { id, label, value, options, placeholder, describedBy, isInvalid, isRequired, nothing, onText, onPick } = props;
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const isShown = isOpen && (options.length > 0 || nothing !== undefined);

  function move(to: number): void {
    setOpen(true);
    setActive(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  }
  function pick(option: Option): void {
    setOpen(false);
    setActive(-1);
    onPick(option);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const last = options.length - 1;
    const chosen = options[active];
    if (event.key === 'ArrowDown') move(active >= last ? 0 : active + 1);
    else if (event.key === 'ArrowUp') move(active <= 0 ? last : active - 1);
    else if (event.key === 'Enter' && isShown && chosen !== undefined) pick(chosen);
    else if (event.key === 'Escape' && isShown) setOpen(false);
    else return;
    event.preventDefault();
  }

  return (
    <div class="combobox">
      <input
        id={id}
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isShown && active >= 0 ? `${listId}-${active}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={isInvalid}
        aria-required={isRequired}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        placeholder={placeholder}
        value={value}
        onInput={(event) => {
          setOpen(true);
          setActive(-1);
          onText(event.currentTarget.value);
        }}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      {/* A click must not take the focus away from the field. */}
      <ul
        id={listId}
        ref={list}
        role="listbox"
        aria-label={label ?? placeholder ?? value}
        hidden={!isShown}
        onMouseDown={(event) => event.preventDefault()}
      >
        {isShown &&
          options.map((option, index) => (
            <li
              key={`${option.kind} ${option.value}`}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === active}
              onClick={() => pick(option)}
            >
              <span class="option-label">{option.label}</span>
              {option.kind !== undefined && <span class="option-kind">{option.kind}</span>}
              <span class="option-detail">{option.detail}</span>
            </li>
          ))}
        {isShown && options.length === 0 && (
          <li role="option" aria-disabled="true" aria-selected={false} class="nothing">
            {nothing}
          </li>
        )}
      </ul>
    </div>
  );
}
