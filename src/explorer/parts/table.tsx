/** A table that scrolls sideways where it is too wide, so the keyboard has to reach it. */
import type { ComponentChildren } from 'preact';

type Props = {
  label: string;
  columns: readonly { title: string; isNumber?: boolean; isHidden?: boolean }[];
  class?: string;
  /** Rows of cells. */
  children: ComponentChildren;
};

export function Table({ label, columns, class: more = '', children }: Props) {
  return (
    <div class={`table ${more}`} tabIndex={0} role="group" aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, isNumber = false, isHidden = false }) => (
              <th key={title} scope="col" class={isNumber ? 'right' : ''}>
                <span class={isHidden ? 'visually-hidden' : ''}>{title}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
