// Package account is the door behind which a member meets her own account:
// joining, signing in, settings, what is stored about her, taking everything
// along, and leaving. It is the only package of pages that sees a member.
//
// It promises: joining, signing in and every setting work without scripts; a
// code is shown on one page for ten minutes and stands in no address; signing in
// takes the same time for a name nobody has; a form that fails comes back with
// all that was typed; no page of it is kept by any cache.
//
// It refuses to know what pages about texts look like, and it tells no other
// door which account a face belongs to.
package account
