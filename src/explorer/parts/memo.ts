/** A component that is drawn anew only when one of its properties changed. */
import { Component, createElement, type FunctionComponent } from 'preact';

export function memo<Props extends object>(draw: FunctionComponent<Props>): new () => Component<Props> {
  return class extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const keys = Object.keys({ ...this.props, ...next }) as (keyof Props)[];
      return keys.some((key) => this.props[key] !== next[key]);
    }

    override render() {
      return createElement(draw, this.props);
    }
  };
}
