// Package accountpage shows a member her own account, and newcomers the way in.
//
// It promises that every form works without scripts and comes back with what was
// typed; secrets stand only in the pages that say so. What the elements of
// account.js need is rendered here, as docs/ACCOUNTS.md fixes it. It refuses to
// know members: the door hands it plain words.
package accountpage
