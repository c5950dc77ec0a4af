// Command retaliation measures how well somebody who holds everything a hall
// stores and shows can tell which account a mask belongs to. It drives the real
// program over HTTP with simulated members on an injected clock, takes the
// evidence that an adversary would have, and attacks it.
//
// Evidence, each with all that comes before it:
//
//	E1   what every reader sees, looked at after each tick
//	E2   the files at the end, byte for byte, with logs and file times
//	E2r  the files of every night: what is new in them, and which rows have gone
//	E3   every request as it happened, the address of mask requests hidden
//
// For each mask the adversary gives every candidate a likelihood. He knows the
// program and its rules, and has learnt from other halls of the same kind, of
// which he knows the truth, what an author's traces look like beside somebody
// else's; so no rule of the hall has to be guessed. Adv = (p − b)/(1 − b), p
// being how often his first choice is right and b the mean of 1/candidates; the
// bound is the one-sided 95 % bound of a bootstrap over halls.
//
// A figure is believed because of the controls: each plants one leak that the
// hall is built to have not, and the adversary must find it.
package main
