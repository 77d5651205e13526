/** One search field over tools, actions, parameters and error codes. `/` leads to it from anywhere. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { usePage } from '../page.js';
import { Combobox } from '../parts/combobox.js';
import { entriesOf, search } from './search.js';

const ID = 'find';

export function Find() {
  const page = usePage();
  const { say } = page;
  const [text, setText] = useState('');
  const entries = useMemo(() => entriesOf(page), [page]);
  const found = useMemo(() => search(entries, text), [entries, text]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select');
      if (event.key !== '/' || isTyping || document.querySelector('dialog[open]') !== null) return;
      event.preventDefault();
      document.getElementById(ID)?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return (
    <div class="find" role="search">
      <Combobox
        id={ID}
        label={say('find')}
        placeholder={say('findExample')}
        value={text}
        options={found}
        {...(text.trim() !== '' && { nothing: say('nothingFound') })}
        onText={setText}
        onPick={({ value }) => {
          setText('');
          location.hash = value;
          // Also where it is the view that is shown already.
          document.querySelector<HTMLElement>('main h1')?.focus();
        }}
      />
    </div>
  );
}
