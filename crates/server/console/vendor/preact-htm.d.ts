// The part of Preact and htm that the console uses.
export type Child = unknown;
export type Props = Record<string, any>;
export function html(strings: TemplateStringsArray, ...values: any[]): any;
export function render(child: Child, parent: Element): void;
export function h(type: any, props?: Props | null, ...children: any[]): any;
export class Component<P = any, S = any> {
  constructor(props?: P);
  props: P;
  state: S;
  setState(change: Partial<S>): void;
  componentDidCatch?(error: any): void;
  render(props?: any, state?: any): any;
}
export function createContext<T>(value: T): { Provider: any; Consumer: any };
export function useState<T>(first: T | (() => T)): [T, (next: T | ((was: T) => T)) => void];
export function useReducer<S, A>(reducer: (was: S, action: A) => S, first: S): [S, (action: A) => void];
export function useEffect(effect: () => void | (() => void), deps?: any[]): void;
export function useLayoutEffect(effect: () => void | (() => void), deps?: any[]): void;
export function useRef<T>(first: T): { current: T };
export function useMemo<T>(make: () => T, deps?: any[]): T;
export function useCallback<T extends Function>(fn: T, deps?: any[]): T;
export function useContext<T>(context: any): T;
export function useErrorBoundary(fn?: (error: any) => void): [any, () => void];
