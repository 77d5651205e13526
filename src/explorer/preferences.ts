/** Language and colours: kept for this tab, so that closing it leaves nothing behind. */
import { keep, kept } from './link/tab-storage.js';
import { createStore, type Store } from './store.js';
import type { Language } from './texts.js';

/** As CSS has it. */
export type Theme = 'light dark' | 'light' | 'dark';

export const language = preference<Language>('language', navigator.language.startsWith('zh') ? 'zh' : 'en', [
  'en',
  'zh',
]);
export const theme = preference<Theme>('theme', 'light dark', ['light dark', 'light', 'dark']);

export function followPreferences(): void {
  const apply = (): void => {
    document.documentElement.style.colorScheme = theme.get();
    document.documentElement.lang = language.get() === 'zh' ? 'zh-CN' : 'en';
  };
  theme.subscribe(apply);
  language.subscribe(apply);
  apply();
}

function preference<T extends string>(key: string, first: T, accepted: readonly T[]): Store<T> {
  const before = kept(key);
  const store = createStore<T>(accepted.find((value) => value === before) ?? first);
  store.subscribe(() => keep(key, store.get()));
  return store;
}
