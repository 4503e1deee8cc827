/** A dashboard is 24 columns wide. */
const columns = 24;

/** The width of each of so many widgets in one row, and the height of all. */
export const sizeOf = (widgets: number) => ({ width: Math.floor(columns / widgets), height: 6 });
