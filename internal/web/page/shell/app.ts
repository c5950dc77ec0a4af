// The base module of every page. Everything here makes a page nicer; nothing
// here is needed to read, write or decide.
export {};
