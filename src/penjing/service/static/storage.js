// What the browser remembers for this page; where visitors forbid it that, nothing.

const reached = (kind) => {
  try {
    return window[kind];
  } catch {
    return null;
  }
};

export const kept = reached("localStorage"); // from visit to visit
export const session = reached("sessionStorage"); // until the tab is closed
