/** Keys and indexes that lead from the top of a document to a place in it. */
export type Path = readonly (string | number)[];
