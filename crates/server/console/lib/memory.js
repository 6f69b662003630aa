// What this browser remembers: language, theme, handsets. Without storage it forgets, no more.

export const memory = {
  /** @template T @param {string} key @param {T} otherwise @returns {T} */
  get(key, otherwise) {
    try {
      const text = localStorage.getItem(`offhook.${key}`);
      return text === null ? otherwise : JSON.parse(text);
    } catch {
      return otherwise;
    }
  },
  /** @param {string} key @param {any} value */
  set(key, value) {
    try {
      localStorage.setItem(`offhook.${key}`, JSON.stringify(value));
    } catch {
      // A browser that keeps nothing works all the same.
    }
  },
};
