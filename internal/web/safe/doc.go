// Package safe is the door of masks: the safe origin, an address of its own at
// which nothing tells who somebody is.
//
//	POST /m               a visit, see docs/PASSES.md
//	POST /letters         visits that a letterbox brings, many at once, sealed; answered likewise
//	POST /mail            a platform's mail, answered by a blind pass that stands for one vouch
//	GET  /keys?space=ID   issuer keys, the same bytes as at the hall
//
// It promises: a request that carries a cookie, a sign-in or a referrer is refused
// before its body is read; browsers may come from the hall's own pages only; what
// else a request says of its sender (address, agent, language beyond the answer's)
// is neither kept nor counted nor logged; every answer closes its connection, may
// not be stored and has no tag. Failures are counted in memory and told once a
// tick, so that no log line carries the moment of a visit. A mail is looked at in
// memory and forgotten.
//
// It refuses to know accounts, faces, and who comes how often: the only keys it
// counts by, in memory, are those that sign visits, a reader's of one day or a mask's.
package safe
